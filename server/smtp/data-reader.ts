/**
 * The octets after DATA, read exactly: only CRLF.CRLF ends them, and only a dot that follows CRLF (or comes first)
 * is undone (RFC 5321 §4.5.2). Every other end-of-data that some servers take for one is content here, and noted:
 * where two servers disagree about the end, a message can be smuggled into another.
 */
import type { HeldMessage } from '../net/in-flight/index.ts';

const CR = 13;
const LF = 10;
const DOT = 46;
const CRLF_DOT = Buffer.from('\r\n.');
const NOTHING = Buffer.alloc(0);

/** A leading dot that the client did not double, so that undoing it lost it. */
export interface UnstuffedDot {
  /** In the message as kept. */
  readonly offset: number;
  /** Whether a bare LF or CR follows: what some servers take for the end of data. */
  readonly loneLineEnd: boolean;
}

export class DataReader {
  readonly #message: HeldMessage;
  /** Octets held back because what follows decides what they are: at most `\r\n`, `.`, or `.\r`. */
  #held: Buffer = NOTHING;
  #atLineStart = true;
  #written: Promise<void> | null = null;
  #unstuffedDot: UnstuffedDot | null = null;

  /** @param message Takes the octets, without the dots that are undone. */
  constructor(message: HeldMessage) {
    this.#message = message;
  }

  /** Settles when the octets fed last are written, where they go to a file; `null` otherwise. */
  get written(): Promise<void> | null {
    return this.#written;
  }

  get unstuffedDot(): UnstuffedDot | null {
    return this.#unstuffedDot;
  }

  /** Takes octets; returns what follows the end of the message, or `null` while there is no end. */
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

  /** The rest of a chunk holds no dot after CRLF, but its last octets may be the beginning of one. */
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
