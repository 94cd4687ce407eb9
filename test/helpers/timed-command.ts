/**
 * Parses the command line of a script that runs for a given time: words that select its parts, `--seconds N`,
 * `--help`.
 */
import { parseArgs } from 'node:util';

export interface TimedCommand {
  readonly words: readonly string[];
  readonly seconds: number;
}

/** Parses the arguments of this process. For `--help` and for invalid arguments, prints a text and exits. */
export function timedCommand(name: string, usage: string, seconds: number): TimedCommand {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: String(seconds) },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (Number(values.seconds) > 0) return { words: positionals, seconds: Number(values.seconds) };
    refuse(`--seconds takes a number above 0, not ${JSON.stringify(values.seconds)}.`);
  } catch (error) {
    // Node appends a hint about arguments that begin with a dash, which is not useful here.
    const [first] = (error as Error).message.split('. ');
    refuse(`${first ?? ''}. See npm run ${name} -- --help.`);
  }
}

/** Prints one line about a wrong command line, and exits with the code for usage errors. */
export function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
