/**
 * Holds request bodies that contain a message. Their size counts towards the limit of message octets in
 * memory until the message is processed.
 */
import { Readable } from 'node:stream';
import type { preParsingAsyncHookHandler } from 'fastify';
import type { MessageOctets } from '../../message/octets.ts';
import { NoRoom, type HeldMessage, type InFlight } from '../../net/in-flight/index.ts';
import { ProblemError } from '../../../contract/problems.ts';

/** The media type of a raw message. The parser for this type passes the body on as a stream. */
export const RAW_MESSAGE = 'message/rfc822';

const isRawMessage = (type: string | undefined): boolean =>
  type?.split(';', 1)[0]?.trim().toLowerCase() === RAW_MESSAGE;

/**
 * Returns a hook that reads a JSON body before it is parsed. JSON must be in memory to be parsed, so the
 * request is refused if the limit of message octets in memory would be exceeded. The reserved octets are
 * released when the response is sent.
 *
 * @param limit the maximum size of the body in octets; a larger body is refused with 413
 */
export const heldJson =
  (inFlight: InFlight, limit: number): preParsingAsyncHookHandler =>
  async ({ headers }, reply, payload) => {
    if (isRawMessage(headers['content-type'])) return payload;
    const held = inFlight.hold(limit, { inMemory: true });
    reply.raw.once('close', () => void held.release());
    await fill(held, payload, limit);
    return Readable.from([await orProblem(held.take())], { objectMode: false });
  };

/**
 * Reads a raw message from the body of a request into memory or, if the limit of message octets in memory would
 * be exceeded, into a file, and calls `work` with the message. The reserved octets are released when `work` has
 * ended, even if the client has disconnected before.
 *
 * @param limit the maximum size of the message in octets; a larger message is refused with 413
 */
export async function withHeldMessage<T>(
  held: HeldMessage,
  body: AsyncIterable<unknown>,
  limit: number,
  work: (octets: MessageOctets) => Promise<T>,
): Promise<T> {
  try {
    await fill(held, body, limit);
    return await work(await orProblem(held.octetsOrFile()));
  } finally {
    await held.release();
  }
}

async function fill(held: HeldMessage, body: AsyncIterable<unknown>, limit: number): Promise<void> {
  for await (const chunk of body) {
    await held.add(chunk as Buffer);
    if (held.oversized) throw new ProblemError('too-large', `The body is larger than ${limit} octets`);
  }
}

async function orProblem<T>(taken: Promise<T>): Promise<T> {
  try {
    return await taken;
  } catch (error) {
    if (!(error instanceof NoRoom)) throw error;
    throw new ProblemError(
      'no-storage',
      'There is no room for the message: try again later, or raise --max-in-flight',
    );
  }
}
