/** The error of a failed command, and the exit codes. */

/** Exit codes: `USAGE` for an invalid command line, `FAILED` for a command that could not do its work. */
export const USAGE = 2;
export const FAILED = 1;

/**
 * The error for a failure that the user can fix; its message is printed as one line without a stack trace.
 */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = FAILED) {
    super(message);
    this.exitCode = exitCode;
  }
}
