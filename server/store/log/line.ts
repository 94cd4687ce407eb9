/**
 * Lines of the log: JSON objects whose first member is a checksum of the rest of the line.
 *
 *     {"sum":"9ae0daaf","seq":12,…}
 *
 * No JSON string can contain the first eight octets of a line, because quotation marks are escaped in
 * strings. Therefore the start of a line can be found even if the line ending before it is lost.
 */
import { crc32 } from 'node:zlib';

/** The octets with which every line of the log begins. */
export const LINE_START = Buffer.from('{"sum":"');
/** Number of octets at the start of a line that the checksum does not cover: `{"sum":"12345678"`. */
export const COVERED_FROM = LINE_START.length + 9;

export const LINE_END = 10;

const sumOf = (covered: Uint8Array): string => crc32(covered).toString(16).padStart(8, '0');

/**
 * Returns a complete log line: the checksum, the given pieces, and the line ending. The line is written into a
 * single buffer, because the function runs for every message and a piece may be large.
 *
 * @param covered pieces of the text that the checksum covers: from the comma after the checksum to the closing
 * brace, without line breaks
 */
export function seal(...covered: readonly string[]): Buffer {
  let length = 0;
  for (const piece of covered) length += Buffer.byteLength(piece);
  const line = Buffer.allocUnsafe(COVERED_FROM + length + 1);
  let at = COVERED_FROM;
  for (const piece of covered) at += line.write(piece, at);
  line.write(`{"sum":"${sumOf(line.subarray(COVERED_FROM, COVERED_FROM + length))}"`, 0, 'latin1');
  line[COVERED_FROM + length] = LINE_END;
  return line;
}

/**
 * Returns whether the checksum of a line matches its content. The line must be passed without its line
 * ending.
 */
export function isWhole(line: Buffer): boolean {
  if (
    line.length <= COVERED_FROM ||
    line.compare(LINE_START, 0, LINE_START.length, 0, LINE_START.length) !== 0
  ) {
    return false;
  }
  // The quotation mark after the checksum is compared as well, because the checksum does not cover it.
  const sum = `${sumOf(line.subarray(COVERED_FROM))}"`;
  return line.toString('latin1', LINE_START.length, COVERED_FROM) === sum;
}
