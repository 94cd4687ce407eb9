/** Handles failures of standard output and standard error: they neither stop a server nor print a stack trace. */
import { systemWords } from '../net/system-words.ts';
import { FAILED } from './error.ts';

/** The error codes of an output whose reader is gone: a closed pipe or a closed terminal. */
const NO_READER = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/**
 * Keeps the process running when standard output or standard error fails. If the reader has closed the pipe,
 * nothing is reported, because the reader did so on purpose. After any other failure, such as a full disk, a
 * command ends with the exit code `FAILED`, because its output is incomplete.
 *
 * @param isServer whether the process is a server, whose work does not depend on the output
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
