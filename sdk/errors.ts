/** What a call to the server can fail with. */
import type { OpenSession, Problem, WaitTimeout } from '../server/api/contract.ts';
import type { Message } from './message.ts';
import { describeSession, formatReport, type TimeoutReport } from './timeout-report.ts';

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

/** A message has nothing of the kind that was asked for. */
export class NotInMessageError extends Error {
  override readonly name = 'NotInMessageError';

  /** @param others what there is instead */
  constructor(wanted: string, others: readonly string[]) {
    super(`The message has no ${wanted}${listed(others, '; it has', ' at all')}`);
  }
}

/** More than one is as good as the other, so that any would be a guess. */
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

/** A wait's time was up. The message says what was looked for and what came instead; `report` has it as data. */
export class MailTimeoutError extends Error {
  override readonly name = 'MailTimeoutError';
  readonly code = 'MAIL_TIMEOUT';
  readonly report: TimeoutReport;

  constructor(report: TimeoutReport) {
    super(formatReport(report));
    this.report = report;
  }

  /** For reporters: the data, and the words. */
  toJSON(): object {
    return { name: this.name, code: this.code, message: this.message, ...this.report };
  }
}

/** Mail that should not have come, or that is on its way: for `waitForNone`, and the second match of `waitForOne`. */
export class UnexpectedMailError extends Error {
  override readonly name = 'UnexpectedMailError';
  readonly code = 'MAIL_UNEXPECTED';
  readonly messages: readonly Message[];
  /** SMTP sessions in the middle of a message, where one is waited for in vain. */
  readonly sessions: readonly OpenSession[];

  constructor(
    expectation: string,
    wanted: string,
    { messages = [], sessions = [] }: { messages?: readonly Message[]; sessions?: readonly OpenSession[] },
  ) {
    const lines = [...messages.map((message) => message.toString()), ...sessions.map(describeSession)];
    super([`Expected ${expectation}: ${wanted}`, ...lines.map((line) => `  ${line}`)].join('\n'));
    this.messages = messages;
    this.sessions = sessions;
  }
}

/** Nothing answered any more: the server is gone, or the way to it. `cause` is what the last attempt met. */
export class SandboxLostError extends Error {
  override readonly name = 'SandboxLostError';
  readonly code = 'SANDBOX_LOST';

  constructor(url: string, cause: unknown) {
    super(`The sandbox at ${url} does not answer: ${reasonOf(cause)}`, { cause });
  }
}

/** `fetch` puts what happened into the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
