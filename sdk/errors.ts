/** The errors of requests to the server, and of picking a value (a code, a link, an attachment) from a message. */
import type { Problem, WaitTimeout } from '../contract/index.ts';

/** The server refused a request or failed; `problem` is its problem document (RFC 9457). */
export class RestanteError extends Error {
  override readonly name: string = 'RestanteError';
  readonly status: number;
  /** The type of the problem, `urn:restante:…`; it does not change between versions. */
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
 * The server's response to a wait that timed out; `timeout` lists the messages that arrived, and why they did not
 * match.
 */
export class WaitTimeoutError extends RestanteError {
  override readonly name = 'WaitTimeoutError';
  readonly timeout: WaitTimeout;

  constructor(timeout: WaitTimeout) {
    super(timeout);
    this.timeout = timeout;
  }
}

/** A message has no value of the requested kind. */
export class NotInMessageError extends Error {
  override readonly name = 'NotInMessageError';

  /** @param others the values that the message has instead */
  constructor(wanted: string, others: readonly string[]) {
    super(`The message has no ${wanted}${listed(others, '; it has', ' at all')}`);
  }
}

/** Several values of a message match equally well, so that picking one of them would be a guess. */
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

/** The server could be reached before, but not any more. `cause` is the error of the last attempt. */
export class SandboxLostError extends Error {
  override readonly name = 'SandboxLostError';
  readonly code = 'SANDBOX_LOST';

  constructor(url: string, cause: unknown) {
    super(`The sandbox at ${url} does not respond: ${reasonOf(cause)}`, { cause });
  }
}

/** Returns the reason of an error as a text. For an error of `fetch`, the reason is the message of its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
