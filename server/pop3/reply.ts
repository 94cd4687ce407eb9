/** POP3's answers (RFC 1939 §3): one line, or one and many, dot-stuffed. */

/** Every response code that is sent; clients act on these, not on the text. */
export const RESPONSE_CODES = ['AUTH', 'IN-USE', 'SYS/TEMP'] as const;
export type ResponseCode = (typeof RESPONSE_CODES)[number];

/** A refusal: becomes `-ERR` with its response code (RFC 2449 §8, RFC 3206). */
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

/** Lines of a listing, with the dot that ends them. */
export const listing = (text: string, lines: readonly string[]): string =>
  `${ok(text)}${lines.map((line) => `${line}\r\n`).join('')}.\r\n`;

const CRLF = Buffer.from('\r\n');
const END = Buffer.from('.\r\n');
const DOT = 0x2e;
const CR = 0x0d;
const LF = 0x0a;

/**
 * A message as the body of an answer: dots that begin a line doubled, the first line's too, and a last line that
 * lacks its end given one. Lines end where the client sees them end, with CRLF or a bare LF.
 */
export function stuffed(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  const doubled = (at: number): void => {
    pieces.push(bytes.subarray(from, at), Buffer.from('.'));
    from = at;
  };
  if (bytes[0] === DOT) doubled(0);
  for (let at = bytes.indexOf('\n.'); at !== -1; at = bytes.indexOf('\n.', at + 1)) doubled(at + 1);
  pieces.push(bytes.subarray(from));
  if (bytes.length > 0 && !bytes.subarray(-2).equals(CRLF)) pieces.push(CRLF);
  pieces.push(END);
  return Buffer.concat(pieces);
}

/** The header, the empty line, and the first `lines` lines of the body (TOP, RFC 1939 §7). */
export function topOf(bytes: Buffer, lines: number): Buffer {
  let end = endOfHeader(bytes);
  for (let left = lines; left > 0 && end < bytes.length; left--) {
    const newline = bytes.indexOf(LF, end);
    end = newline === -1 ? bytes.length : newline + 1;
  }
  return bytes.subarray(0, end);
}

/** Where the line after the empty one begins; the message's length when there is no empty line. */
function endOfHeader(bytes: Buffer): number {
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === LF) return at + 1;
    if (bytes[at] === CR && bytes[at + 1] === LF) return at + 2;
    const newline = bytes.indexOf(LF, at);
    if (newline === -1) break;
    at = newline + 1;
  }
  return bytes.length;
}
