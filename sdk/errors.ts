/** What a call to the server can fail with. */
import type { Problem, WaitTimeout } from '../server/api/contract.ts';

/** The server refused or could not do what was asked; `problem` is its RFC 9457 document. */
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

/** A wait whose time was up; `timeout` says what did arrive, and why it did not match. */
export class WaitTimeoutError extends RestanteError {
  override readonly name = 'WaitTimeoutError';
  readonly timeout: WaitTimeout;

  constructor(timeout: WaitTimeout) {
    super(timeout);
    this.timeout = timeout;
  }
}
