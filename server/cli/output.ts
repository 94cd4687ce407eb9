/** Standard output and standard error that cannot be written: no reason to stop a server, nor to print a stack trace. */
import { systemWords } from '../net/system-words.ts';
import { FAILED } from './error.ts';

/** Codes of an output whose reader is gone: a closed pipe, a terminal that was closed. */
const NO_READER = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/**
 * Goes on when an output fails. Without a reader the process does so silently: the reader closed the
 * pipe on purpose. Any other failure, such as a full disk, makes a command end with `FAILED`, because its output is incomplete.
 *
 * @param isServer whether the work is done without the output
 */
export function surviveFailedOutput(isServer: boolean): void {
  let failed = false;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (failed || NO_READER.has(error.code ?? '')) return;
    failed = true;
    process.stderr.write(`restante: standard output cannot be written: ${systemWords(error)}\n`);
  });
  process.on('exit', () => {
    if (failed && !isServer && process.exitCode === 0) process.exitCode = FAILED;
  });
}
