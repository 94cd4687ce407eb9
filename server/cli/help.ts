/** Creates the text of `--help` from the table of options, so that the text lists all options. */
import { flagName, optionKeys, options, variableName, type OptionKey } from '../config/index.ts';
import { row, wrap } from './columns.ts';

/** The help of one command: its usage, its purpose, and its own options with their descriptions. */
interface CommandHelp {
  readonly usage: string;
  readonly does: string;
  readonly options: readonly (readonly [option: string, means: string])[];
}

/**
 * The help of all commands, in the order in which they are shown. For the command `start`, the options come
 * from the server's table of options.
 */
const commands: Readonly<Record<string, CommandHelp>> = {
  start: { usage: '[start] [options]', does: 'Run the server until it is stopped', options: [] },
  mcp: {
    usage: 'mcp [--url URL] [options]',
    does: 'Serve agents (MCP) on standard input and output; start a sandbox in memory if none runs',
    options: [
      ['--url URL', 'Use the running server with this address; also RESTANTE_URL'],
      ['[options]', 'The options of start, for the sandbox that is started'],
    ],
  },
  doctor: {
    usage: 'doctor [--repair] [--data DIR | --store URL]',
    does: 'Check a data directory, and repair it; or check a database',
    options: [
      ['--repair', 'Repair the problems, if possible'],
      ['--data DIR', 'The data directory; by default the one that start uses'],
      ['--store URL', 'The database, which is only checked'],
    ],
  },
  copy: {
    usage: 'copy --from DIR --to URL',
    does: 'Copy a data directory into an empty database',
    options: [
      ['--from DIR', 'The data directory, which no server uses; by default the one that start uses'],
      ['--to URL', 'The database: postgres://user:password@host:5432/name'],
    ],
  },
  import: {
    usage:
      'import PATH… [--from mailpit|mailhog|maildev] [--to URL | --data DIR | --store URL] [--account ADDRESS]',
    does: 'Import .eml files, mbox files and Maildirs',
    options: [
      [
        '--from TOOL',
        'The paths are URLs of Mailpit, MailHog or MailDev: import its messages, dates, tags and read marks',
      ],
      ['--to URL', 'Import into the running server with this address'],
      ['--data DIR', 'Import into a data directory that no server uses'],
      ['--store URL', 'Import into a database: postgres://user:password@host/name'],
      ['--account ADDRESS', 'Import into this account; by default into all'],
    ],
  },
  export: {
    usage:
      'export PATH [--format eml|mbox|maildir] [--from URL | --data DIR | --store URL] [--account ADDRESS] [--query Q]',
    does: 'Export captured mail',
    options: [
      ['--format eml|mbox|maildir', 'Write .eml files in a folder [eml], one mbox file, or a Maildir'],
      ['--from URL', 'Export from the running server with this address'],
      ['--data DIR', 'Export from a data directory that no server uses'],
      ['--store URL', 'Export from a database: postgres://user:password@host/name'],
      ['--account ADDRESS', 'Export the mail of this account; by default of all'],
      ['--query Q', 'Export only messages that match this query'],
    ],
  },
  check: {
    usage: 'check FILE… [--fail-on error|warning|info] [--budget FILE] [--client NAME]… [--json]',
    does: 'Check messages for problems with servers, filters and clients',
    options: [
      ['--fail-on SEVERITY', 'Exit with 1 for a finding of at least this severity [error]'],
      ['--budget FILE', 'File with severities and ignored rules; by default restante.checks.json'],
      ['--client NAME', 'A mail client to check for, e.g. gmail.* (repeatable)'],
      ['--json', 'Print everything as JSON'],
    ],
  },
  sendmail: {
    usage: 'sendmail [-t] [-i] [-f FROM] [-S HOST:PORT] [ADDRESS…]',
    does: 'Send the message on standard input, as sendmail does',
    options: [
      ['-t', 'Also send to the recipients in To, Cc and Bcc, and remove Bcc'],
      ['-i, -oi', 'Do not end the message at a line with only a dot'],
      ['-f, -r FROM', 'The reverse-path; by default Sender or From of the message'],
      ['-S HOST:PORT', 'Address of the server; by default that of the configuration'],
      ['-au USER, -ap PASSWORD', 'Log in'],
      ['-N WHEN, -R WHAT, -V ID', 'Delivery reports: NOTIFY, RET and ENVID of RFC 3461'],
      ['-bs', 'Use SMTP on standard input and output'],
      ['-F, -B, -o…, -e…, -q…, -v', 'Accepted for compatibility, without effect'],
    ],
  },
  mailpit: {
    usage: 'mailpit [readyz | sendmail | version] [flags of Mailpit]',
    does: 'Take the place of Mailpit’s command line',
    options: [
      ['readyz [--wait]', 'Exit with 0 when the server is ready'],
      ['sendmail', 'Send the message on standard input'],
      ['version', 'Print the version'],
      ['--listen, --smtp, …', 'Start the server with these flags and the MP_ variables of Mailpit'],
    ],
  },
  mailhog: {
    usage: 'mailhog [sendmail | --version] [flags of MailHog]',
    does: 'Take the place of MailHog’s command line',
    options: [
      ['sendmail', 'Send the message on standard input'],
      ['-smtp-bind-addr, …', 'Start the server with these flags and the MH_ variables of MailHog'],
    ],
  },
  maildev: {
    usage: 'maildev [--version] [flags of MailDev]',
    does: 'Take the place of MailDev’s command line',
    options: [
      ['--smtp, --web, …', 'Start the server with these flags and the MAILDEV_ variables of MailDev'],
    ],
  },
  healthcheck: {
    usage: 'healthcheck [--wait TIME] [options]',
    does: 'Exit with 0 when the server with these options is ready',
    options: [['--wait TIME', 'Repeat the request for this time, for example 30s']],
  },
};

