/** The errors of waits for mail in an inbox. */
import type { OpenSession } from '../contract/index.ts';
import type { Message } from './message.ts';
import { describeSession, formatReport, type TimeoutReport } from './timeout-report.ts';

/**
 * The error of a wait that found no matching message before its timeout. The error text lists the criteria
 * and the messages that arrived instead; `report` contains them as data.
 */
export class MailTimeoutError extends Error {
  override readonly name = 'MailTimeoutError';
  readonly code = 'MAIL_TIMEOUT';
  readonly report: TimeoutReport;

  constructor(report: TimeoutReport) {
    super(formatReport(report));
    this.report = report;
  }

  /** Returns the report and the error text as JSON, for test reporters. */
  toJSON(): object {
    return { name: this.name, code: this.code, message: this.message, ...this.report };
  }
}

/**
 * The error for a message that arrived, or is being sent, although the test expects none: thrown by
 * `waitForNone`, and by `waitForOne` for a second matching message.
 */
export class UnexpectedMailError extends Error {
  override readonly name = 'UnexpectedMailError';
  readonly code = 'MAIL_UNEXPECTED';
  readonly messages: readonly Message[];
  /** The SMTP sessions that are still sending a message at the end of the wait. */
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
