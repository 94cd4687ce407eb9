/**
 * The command line: finds the command, runs it, and reports every known failure as one line and an exit code. A
 * command is loaded when it is run, so that `--help` and `healthcheck` start quickly.
 */
import { ConfigError, refuseTaken } from '../config/index.ts';
import { textWidth } from './columns.ts';
import { CommandError, USAGE } from './error.ts';
import { helpText } from './help.ts';
import { surviveFailedOutput } from './output.ts';
import { printable } from './printable.ts';
import { packageVersion } from './version.ts';

type Command = (argv: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).start,
  doctor: async () => (await import('./doctor.ts')).doctor,
  copy: async () => (await import('./copy.ts')).copy,
  import: async () => (await import('./import.ts')).importMail,
  export: async () => (await import('./export.ts')).exportMail,
  mcp: async () => (await import('./mcp/index.ts')).mcp,
  sendmail: async () => (await import('./sendmail/index.ts')).sendmail,
  check: async () => (await import('./check.ts')).check,
  mailpit: async () => (await import('./mailpit.ts')).mailpit,
  mailhog: async () => (await import('./mailhog.ts')).mailhog,
  maildev: async () => (await import('./mailhog.ts')).maildev,
  healthcheck: async () => (await import('./healthcheck.ts')).healthcheck,
};

/**
 * Returns whether `argv` contains an option such as `--help` in its long or short form. The short form is
 * ignored for the command sendmail, which uses `-h` and `-V` for other purposes.
 */
function asks(argv: readonly string[], long: string, short: string): boolean {
  return argv.some((argument) => argument === long || (argument === short && argv[0] !== 'sendmail'));
}

/** Runs the command that `argv` names, or `start` if it names none; resolves with the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const named = argv[0] !== undefined && !argv[0].startsWith('-');
  const name = named ? (argv[0] ?? '') : 'start';
  surviveFailedOutput(name === 'start' || name === 'mcp');
  if (asks(argv, '--help', '-h')) {
    process.stdout.write(helpText(name, textWidth(process.stdout.columns)));
    return 0;
  }
  if (asks(argv, '--version', '-V')) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  try {
    refuseTaken(process.env);
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined) {
      throw new CommandError(`Unknown command ${name}; known: ${Object.keys(commands).join(', ')}`, USAGE);
    }
    const command = await load();
    return await command(named ? argv.slice(1) : argv);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof CommandError)) throw error;
    process.stderr.write(`restante: ${printable(error.message)}\n`);
    return error instanceof CommandError ? error.exitCode : USAGE;
  }
}
