/** `--help`: made from the table of options, so that it is complete. */
import { flagName, optionKeys, options, variableName, type OptionKey } from '../config/index.ts';

/** One command: how it is called, what it does, and its own options, each with what it means. */
interface CommandHelp {
  readonly usage: string;
  readonly does: string;
  readonly options: readonly (readonly [option: string, means: string])[];
}

/** Commands in the order they are shown; `start` has the options of the table instead. */
const commands: Readonly<Record<string, CommandHelp>> = {
  start: { usage: '[start] [options]', does: 'Serve until stopped', options: [] },
  doctor: {
    usage: 'doctor [--repair] [--data DIR]',
    does: 'Check a data directory, and mend it',
    options: [
      ['--repair', 'Mend what can be mended'],
      ['--data DIR', 'The directory; by default the one that start uses'],
    ],
  },
  import: {
    usage: 'import PATH… [--to URL | --data DIR] [--account ADDRESS]',
    does: 'Bring in .eml files, mbox files and Maildirs',
    options: [
      ['--to URL', 'Into a running server, by its address'],
      ['--data DIR', 'Into a data directory that no server uses'],
      ['--account ADDRESS', 'For this account; by default for all'],
    ],
  },
  export: {
    usage:
      'export PATH [--format eml|mbox|maildir] [--from URL | --data DIR] [--account ADDRESS] [--query Q]',
    does: 'Write captured mail out',
    options: [
      ['--format eml|mbox|maildir', 'A folder of files [eml], one file, or a Maildir'],
      ['--from URL', 'Out of a running server, by its address'],
      ['--data DIR', 'Out of a data directory that no server uses'],
      ['--account ADDRESS', 'Of this account; by default of all'],
      ['--query Q', 'What matches, in the query language'],
    ],
  },
  check: {
    usage: 'check FILE… [--fail-on error|warning|info] [--budget FILE] [--client NAME]… [--json]',
    does: 'What real servers, filters and clients would say of messages',
    options: [
      ['--fail-on SEVERITY', 'Exit 1 for a finding as bad as this [error]'],
      ['--budget FILE', 'Severities and what to ignore; by default restante.checks.json'],
      ['--client NAME', 'A mail client that matters, e.g. gmail.* (repeatable)'],
      ['--json', 'Print everything as JSON'],
    ],
  },
  sendmail: {
    usage: 'sendmail [-t] [-i] [-f FROM] [-S HOST:PORT] [ADDRESS…]',
    does: 'Send the message on standard input, as sendmail does',
    options: [
      ['-t', 'To the recipients of To, Cc and Bcc too; Bcc is taken out'],
      ['-i, -oi', 'A line with only a dot does not end the message'],
      ['-f, -r FROM', 'The reverse-path; by default Sender or From of the message'],
      ['-S HOST:PORT', 'Where the server is; by default where these options say it listens'],
      ['-au USER, -ap PASSWORD', 'Log in'],
      ['-N WHEN, -R WHAT, -V ID', 'Delivery reports: NOTIFY, RET and ENVID of RFC 3461'],
      ['-bs', 'Speak SMTP on standard input and output'],
      ['-F, -B, -o…, -e…, -q…, -v', 'And what else only a mail system can act on: taken, without effect'],
    ],
  },
  healthcheck: {
    usage: 'healthcheck [--wait TIME] [options]',
    does: 'Exit 0 when the server with these options is ready',
    options: [['--wait TIME', 'Ask again for so long, for example 30s']],
  },
};

const row = (left: string, right: string): string => `  ${left.padEnd(30)} ${right}\n`;

function overview({ usage, does }: CommandHelp): string {
  const call = `restante ${usage}`;
  return call.length > 41 ? `  ${call}\n${' '.repeat(45)}${does}\n` : `  ${call.padEnd(42)} ${does}\n`;
}

const intro = `Restante: the mail sandbox for developers.

Usage
${Object.values(commands).map(overview).join('')}
\`restante COMMAND --help\` tells a command's own options.

Options of start (flag > environment > restante.config.json > default)
`;

const outro = `  --config FILE                   Read options from this file      RESTANTE_CONFIG
  --help, --version

A switch is taken back with --no-…; a list in the environment is split at commas; keys of the file are the
names in camelCase, e.g. smtpPort.
`;

function shownDefault(key: OptionKey): string {
  const value: unknown = options[key].default;
  if (key === 'maxMessageSize') return ' [50MB]';
  if (key === 'maxInFlight') return ' [256MB]';
  if (typeof value === 'number') return value === 0 ? '' : ` [${value}]`;
  return typeof value === 'string' ? ` [${value}]` : '';
}

function line(key: OptionKey): string {
  const { placeholder, help } = options[key];
  const flag = placeholder === null ? flagName(key) : `${flagName(key)} ${placeholder}`;
  return `  ${flag.padEnd(31)} ${help}${shownDefault(key)}\n  ${' '.repeat(31)} ${variableName(key)}\n`;
}

/** @param command whose own options are wanted; everything where there is none of that name, or it is `start` */
export function helpText(command: string): string {
  const help = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (help === undefined || help.options.length === 0) {
    return intro + optionKeys.map(line).join('') + outro;
  }
  const { usage, does, options: own } = help;
  return `${does}.\n\nUsage\n  restante ${usage}\n\nOptions\n${own.map((each) => row(...each)).join('')}`;
}
