/** Finds the start of a message's body without parsing the header fields. */

const LF = 10;
const CR = 13;

/**
 * Returns the offset after the first empty line, with CRLF or LF as line ending; the length of the message if
 * there is no empty line.
 */
export function bodyStartOf(raw: Buffer): number {
  if (raw[0] === LF) return 1;
  if (raw[0] === CR && raw[1] === LF) return 2;
  const strict = raw.indexOf('\r\n\r\n');
  const loose = raw.subarray(0, strict === -1 ? raw.length : strict).indexOf('\n\n');
  return loose === -1 ? (strict === -1 ? raw.length : strict + 4) : loose + 2;
}
