/** How a command says that it could not do its work. */

/** Exit codes: the command line was wrong; the work could not be done. */
export const USAGE = 2;
export const FAILED = 1;

/** A failure that the user can act on: one line, no stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = FAILED) {
    super(message);
    this.exitCode = exitCode;
  }
}
