/**
 * Reads the octets after DATA strictly: only CRLF.CRLF ends the message, and only a dot after CRLF or at the
 * start of the message is removed (RFC 5321 §4.5.2). Other sequences that some servers accept as the end of
 * data, such as LF.LF, are content here, and their presence is recorded: when two servers disagree about the
 * end of a message, a second message can be smuggled inside it.
 */
import type { HeldMessage } from '../net/in-flight/index.ts';

const CR = 13;
const LF = 10;
const DOT = 46;
const CRLF_DOT = Buffer.from('\r\n.');
const NOTHING = Buffer.alloc(0);

/**
 * A dot at the start of a line that the client did not double, which means that the server removed it from the
 * content.
 */
export interface UnstuffedDot {
  /** The offset in the stored message, in octets, at which the dot was removed. */
  readonly offset: number;
  /** Whether a bare LF or CR follows the dot: some servers accept this sequence as the end of data. */
  readonly loneLineEnd: boolean;
}

export class DataReader {
  readonly #message: HeldMessage;
  /** Received octets that cannot be interpreted before more octets arrive: at most `\r\n`, `.`, or `.\r`. */
  #held: Buffer = NOTHING;
  #atLineStart = true;
  #written: Promise<void> | null = null;
  #unstuffedDot: UnstuffedDot | null = null;

  /** @param message receives the octets of the message without the removed dots */
  constructor(message: HeldMessage) {
    this.#message = message;
  }

  /**
   * Resolves when the octets of the last call of `feed` are written to a file; `null` when the message is held
   * in memory.
   */
  get written(): Promise<void> | null {
    return this.#written;
  }

  get unstuffedDot(): UnstuffedDot | null {
    return this.#unstuffedDot;
  }

  /**
   * Processes received octets. Returns the octets after the end of the message, or `null` while the message has not
   * ended.
   */
  feed(chunk: Buffer): Buffer | null {
    this.#written = null;
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NOTHING;
    let from = 0;
    for (;;) {
      if (this.#atLineStart && bytes[from] === DOT) {
        const [next, afterNext] = [bytes[from + 1], bytes[from + 2]];
        if (next === undefined || (next === CR && afterNext === undefined)) {
          this.#held = Buffer.from(bytes.subarray(from));
          return null;
        }
        if (next === CR && afterNext === LF) return bytes.subarray(from + 3);
        if (next !== DOT) {
          this.#unstuffedDot ??= { offset: this.#message.octets, loneLineEnd: next === CR || next === LF };
        }
        from++;
      }
      if (from < bytes.length) this.#atLineStart = false;
      const stop = bytes.indexOf(CRLF_DOT, from);
      if (stop === -1) break;
      this.#keep(bytes.subarray(from, stop + 2));
      from = stop + 2;
      this.#atLineStart = true;
    }
    this.#keepRest(bytes, from);
    return null;
  }

  /**
   * Adds the rest of a chunk to the message. The rest contains no dot after CRLF. Its last octets are held back if
   * they may be the start of CRLF and a dot.
   */
  #keepRest(bytes: Buffer, from: number): void {
    const { length } = bytes;
    if (length - from >= 2 && bytes[length - 2] === CR && bytes[length - 1] === LF) {
      this.#keep(bytes.subarray(from));
      this.#atLineStart = true;
    } else if (length > from && bytes[length - 1] === CR) {
      this.#keep(bytes.subarray(from, -1));
      this.#held = Buffer.from([CR]);
    } else {
      this.#keep(bytes.subarray(from));
    }
  }

  #keep(bytes: Buffer): void {
    this.#written = this.#message.add(bytes) ?? this.#written;
  }
}
