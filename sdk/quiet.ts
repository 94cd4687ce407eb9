/** Waiting for nothing: quiet for a while, and nobody in the middle of bringing something. */
import { UnexpectedMailError } from './errors.ts';
import { Message } from './message.ts';
import type { Wait } from './wait.ts';

/** Milliseconds between two looks at sessions under way. */
const LOOK = 20;

/**
 * Resolves when nothing was found for `quietFor` milliseconds and no SMTP session is in the middle of a message that
 * may be for the account; such a one is waited for until the wait's deadline. Throws `UnexpectedMailError`.
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
  // A session may have ended well between the last look and the question for sessions.
  refuse(await wait.find(performance.now()));
}
