/**
 * Streams the bytes of a message: one slice is in memory at a time, and the next slice is read when the client has
 * received the previous slice.
 */
import { Readable } from 'node:stream';
import type { MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';

/** The size of a slice of the message in octets. */
const SLICE = 256 * 1024;

/**
 * Returns the bytes of a message as a stream.
 * @param size the size of the message in octets, which was sent to the client as Content-Length
 */
export function rawStream(store: Store, id: MessageId, size: number): Readable {
  async function* slices(): AsyncGenerator<Buffer> {
    for (let at = 0; at < size; at += SLICE) {
      const slice = await store.messages.rawPart(id, at, Math.min(at + SLICE, size));
      // The thrown error closes the connection before the announced number of octets has been sent, so the
      // client notices that octets are missing.
      if (slice === undefined)
        throw new Error(`The bytes of message ${id} were deleted while they were being sent`);
      yield slice;
    }
  }
  return Readable.from(slices(), { objectMode: true, highWaterMark: 1 });
}
