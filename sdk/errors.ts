/** The errors of requests to the server, and of picking a value of a message. */
import type { Problem, WaitTimeout } from '../contract/index.ts';

/** The server refused a request or failed; `problem` is its problem document (RFC 9457). */
export class RestanteError extends Error {
  override readonly name: string = 'RestanteError';
  readonly status: number;
  /** `urn:restante:…`, stable. */
  readonly type: string;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.type = problem.type;
    this.problem = problem;
  }
}

/** The server's response to a wait whose time is up; `timeout` lists the messages that arrived, and why they did not match. */
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

/** Several values are equally good, so that picking one would be a guess. */
export class AmbiguousError extends Error {
  override readonly name = 'AmbiguousError';
  readonly candidates: readonly string[];

  constructor(wanted: string, candidates: readonly string[], help: string) {
    super(`More than one ${wanted}: say which by ${help}${listed(candidates, '')}`);
    this.candidates = candidates;
  }
}

const listed = (lines: readonly string[], lead: string, none = ''): string =>
  lines.length === 0 ? none : `${lead}\n${lines.map((line) => `  ${line}`).join('\n')}`;

/** The server cannot be reached any more. `cause` is the error of the last attempt. */
export class SandboxLostError extends Error {
  override readonly name = 'SandboxLostError';
  readonly code = 'SANDBOX_LOST';

  constructor(url: string, cause: unknown) {
    super(`The sandbox at ${url} does not answer: ${reasonOf(cause)}`, { cause });
  }
}

/** The reason in words. `fetch` has it in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
