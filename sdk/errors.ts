/**
 * The errors of requests to the server, and of selecting a value (a code, a link, an attachment) in a
 * message.
 */
import type { Problem, WaitTimeout } from '../contract/index.ts';

/**
 * The error that is thrown when the server refused a request or failed; `problem` is the server's problem
 * document (RFC 9457).
 */
export class RestanteError extends Error {
  override readonly name: string = 'RestanteError';
  readonly status: number;
  /** The type of the problem, `urn:restante:…`, which is stable between versions. */
  readonly type: string;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.type = problem.type;
    this.problem = problem;
  }
}

/**
 * The error for a wait that timed out on the server; `timeout` lists the messages that arrived, and why they
 * did not match.
 */
export class WaitTimeoutError extends RestanteError {
  override readonly name = 'WaitTimeoutError';
  readonly timeout: WaitTimeout;

  constructor(timeout: WaitTimeout) {
    super(timeout);
    this.timeout = timeout;
  }
}

/** The error that is thrown if a message has no value (code, link, attachment) of the requested kind. */
export class NotInMessageError extends Error {
  override readonly name = 'NotInMessageError';

  /**
   * @param wanted the kind of value that was requested, for the error text
   *
   * @param others the values of this kind that the message has
   */
  constructor(wanted: string, others: readonly string[]) {
    super(`The message has no ${wanted}${listed(others, '; it has', ' at all')}`);
  }
}

/**
 * The error that is thrown if several values of a message match equally well, so that selecting one of them
 * would be a guess.
 */
export class AmbiguousError extends Error {
  override readonly name = 'AmbiguousError';
  readonly candidates: readonly string[];

  constructor(wanted: string, candidates: readonly string[], help: string) {
    super(`More than one ${wanted} matches: choose one with ${help}${listed(candidates, '')}`);
    this.candidates = candidates;
  }
}

const listed = (lines: readonly string[], lead: string, none = ''): string =>
  lines.length === 0 ? none : `${lead}\n${lines.map((line) => `  ${line}`).join('\n')}`;

/**
 * The error that is thrown if the server could be reached before, but can no longer be reached. `cause` is
 * the error of the last attempt.
 */
export class SandboxLostError extends Error {
  override readonly name = 'SandboxLostError';
  readonly code = 'SANDBOX_LOST';

  constructor(url: string, cause: unknown) {
    super(`The sandbox at ${url} does not respond: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Returns the reason of an error as a text. For an error of `fetch`, the reason is the message of the error's
 * `cause`.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