/** The column of the help text in which the descriptions begin. */
const START = 34;

/** Returns the usage of a command, with further lines indented. */
const usageLines = (usage: string, width: number): string =>
  wrap(`restante ${usage.replaceAll(/\[[^\]]*\]/g, (group) => group.replaceAll(' ', '\u00A0'))}`, width - 6)
    .map((line, index) => `${' '.repeat(index === 0 ? 2 : 6)}${line.replaceAll('\u00A0', ' ')}\n`)
    .join('');

const overview = ({ usage, does }: CommandHelp, width: number): string =>
  usageLines(usage, width) + row('', does, 8, width);

const intro = (width: number): string => `Restante: the mail sandbox for developers.

Usage
${Object.values(commands)
  .map((each) => overview(each, width))
  .join('')}
\`restante COMMAND --help\` shows the options of a command.

Options of start (flag > environment > restante.config.json > default)
`;

const outro = (width: number): string =>
  row('--config FILE', 'Read options from this file', START, width) +
  row('', 'RESTANTE_CONFIG', START, width) +
  `  --help, --version\n\n` +
  `${wrap(
    '--no-… turns a switch off; a list in the environment is split at commas; the keys of the file are the names in ' +
      'camelCase, e.g. smtpPort.',
    width,
  ).join('\n')}\n`;

function shownDefault(key: OptionKey): string {
  const value: unknown = options[key].default;
  if (key === 'maxMessageSize') return ' [50MB]';
  if (key === 'maxInFlight') return ' [256MB]';
  if (typeof value === 'number') return value === 0 ? '' : ` [${value}]`;
  return typeof value === 'string' ? ` [${value}]` : '';
}

function line(key: OptionKey, width: number): string {
  const { placeholder, help } = options[key];
  const flag = placeholder === null ? flagName(key) : `${flagName(key)} ${placeholder}`;
  const text = `${help}${shownDefault(key)}`;
  return row(flag, text, START, width) + row('', variableName(key), START, width);
}

/**
 * Returns the help of a command.
 *
 * @param command the name of the command; for `start` or an unknown name, the general help is returned
 * @param width the maximum number of characters of a line
 */
export function helpText(command: string, width: number): string {
  const help = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (help === undefined || help.options.length === 0) {
    return intro(width) + optionKeys.map((key) => line(key, width)).join('') + outro(width);
  }
  const { usage, does, options: own } = help;
  const rows = own.map(([option, means]) => row(option, means, START, width));
  return `${does}.\n\nUsage\n${usageLines(usage, width)}\nOptions\n${rows.join('')}`;
}
