/** A message's bytes as a stream: a slice of them is held at a time, and read when the client has taken the last. */
import { Readable } from 'node:stream';
import type { MessageId } from '../../store/ids.ts';
import type { Store } from '../../store/store.ts';

/** Octets read at a time. */
const SLICE = 256 * 1024;

/** @param size octets of the message, all of which are promised to the client */
export function rawStream(store: Store, id: MessageId, size: number): Readable {
  async function* slices(): AsyncGenerator<Buffer> {
    for (let at = 0; at < size; at += SLICE) {
      const slice = await store.messages.rawPart(id, at, Math.min(at + SLICE, size));
      // The connection ends short of its Content-Length, from which the client sees that octets are missing.
      if (slice === undefined) throw new Error(`The bytes of message ${id} went while they were sent`);
      yield slice;
    }
  }
  return Readable.from(slices(), { objectMode: true, highWaterMark: 1 });
}
