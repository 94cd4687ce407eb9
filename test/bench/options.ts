/** Parses the command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import { pairTargets, type Target } from './target.ts';

export interface BenchOptions {
  /** The names of the parts to run, as typed; empty for all parts. */
  readonly parts: readonly string[];
  readonly json: boolean;
  readonly write: boolean;
  readonly help: boolean;
  readonly rounds: number;
  /** The largest number of stored messages that the part `search` measures. */
  readonly most: number;
  readonly targets: readonly Target[];
}

/** An error in the command line, with a message of one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Maximum number of rounds: more would take days. */
const MOST_ROUNDS = 100;

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (/^\d+$/.test(text) && rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  throw new UsageError(
    `--rounds takes a whole number from 1 to ${MOST_ROUNDS}, not ${JSON.stringify(text)}.`,
  );
}

function mostOf(text: string): number {
  if (/^\d{4,9}$/.test(text)) return Number(text);
  throw new UsageError(`--most takes a number of messages from 1000 on, not ${JSON.stringify(text)}.`);
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['smtp:', 'http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new UsageError(
      `--target takes smtp://HOST:PORT or http://HOST:PORT[/LIST], not ${JSON.stringify(text)}.`,
    );
  }
  return url;
}

/**
 * Returns whether an argument is a URL. In `--target smtp://… http://…`, the parser returns the second URL among the
 * names of the parts.
 */
const isAddress = (text: string): boolean => /^\w+:\/\//.test(text);

/**
 * Parses the command line.
 *
 * @throws UsageError with a message of one line for the user
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, tokens } = parse(args);
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? token.value : []));
  const addresses = tokens.flatMap((token) => {
    if (token.kind === 'positional') return isAddress(token.value) ? [token.value] : [];
    return token.kind === 'option' && token.name === 'target' ? [token.value] : [];
  });
  return {
    parts: words.filter((word) => !isAddress(word)),
    json: values.json,
    write: values.write,
    help: values.help,
    rounds: roundsOf(values.rounds),
    most: mostOf(values.most),
    targets: pairTargets(addresses.map(addressOf)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
        rounds: { type: 'string', default: '3' },
        most: { type: 'string', default: '100000' },
        target: { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (error) {
    // Node appends a hint about arguments that begin with a dash, which is not useful here.
    const [first] = (error as Error).message.split('. ');
    throw new UsageError(`${first ?? ''}. See npm run bench -- --help.`);
  }
}

/**
 * Returns the help text.
 * @param parts the names of all parts
 */
export const usage = (parts: readonly string[]): string => `Usage: npm run bench -- [PART…] [options]

Measures every performance budget together with a baseline or a competing server in the same run. The results are
medians of alternating rounds, with their range. Without PART, it runs all parts, which takes about half an hour.

Parts: ${parts.join(' ')}

  --rounds N        number of rounds of each measurement (default: 3)
  --most N          largest number of stored messages that the part search measures (default: 100000)
  --target ADDRESS  another server to measure: smtp://HOST:PORT for capture, http://HOST:PORT for its message list
                    (repeatable; add the path of the list if it is not a known one). Give both addresses of one
                    server together: --target smtp://localhost:1025 http://localhost:8025
  --json            print the rows as JSON instead of a table
  --write           write the table into docs/benchmarks.md, and the pictures beside it; with PART, only the pictures
  --help            print this help

The servers of --target must be running, and must store the messages that they receive.
`;
