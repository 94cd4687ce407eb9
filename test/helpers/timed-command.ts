/** The command line of what runs for as long as it is told: words that choose, `--seconds N`, `--help`. */
import { parseArgs } from 'node:util';

export interface TimedCommand {
  readonly words: readonly string[];
  readonly seconds: number;
}

/** Reads the arguments of this process; answers `--help` and what is wrong, and then ends it. */
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
    // Node adds how to have a word that begins with a dash, which nobody wants here.
    const [first] = (error as Error).message.split('. ');
    refuse(`${first ?? ''}. See npm run ${name} -- --help.`);
  }
}

/** One line for whoever typed it, and the exit code of a wrong command line. */
export function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
