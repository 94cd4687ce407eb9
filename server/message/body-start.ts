/** Where a message's body begins, without reading its fields. */

const LF = 10;
const CR = 13;

/** After the first empty line, whichever line ends are used; the message's length where there is none. */
export function bodyStartOf(raw: Buffer): number {
  if (raw[0] === LF) return 1;
  if (raw[0] === CR && raw[1] === LF) return 2;
  const strict = raw.indexOf('\r\n\r\n');
  const loose = raw.subarray(0, strict === -1 ? raw.length : strict).indexOf('\n\n');
  return loose === -1 ? (strict === -1 ? raw.length : strict + 4) : loose + 2;
}
