/** The replies of POP3 (RFC 1939 §3): single-line replies, and multi-line replies with dot-stuffing. */

/** The response codes that the server sends. Clients act on these codes, not on the text. */
export const RESPONSE_CODES = ['AUTH', 'IN-USE', 'SYS/TEMP'] as const;
export type ResponseCode = (typeof RESPONSE_CODES)[number];

/** An error that refuses a command: sent as `-ERR` with its response code (RFC 2449 §8, RFC 3206). */
export class Pop3Refusal extends Error {
  override readonly name = 'Pop3Refusal';
  readonly code: ResponseCode | null;

  constructor(message: string, code: ResponseCode | null = null) {
    super(message);
    this.code = code;
  }
}

export const ok = (text: string): string => `+OK ${text}\r\n`;
export const refusal = ({ code, message }: Pop3Refusal): string =>
  `-ERR ${code === null ? '' : `[${code}] `}${message}\r\n`;

/** Returns a multi-line reply: the status line, the given lines, and the line with the dot that ends the reply. */
export const listing = (text: string, lines: readonly string[]): string =>
  `${ok(text)}${lines.map((line) => `${line}\r\n`).join('')}.\r\n`;

const CRLF = Buffer.from('\r\n');
const END = Buffer.from('.\r\n');
const DOT = Buffer.from('.');
const CR = 0x0d;
const LF = 0x0a;

/**
 * Encodes a message as the body of a reply, slice by slice: doubles a dot at the start of a line, including the
 * first line, and ends the last line if it has no line ending. A line ends with CRLF or a bare LF, because
 * clients may accept both.
 */
export class DotStuffing {
  /**
   * The last two octets of the message that were encoded. The initial value CRLF means that the first octet of the
   * message starts a line.
   */
  #tail: Buffer = CRLF;
  #empty = true;

  push(slice: Buffer): Buffer {
    if (slice.length === 0) return slice;
    const pieces: Buffer[] = [];
    let from = 0;
    const double = (at: number): void => {
      pieces.push(slice.subarray(from, at), DOT);
      from = at;
    };
    if (slice[0] === DOT[0] && this.#tail.at(-1) === LF) double(0);
    for (let at = slice.indexOf('\n.'); at !== -1; at = slice.indexOf('\n.', at + 1)) double(at + 1);
    this.#tail = Buffer.concat([this.#tail, slice.subarray(-2)]).subarray(-2);
    this.#empty = false;
    return pieces.length === 0 ? slice : Buffer.concat([...pieces, slice.subarray(from)]);
  }

  /** Returns the octets that end the reply: a line ending if the last line has none, and the terminating dot. */
  end(): Buffer {
    return this.#empty || this.#tail.equals(CRLF) ? END : Buffer.concat([CRLF, END]);
  }
}

/**
 * Selects the part of a message that the command TOP returns (RFC 1939 §7), slice by slice: the header, the
 * empty line, and the first `lines` lines of the body.
 */
export class Top {
  #linesLeft: number;
  #inHeader = true;
  /**
   * The first two octets of the current line, without its LF. They are stored because a line may continue in
   * the next slice.
   */
  #line: Buffer = Buffer.alloc(0);

  constructor(lines: number) {
    this.#linesLeft = lines;
  }

  /** Whether all lines that TOP requested have been passed to `push`. */
  get done(): boolean {
    return !this.#inHeader && this.#linesLeft === 0;
  }

  get #isEmptyLine(): boolean {
    return this.#line.length === 0 || (this.#line.length === 1 && this.#line[0] === CR);
  }

  /** Takes the next slice of the message; returns the part of the slice that belongs to the response to TOP. */
  push(slice: Buffer): Buffer {
    let at = 0;
    while (at < slice.length && !this.done) {
      const newline = slice.indexOf(LF, at);
      const end = newline === -1 ? slice.length : newline;
      if (this.#inHeader && this.#line.length < 2) {
        this.#line = Buffer.concat([this.#line, slice.subarray(at, Math.min(end, at + 2))]).subarray(0, 2);
      }
      if (newline === -1) return slice;
      if (!this.#inHeader) this.#linesLeft--;
      else if (this.#isEmptyLine) this.#inHeader = false;
      this.#line = Buffer.alloc(0);
      at = newline + 1;
    }
    return slice.subarray(0, at);
  }
}
