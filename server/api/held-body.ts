/** Request bodies that hold a message: counted among the octets in flight while they come and are worked on. */
import { Readable } from 'node:stream';
import type { preParsingAsyncHookHandler } from 'fastify';
import { NoRoom, type HeldMessage, type InFlight } from '../net/in-flight.ts';
import { ProblemError } from '../../contract/problems.ts';

/**
 * A hook that reads the body before it is parsed. The room is given back when the response is sent.
 *
 * @param limit Octets of the body; more is 413.
 */
export const heldBody =
  (inFlight: InFlight, limit: number): preParsingAsyncHookHandler =>
  async (_request, reply, payload) => {
    const held = inFlight.hold(limit);
    reply.raw.once('close', () => void held.release());
    for await (const chunk of payload) {
      await held.add(chunk as Buffer);
      if (held.oversized) {
        throw new ProblemError('too-large', `The body is larger than ${limit} octets`);
      }
    }
    return Readable.from([await octetsOf(held)], { objectMode: false });
  };

async function octetsOf(held: HeldMessage): Promise<Buffer> {
  try {
    return await held.take();
  } catch (error) {
    if (!(error instanceof NoRoom)) throw error;
    throw new ProblemError(
      'no-storage',
      'There is no room for the message: try again later, or raise --max-in-flight',
    );
  }
}
