/**
 * Verifies that no mail arrives: no message matches for some time, and no open SMTP session could still
 * deliver a matching message.
 */
import { UnexpectedMailError } from './wait-errors.ts';
import type { WaitTimeout } from '../contract/index.ts';
import { Message } from './message.ts';
import type { Wait } from './wait.ts';

/** The pause between two requests for the open SMTP sessions, in milliseconds. */
const LOOK = 20;
/**
 * The time for which `findIncoming` waits for open SMTP sessions to deliver their messages, in milliseconds.
 */
export const LONGEST_SESSION = 50;

/**
 * Resolves when no message has matched for `quietFor` milliseconds and no SMTP session is sending a message
 * that may be for the account. The waiting for such sessions ends at the deadline of the wait. Rejects with
 * `UnexpectedMailError` when a message matches.
 */
export async function expectQuiet(wait: Wait, quietFor: number): Promise<void> {
  const refuse = (found: unknown): void => {
    if (!(found instanceof Message)) return;
    throw new UnexpectedMailError('no message, and there is one', wait.description, { messages: [found] });
  };
  let until = performance.now() + quietFor;
  for (;;) {
    refuse(await wait.find(until));
    const sessions = await wait.incoming();
    if (sessions.length === 0) break;
    if (performance.now() >= wait.deadline) {
      throw new UnexpectedMailError('no message, and one is still on its way', wait.description, {
        sessions,
      });
    }
    until = Math.min(wait.deadline, performance.now() + Math.max(quietFor, LOOK));
  }
  // The stored messages are searched again, because a session may have delivered its message between the last
  // search and the request for the open sessions.
  refuse(await wait.find(performance.now()));
}

/**
 * Returns the next matching message that is stored, or that an open SMTP session delivers within
 * `LONGEST_SESSION` milliseconds; otherwise the report on the timeout.
 */
export async function findIncoming(wait: Wait): Promise<Message | WaitTimeout> {
  const until = performance.now() + LONGEST_SESSION;
  for (;;) {
    const sessions = await wait.incoming();
    const left = until - performance.now();
    // The search starts after the request for the sessions: a session may have delivered its message before that
    // request.
    const found = await wait.find(performance.now() + (sessions.length === 0 ? 0 : Math.min(left, LOOK)));
    if (found instanceof Message || sessions.length === 0 || left <= LOOK) return found;
  }
}
