/**
 * The octets that were received and are not yet read. Each octet is searched for a line ending only once.
 * Octets are copied only when a read spans several chunks.
 */

const LF = 0x0a;
const CR = 0x0d;
/**
 * Maximum size in octets of a chunk that is made by joining small chunks, so that a client that sends single
 * octets does not cause a long list of chunks.
 */
const JOINED = 16 * 1024;

export class ReadBuffer {
  /** The number of octets in the buffer. */
  length = 0;
  readonly #chunks: Buffer[] = [];
  /** The number of octets at the start of the buffer that are known to contain no LF. */
  #searched = 0;

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.length + chunk.length <= JOINED) {
      this.#chunks[this.#chunks.length - 1] = Buffer.concat([last, chunk]);
    } else {
      this.#chunks.push(chunk);
    }
    this.length += chunk.length;
  }

  /**
   * Removes and returns the first line without its line ending; returns `null` while the LF at its end has not
   * been received.
   */
  takeLine(): Buffer | null {
    let start = 0;
    for (const chunk of this.#chunks) {
      const end = start + chunk.length;
      if (end > this.#searched) {
        const at = chunk.indexOf(LF, Math.max(0, this.#searched - start));
        if (at !== -1) {
          const line = this.take(start + at + 1);
          const cut = line.length > 1 && line[line.length - 2] === CR ? 2 : 1;
          return line.subarray(0, line.length - cut);
        }
      }
      start = end;
    }
    this.#searched = this.length;
    return null;
  }

  /** Removes and returns the first `count` octets. Throws a `RangeError` when the buffer contains fewer octets. */
  take(count: number): Buffer {
    const first = this.#chunks[0];
    if (first !== undefined && count < first.length) {
      this.#chunks[0] = first.subarray(count);
      this.#moved(count);
      return first.subarray(0, count);
    }
    const taken: Buffer[] = [];
    let left = count;
    while (left > 0) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) throw new RangeError('The buffer holds fewer octets than were requested');
      if (chunk.length > left) {
        taken.push(chunk.subarray(0, left));
        this.#chunks[0] = chunk.subarray(left);
        left = 0;
      } else {
        taken.push(chunk);
        this.#chunks.shift();
        left -= chunk.length;
      }
    }
    this.#moved(count);
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken, count);
  }

  /** Returns up to `count` octets from the start of the buffer without removing them. */
  peek(count: number): Buffer {
    return Buffer.concat(this.#chunks.slice(0, count)).subarray(0, count);
  }

  /** Discards up to `count` octets from the start of the buffer and returns the number of discarded octets. */
  drop(count: number): number {
    const dropped = Math.min(count, this.length);
    let left = dropped;
    while (left > 0) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      if (chunk.length > left) {
        this.#chunks[0] = chunk.subarray(left);
        left = 0;
      } else {
        this.#chunks.shift();
        left -= chunk.length;
      }
    }
    this.#moved(dropped);
    return dropped;
  }

  #moved(count: number): void {
    this.length -= count;
    this.#searched = Math.max(0, this.#searched - count);
  }
}
