/** Arguments of the commands that are not `start`: a few options of their own. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError, USAGE } from './error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Throws `CommandError` for what it does not know. */
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

/** One line of progress on a terminal, replaced by the next; nothing where no person looks. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
