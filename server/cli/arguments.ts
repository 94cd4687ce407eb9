/** Parses the arguments of all commands except `start`; these commands have a few options of their own. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError, USAGE } from './error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses the arguments of a command. Throws `CommandError` for unknown or invalid arguments. */
export function readArguments<const T extends Options>(
  command: string,
  argv: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ');
    throw new CommandError(`${command}: ${message}; see --help`, USAGE);
  }
}

/**
 * Shows one line of progress on a terminal; the next call replaces the line. Writes nothing when standard
 * error is not a terminal.
 */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
