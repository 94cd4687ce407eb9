/**
 * Uuencoded files (POSIX uuencode): as a transfer encoding that old mail names, and in the middle of a text. One pass
 * into one buffer; no string, match or buffer is made for a line.
 */

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const GRAVE = 96;
const BEGIN = Buffer.from('begin ');
const END = Buffer.from('\nend');

/** A file in a body. Offsets into the body; `end`s are exclusive. */
export interface UuBlock {
  readonly start: number;
  /** The first line of data. */
  readonly dataStart: number;
  /** Before the line `end`; the body's end when there is none. */
  readonly dataEnd: number;
  /** After the line `end`. */
  readonly end: number;
  /** The name in the first line as its bytes are, trimmed. */
  readonly name: Buffer;
}

/** Characters of a file's name. */
const MAX_NAME = 300;

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB || byte === CR;

/** The offset after the line at `at`. */
function nextLine(bytes: Buffer, at: number): number {
  const feed = bytes.indexOf(LF, at);
  return feed === -1 ? bytes.length : feed + 1;
}

/** `begin MODE NAME` at `at`, a line's beginning: where the name begins; −1 when the line is another. */
function nameStart(bytes: Buffer, at: number): number {
  let digits = at + BEGIN.length;
  while (digits < at + BEGIN.length + 5 && (bytes[digits] ?? 0) >= 48 && (bytes[digits] ?? 0) <= 55) digits++;
  const count = digits - at - BEGIN.length;
  return (count === 3 || count === 4) && bytes[digits] === SPACE ? digits + 1 : -1;
}

/** The line `end` at or after `from`, which is a line's beginning; the body's end where there is none. */
function findEnd(bytes: Buffer, from: number): number {
  for (let feed = bytes.indexOf(END, from - 1); feed !== -1; feed = bytes.indexOf(END, feed + 1)) {
    let at = feed + END.length;
    while (isBlank(bytes[at])) at++;
    if (at >= bytes.length || bytes[at] === LF) return feed + 1;
  }
  return bytes.length;
}

/** The next `begin … end` block of a body at or after `from`; without its `end` it reaches to the body's end. */
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

/** What the lines of a block hold: octets as they say, and octets of which the digits are there. */
interface Sizes {
  readonly stated: number;
  readonly present: number;
}

const isDigit = (byte: number): boolean => byte >= SPACE && byte <= GRAVE;

/**
 * Goes through the lines of a block. `line` gets the offset of a line's first digit, the offset after its last, and the
 * octets that the line says to have; lines that are none of uuencode are skipped.
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
 * The size of the decoded block. Gateways remove blanks, which encode zeros, from the ends of lines, so that a line counts
 * as long as it says; but not where that would make more of the body than it is, which no encoder does.
 */
const isPadded = (bytes: Buffer, sizes: Sizes): boolean => sizes.stated <= bytes.length;

/** Decodes the first block; without one, returns the bytes unchanged. */
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

/** How many octets `decodeUuencode` would give, without decoding. */
export function uuencodeSize(bytes: Buffer): number {
  const block = findUuBlock(bytes);
  if (block === null) return bytes.length;
  const sizes = sizesOf(bytes, block);
  return isPadded(bytes, sizes) ? sizes.stated : sizes.present;
}
