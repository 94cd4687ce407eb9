/**
 * Coded character sets of ISO 2022 as tables of UTF-16 code units. Each table is made from a table of
 * iconv-lite when a message needs it for the first time. A set of 94 × 94 characters is addressed by two octets
 * from 0x21 to 0x7E.
 */
import { big5Of } from './cns.ts';
import { iconv } from './iconv.ts';
import { REPLACEMENT } from './text-buffer.ts';

export interface CodedSet {
  /** Number of octets that each character of the set has. */
  readonly width: 1 | 2;
  /**
   * The octet that encodes the first character of the set: 0x21 in sets of 94 characters, 0x20 in sets of 96.
   */
  readonly first: number;
  readonly units: Uint16Array;
}

const SIDE = 94;
const CELLS = SIDE * SIDE;
const ROWS = Array.from({ length: SIDE }, (_, row) => row);

/**
 * Builds a set of two-octet characters from a codec of iconv-lite.
 *
 * @param pair function that returns the octets by which the codec encodes the character at a row and a column
 *   (both counted from 0)
 */
function makeDouble(codec: string, pair: (row: number, column: number) => readonly number[]): CodedSet {
  const units = new Uint16Array(CELLS).fill(REPLACEMENT);
  for (const row of ROWS) {
    for (const column of ROWS) {
      const octets = pair(row, column);
      if (octets.length === 0) continue;
      const text = iconv().decode(Buffer.from(octets), codec);
      if (text.length === 1) units[row * SIDE + column] = text.charCodeAt(0);
    }
  }
  return { width: 2, first: 0x21, units };
}

function makeSingle(codec: string, first: 0x20 | 0x21, offset: number): CodedSet {
  const count = first === 0x20 ? 96 : SIDE;
  const octets = Buffer.from(Array.from({ length: count }, (_, at) => first + at + offset));
  const text = iconv().decode(octets, codec);
  return { width: 1, first, units: Uint16Array.from({ length: count }, (_, at) => text.charCodeAt(at)) };
}

/**
 * Builds the kana set of JIS X 0201: 63 of its 94 cells hold U+FF61 to U+FF9F; the remaining cells are empty.
 */
const makeKana = (): CodedSet => ({
  width: 1,
  first: 0x21,
  units: Uint16Array.from({ length: SIDE }, (_, at) => (at < 63 ? 0xff61 + at : REPLACEMENT)),
});

/**
 * Builds the Roman set of JIS X 0201, but as plain ASCII: the set differs from ASCII only in the yen sign and
 * the overline, and mail uses these two codes as backslash and tilde.
 */
const makeRoman = (): CodedSet => makeSingle('iso88591', 0x21, 0);

const gr = (row: number, column: number): readonly number[] => [row + 0xa1, column + 0xa1];

const MAKERS = {
  roman: makeRoman,
  kana: makeKana,
  jisx0208: () => makeDouble('eucjp', gr),
  jisx0212: () => makeDouble('eucjp', (row, column) => [0x8f, ...gr(row, column)]),
  gb2312: () => makeDouble('gb18030', gr),
  ksc5601: () => makeDouble('cp949', gr),
  cns1: () => makeDouble('big5hkscs', (row, column) => big5Of(1, row * SIDE + column)),
  cns2: () => makeDouble('big5hkscs', (row, column) => big5Of(2, row * SIDE + column)),
  latin1: () => makeSingle('iso88591', 0x20, 0x80),
  greek: () => makeSingle('iso88597', 0x20, 0x80),
} as const satisfies Readonly<Record<string, () => CodedSet>>;

export type SetName = keyof typeof MAKERS;
const made = new Map<SetName, CodedSet>();

export function codedSet(name: SetName): CodedSet {
  let set = made.get(name);
  if (set === undefined) {
    set = MAKERS[name]();
    made.set(name, set);
  }
  return set;
}
