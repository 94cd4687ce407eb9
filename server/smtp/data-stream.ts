/**
 * DATA read exactly: only CRLF.CRLF ends it, and only a dot that follows CRLF (or begins the data) is undone
 * (RFC 5321 §4.5.2). smtp-server's own reader also takes a dot behind a bare LF for stuffing, which would change
 * bytes that the client meant.
 */
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

const CR = 13;
const LF = 10;
const DOT = 46;
const CRLF = Buffer.from('\r\n');
const CRLF_DOT = Buffer.from('\r\n.');
const NOTHING = Buffer.alloc(0);

export class ExactStream extends SMTPStream {
  /** Bytes held back because what follows decides what they are: at most `\r\n`, or `.`, or `.\r`. */
  #held: Buffer = NOTHING;
  #atLineStart = false;

  override startDataMode(maxBytes?: number): ReturnType<SMTPStream['startDataMode']> {
    this.#held = NOTHING;
    this.#atLineStart = true;
    return super.startDataMode(maxBytes);
  }

  override _feedDataStream(chunk: Buffer, done: (error?: Error | null) => void): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NOTHING;
    let from = 0;
    for (;;) {
      if (this.#atLineStart && bytes[from] === DOT) {
        const next = bytes[from + 1];
        if (next === undefined || (next === CR && bytes[from + 2] === undefined)) {
          this.#hold(bytes, from, done);
          return;
        }
        if (next === CR && bytes[from + 2] === LF) {
          this._endDataMode(NOTHING, bytes.subarray(from + 3), done);
          return;
        }
        from++;
      }
      this.#atLineStart = false;
      const stop = bytes.indexOf(CRLF_DOT, from);
      if (stop === -1) break;
      this.#emit(bytes.subarray(from, stop + 2));
      from = stop + 2;
      this.#atLineStart = true;
    }
    // A dot may be the first byte of the next chunk.
    if (bytes.subarray(from).subarray(-2).equals(CRLF)) {
      this.#emit(bytes.subarray(from));
      this.#atLineStart = true;
      done();
    } else if (bytes.at(-1) === CR && from < bytes.length) {
      this.#emit(bytes.subarray(from, -1));
      this.#hold(bytes, bytes.length - 1, done);
    } else {
      this.#emit(bytes.subarray(from));
      done();
    }
  }

  #hold(bytes: Buffer, from: number, done: () => void): void {
    this.#held = Buffer.from(bytes.subarray(from));
    done();
  }

  #emit(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this._countDataBytes(bytes.length);
    const stream = this._dataStream;
    // The consumer collects without pausing, so there is no back-pressure to wait for.
    if (stream?.writable === true) stream.write(bytes);
  }
}
