/**
 * `restante mailpit …`: the command line of Mailpit. In the image, the command `mailpit` calls it, so that compose
 * files and health checks that name Mailpit's commands work without a change.
 */
import { mailpitFlags } from '../config/tools/mailpit.ts';
import { CommandError, USAGE } from './error.ts';
import { packageVersion } from './version.ts';

/** The time limit of `mailpit readyz --wait` without `--timeout`, in seconds. */
const WAIT = 30;

/** Separates the flags `--wait` and `--timeout TIME` of `readyz` from the flags of the server. */
function readyzArguments(argv: readonly string[]): { readonly wait: string[]; readonly rest: string[] } {
  const rest: string[] = [];
  let isWaiting = false;
  let timeout = `${WAIT}s`;
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    if (argument === '--wait') isWaiting = true;
    else if (argument.startsWith('--timeout=')) timeout = argument.slice('--timeout='.length);
    else if (argument === '--timeout') timeout = argv[++at] ?? timeout;
    else if (argument !== '--https') rest.push(argument);
  }
  return { wait: isWaiting ? ['--wait', timeout] : [], rest };
}

/** The flags of sendmail that have a value. */
const WITH_VALUE = /^-(?:S|f|F|B|e|o|r)$/;

/**
 * Converts the arguments of `mailpit sendmail` to arguments of `restante sendmail`. Mailpit's command reads the
 * recipients from the header if no recipient is given, and the address of the server and the sender from the
 * environment.
 */
function sendmailArguments(argv: readonly string[]): string[] {
  const { MP_SENDMAIL_SMTP_ADDR: server, MP_SENDMAIL_FROM: from } = process.env;
  const hasRecipient = argv.some(
    (argument, at) => !argument.startsWith('-') && !WITH_VALUE.test(argv[at - 1] ?? ''),
  );
  const needsHeader = !hasRecipient && !argv.includes('-t') && !argv.includes('-bs');
  return [
    ...(server === undefined ? [] : ['-S', server]),
    ...(from === undefined ? [] : ['-f', from]),
    ...(needsHeader ? ['-t'] : []),
    ...argv,
  ];
}

/**
 * Adds Mailpit's flags in `argv` to the environment variables, because all parts of the program read Mailpit's options
 * from the environment.
 */
const setFlags = (argv: readonly string[]): void => void Object.assign(process.env, mailpitFlags(argv));

export async function mailpit(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv;
  switch (first) {
    case 'readyz': {
      const { wait, rest } = readyzArguments(argv.slice(1));
      setFlags(rest);
      return (await import('./healthcheck.ts')).healthcheck(wait);
    }
    case 'sendmail':
      return (await import('./sendmail/index.ts')).sendmail(sendmailArguments(argv.slice(1)));
    case 'version':
      process.stdout.write(`restante v${packageVersion()}, in place of mailpit\n`);
      return 0;
    default:
      if (first !== '' && !first.startsWith('-'))
        throw new CommandError(`mailpit: unknown command ${first}; known: readyz, sendmail, version`, USAGE);
      setFlags(argv);
      return (await import('./start.ts')).start(['--as', 'mailpit']);
  }
}
