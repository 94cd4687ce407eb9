/**
 * Decodes uuencoded files (POSIX uuencode), which occur as a transfer encoding of old mail and in the middle of
 * a text. The decoder makes one pass, writes to one buffer and creates no string, match or buffer per line.
 */

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const GRAVE = 96;
const BEGIN = Buffer.from('begin ');
const END = Buffer.from('\nend');

/**
 * A uuencoded file in a body. All numbers are byte offsets in the body; an end offset is the offset after the
 * last octet.
 */
export interface UuBlock {
  readonly start: number;
  /** Offset of the first line of data, which follows the line `begin`. */
  readonly dataStart: number;
  /** Offset of the line `end`; the end of the body if that line is missing. */
  readonly dataEnd: number;
  /** Offset after the line `end` and its line ending. */
  readonly end: number;
  /** Trimmed bytes of the file name in the line `begin`. */
  readonly name: Buffer;
}

/** Maximum number of octets of a file name. */
const MAX_NAME = 300;

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB || byte === CR;

/** Returns the offset after the line ending of the line that contains the offset `at`. */
function nextLine(bytes: Buffer, at: number): number {
  const feed = bytes.indexOf(LF, at);
  return feed === -1 ? bytes.length : feed + 1;
}

/**
 * Returns the offset of the file name in a line `begin MODE NAME` at `at`; −1 if the line does not have this
 * form.
 */
function nameStart(bytes: Buffer, at: number): number {
  let digits = at + BEGIN.length;
  while (digits < at + BEGIN.length + 5 && (bytes[digits] ?? 0) >= 48 && (bytes[digits] ?? 0) <= 55) digits++;
  const count = digits - at - BEGIN.length;
  return (count === 3 || count === 4) && bytes[digits] === SPACE ? digits + 1 : -1;
}

/**
 * Returns the offset of the first line `end` at or after the offset `from`; the size of the body if there is
 * none. `from` must be the start of a line.
 */
function findEnd(bytes: Buffer, from: number): number {
  for (let feed = bytes.indexOf(END, from - 1); feed !== -1; feed = bytes.indexOf(END, feed + 1)) {
    let at = feed + END.length;
    while (isBlank(bytes[at])) at++;
    if (at >= bytes.length || bytes[at] === LF) return feed + 1;
  }
  return bytes.length;
}

/**
 * Returns the next `begin … end` block of a body at or after `from`; `null` if there is none. A block without `end`
 * extends to the end of the body.
 */
export function findUuBlock(bytes: Buffer, from = 0): UuBlock | null {
  for (let at = bytes.indexOf(BEGIN, from); at !== -1; at = bytes.indexOf(BEGIN, at + 1)) {
    if (at > 0 && bytes[at - 1] !== LF) continue;
    const named = nameStart(bytes, at);
    if (named === -1) continue;
    const dataStart = nextLine(bytes, at);
    const name = bytes.toString('latin1', named, Math.min(dataStart, named + MAX_NAME)).trim();
    const dataEnd = findEnd(bytes, dataStart);
    return {
      start: at,
      dataStart,
      dataEnd,
      end: nextLine(bytes, dataEnd),
      name: Buffer.from(name, 'latin1'),
    };
  }
  return null;
}

/**
 * The size of a decoded block in octets: `stated` is the sum of the lengths at the beginning of the lines,
 * `present` is the number of octets for which the lines contain digits.
 */
interface Sizes {
  readonly stated: number;
  readonly present: number;
}

const isDigit = (byte: number): boolean => byte >= SPACE && byte <= GRAVE;

/**
 * Calls `line` for each data line of a block. Its arguments are the offset of the first data digit, the
 * offset after the last data digit, and the number of octets that the line contains according to its length
 * digit. Lines that are not uuencoded are skipped.
 */
function eachLine(
  bytes: Buffer,
  { dataStart, dataEnd }: Pick<UuBlock, 'dataStart' | 'dataEnd'>,
  line: (from: number, to: number, stated: number) => void,
): void {
  for (let at = dataStart; at < dataEnd;) {
    const start = at;
    let last = start;
    let valid = true;
    for (; at < dataEnd && bytes[at] !== LF; at++) {
      const byte = bytes[at] ?? 0;
      if (isBlank(byte)) continue;
      last = at;
      valid &&= isDigit(byte);
    }
    at++;
    if (valid && isDigit(bytes[start] ?? 0)) line(start + 1, last + 1, ((bytes[start] ?? 0) - SPACE) & 63);
  }
}

const presentIn = (from: number, to: number, stated: number): number =>
  Math.min(stated, Math.ceil(Math.max(0, to - from) / 4) * 3);

function sizesOf(bytes: Buffer, block: UuBlock): Sizes {
  let stated = 0;
  let present = 0;
  eachLine(bytes, block, (from, to, octets) => {
    stated += octets;
    present += presentIn(from, to, octets);
  });
  return { stated, present };
}

/**
 * Returns whether short lines of a block are padded with zeros to their stated length. Lines may be short
 * because gateways remove blanks, which encode zeros, from their ends. Lines are not padded if the stated
 * size is larger than the whole body: no encoder produces this.
 */
const isPadded = (bytes: Buffer, sizes: Sizes): boolean => sizes.stated <= bytes.length;

/** Decodes the first block of a body; returns a body without a block unchanged. */
export function decodeUuencode(bytes: Buffer): Buffer {
  const block = findUuBlock(bytes);
  if (block === null) return bytes;
  const sizes = sizesOf(bytes, block);
  const padded = isPadded(bytes, sizes);
  const out = Buffer.alloc(padded ? sizes.stated : sizes.present);
  const digit = (at: number, to: number): number => (at < to ? ((bytes[at] ?? SPACE) - SPACE) & 63 : 0);
  let length = 0;
  eachLine(bytes, block, (from, to, stated) => {
    const end = length + (padded ? stated : presentIn(from, to, stated));
    for (let at = from, write = length; write < end; at += 4) {
      const bits =
        (digit(at, to) << 18) | (digit(at + 1, to) << 12) | (digit(at + 2, to) << 6) | digit(at + 3, to);
      out[write++] = bits >> 16;
      if (write < end) out[write++] = bits >> 8;
      if (write < end) out[write++] = bits;
    }
    length = end;
  });
  return out;
}

/** Returns the number of octets that `decodeUuencode` returns, without decoding. */
export function uuencodeSize(bytes: Buffer): number {
  const block = findUuBlock(bytes);
  if (block === null) return bytes.length;
  const sizes = sizesOf(bytes, block);
  return isPadded(bytes, sizes) ? sizes.stated : sizes.present;
}
