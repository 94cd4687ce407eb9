/**
 * `restante mailhog …` and `restante maildev …`: the command lines of MailHog and MailDev. In the image, the commands
 * `mailhog`, `MailHog` and `maildev` call them.
 */
import { maildevFlags } from '../config/tools/maildev.ts';
import { mailhogFlags } from '../config/tools/mailhog.ts';
import { CommandError, USAGE } from './error.ts';
import { packageVersion } from './version.ts';

/**
 * Starts the server in place of a tool, with the tool's options in `flags`. They are added to the environment
 * variables, because all parts of the program read the options of another tool from the environment.
 */
async function startAs(
  tool: 'mailhog' | 'maildev',
  flags: Readonly<Record<string, string>>,
): Promise<number> {
  Object.assign(process.env, flags);
  return (await import('./start.ts')).start(['--as', tool]);
}

function printVersion(tool: string): number {
  process.stdout.write(`restante v${packageVersion()}, in place of ${tool}\n`);
  return 0;
}

/** The flags of `mailhog sendmail` with a long name, each with the flag of `restante sendmail`. */
const SENDMAIL_FLAGS: Readonly<Record<string, string>> = { 'smtp-addr': '-S', from: '-f' };

/** Converts the arguments of `mailhog sendmail` to arguments of `restante sendmail`; adds `-t` if it is absent. */
function sendmailArguments(argv: readonly string[]): string[] {
  const rest = argv.flatMap((argument) => {
    const [, name = '', value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const flag = Object.hasOwn(SENDMAIL_FLAGS, name) ? SENDMAIL_FLAGS[name] : undefined;
    if (flag === undefined) return [argument];
    return value === undefined ? [flag] : [flag, value];
  });
  return rest.includes('-t') ? rest : ['-t', ...rest];
}

export async function mailhog(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv;
  if (first === 'sendmail')
    return (await import('./sendmail/index.ts')).sendmail(sendmailArguments(argv.slice(1)));
  if (/^--?version$/.test(first)) return printVersion('mailhog');
  if (first !== '' && !first.startsWith('-'))
    throw new CommandError(`mailhog: unknown command ${first}; known: sendmail`, USAGE);
  return startAs('mailhog', mailhogFlags(argv));
}

export async function maildev(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv;
  if (/^(?:-V|--version)$/.test(first)) return printVersion('maildev');
  return startAs('maildev', maildevFlags(argv));
}
