/**
 * Decodes the ISO 2022 charsets of mail: ISO-2022-JP and its extensions (RFC 1468, 1554, 2237; cp50220 to
 * cp50222), ISO-2022-KR (RFC 1557) and ISO-2022-CN (RFC 1922). Escape sequences select the set of characters,
 * so one decoder handles all of these charsets. The decoder makes one pass, writes to one buffer and never
 * fails. Two escape sequences in a row are not an error.
 *
 * JIS X 0213 (ISO-2022-JP-3, -2004) is decoded as JIS X 0208, which is a subset of the first plane of JIS X
 * 0213. The other characters of JIS X 0213, and CNS 11643 planes 3 to 7, become U+FFFD.
 */
import { codedSet, type CodedSet, type SetName } from './sets.ts';
import { REPLACEMENT, TextBuffer } from './text-buffer.ts';

const LF = 0x0a;
const CR = 0x0d;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const ESCAPE = 0x1b;
const DOLLAR = 0x24;
const SINGLE_SHIFTS: ReadonlyMap<number, 2 | 3> = new Map([
  [0x4e, 2],
  [0x4f, 3],
]);

/**
 * The set of characters that an escape sequence selects: `null` is ASCII; `unknown` is a set of two-octet
 * characters that is not decoded.
 */
type Designated = SetName | 'unknown' | null;

/**
 * Tables from the final octet of an escape sequence to the character set that the sequence selects (ISO-IR).
 * The three tables are for sets of 94, 96 and 94 × 94 characters.
 */
const SETS_94: Readonly<Record<string, Designated>> = { B: null, J: 'roman', H: 'roman', I: 'kana' };
const SETS_96: Readonly<Record<string, Designated>> = { A: 'latin1', F: 'greek' };
const SETS_DOUBLE: Readonly<Record<string, Designated>> = {
  '@': 'jisx0208',
  A: 'gb2312',
  B: 'jisx0208',
  C: 'ksc5601',
  D: 'jisx0212',
  E: 'gb2312',
  G: 'cns1',
  H: 'cns2',
  O: 'jisx0208',
  Q: 'jisx0208',
};

/**
 * Maps the intermediate octet of an escape sequence to a pair: the element to which the sequence assigns a
 * character set (0 to 3 for G0 to G3), and a table of character sets. The final octet of the sequence selects
 * a set from this table.
 */
const INTERMEDIATES: Readonly<Record<string, readonly [element: number, sets: typeof SETS_94]>> = {
  '(': [0, SETS_94],
  ')': [1, SETS_94],
  '*': [2, SETS_94],
  '+': [3, SETS_94],
  '-': [1, SETS_96],
  '.': [2, SETS_96],
  '/': [3, SETS_96],
};
const REVISION = 0x26;

const isFinal = (octet: number | undefined): octet is number =>
  octet !== undefined && octet >= 0x40 && octet < 0x7f;
const character = (octet: number | undefined): string =>
  octet === undefined ? '' : String.fromCharCode(octet);

class Reader {
  readonly #bytes: Buffer;
  readonly #out: TextBuffer;
  readonly #cut: boolean;
  /**
   * The character sets that are currently assigned to G0, G1, G2 and G3. At the start of a text, G1 is kana,
   * as cp50220 and cp50222 require.
   */
  #elements: Designated[] = [null, 'kana', null, null];
  #shifted = false;
  #single: 2 | 3 | null = null;
  #at = 0;

  constructor(bytes: Buffer, cut: boolean) {
    this.#bytes = bytes;
    this.#cut = cut;
    this.#out = new TextBuffer(bytes.length);
  }

  read(): string {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const octet = bytes[this.#at] ?? 0;
      if (octet < 0x20) this.#control(octet);
      else if (octet >= 0x80) this.#right(octet);
      else this.#left(octet);
    }
    return this.#out.toString();
  }

  #control(octet: number): void {
    if (octet === ESCAPE) {
      this.#escape();
      return;
    }
    this.#at++;
    if (octet === SHIFT_OUT) this.#shifted = true;
    else if (octet === SHIFT_IN) this.#shifted = false;
    else {
      // Every line begins in ASCII (RFC 1468, RFC 1557), even if a gateway removed the last escape sequence of
      // the previous line.
      if (octet === LF || octet === CR) {
        this.#elements[0] = null;
        this.#shifted = false;
      }
      this.#out.push(octet);
    }
  }

  /**
   * Decodes an octet below 0x80 that is not a control character. It selects a character from the set in G0;
   * after the control SO, from the set in G1; after a single shift, from the set in G2 or G3.
   */
  #left(octet: number): void {
    const element = this.#single ?? (this.#shifted ? 1 : 0);
    this.#single = null;
    const set = octet > 0x20 || this.#is96(element) ? (this.#elements[element] ?? null) : null;
    if (set === null || octet === 0x7f) {
      this.#at++;
      this.#out.push(octet);
      return;
    }
    this.#character(set, 0);
  }

  #is96(element: number): boolean {
    const set = this.#elements[element];
    return set === 'latin1' || set === 'greek';
  }

  /**
   * Decodes an octet of 0x80 or above: a single shift, or an octet that selects a character from the set in
   * G1 (after a single shift, in G2 or G3).
   */
  #right(octet: number): void {
    if (octet === 0x8e || octet === 0x8f) {
      this.#single = octet === 0x8e ? 2 : 3;
      this.#at++;
      return;
    }
    const element = this.#single ?? 1;
    this.#single = null;
    const set = this.#elements[element] ?? null;
    if (octet < 0xa0 || set === null) {
      this.#at++;
      this.#out.push(REPLACEMENT);
      return;
    }
    this.#character(set, 0x80);
  }

  #character(name: SetName | 'unknown', offset: 0 | 0x80): void {
    const set: CodedSet | null = name === 'unknown' ? null : codedSet(name);
    const first = (this.#bytes[this.#at++] ?? 0) - offset - (set?.first ?? 0x21);
    if (set?.width === 1) this.#out.push(set.units[first] ?? REPLACEMENT);
    else this.#secondOctet(set, first, offset);
  }

  /** Reads the second octet of a two-octet character and appends the character to the text. */
  #secondOctet(set: CodedSet | null, first: number, offset: 0 | 0x80): void {
    const octet = this.#bytes[this.#at];
    if (octet === undefined) {
      if (!this.#cut) this.#out.push(REPLACEMENT);
      return;
    }
    const second = octet - offset - 0x21;
    if (first < 0 || second < 0 || second >= 94) {
      // An octet that cannot be the second octet of a character is not skipped, because it may begin the next
      // character.
      this.#out.push(REPLACEMENT);
      return;
    }
    this.#at++;
    this.#out.push(set?.units[first * 94 + second] ?? REPLACEMENT);
  }

  #escape(): void {
    const bytes = this.#bytes;
    const next = bytes[this.#at + 1];
    const single = next === undefined ? undefined : SINGLE_SHIFTS.get(next);
    if (single !== undefined) {
      this.#single = single;
      this.#at += 2;
    } else if (next === DOLLAR) {
      this.#designateDouble();
    } else if (next === REVISION && isFinal(bytes[this.#at + 2])) {
      // The sequence `ESC & @` means that the next escape sequence selects a revised version of its character
      // set. The decoder ignores the revision and skips this sequence.
      this.#at += 3;
    } else {
      this.#designateSingle();
    }
  }

  #designateDouble(): void {
    const third = this.#bytes[this.#at + 2];
    const intermediate = INTERMEDIATES[character(third)];
    const final = intermediate === undefined ? third : this.#bytes[this.#at + 3];
    if (!isFinal(final)) {
      this.#unknownEscape();
      return;
    }
    this.#designate(intermediate?.[0] ?? 0, SETS_DOUBLE[character(final)] ?? 'unknown');
    this.#at += intermediate === undefined ? 3 : 4;
  }

  #designateSingle(): void {
    const intermediate = INTERMEDIATES[character(this.#bytes[this.#at + 1])];
    const final = this.#bytes[this.#at + 2];
    if (intermediate === undefined || !isFinal(final)) {
      this.#unknownEscape();
      return;
    }
    const [element, sets] = intermediate;
    this.#designate(element, sets[character(final)] ?? null);
    this.#at += 3;
  }

  #designate(element: number, set: Designated): void {
    this.#elements[element] = set;
    // In ISO-2022-KR and ISO-2022-CN, an escape sequence that assigns a set to G1 marks the beginning of a
    // text. Where encoded words are joined, such a sequence also occurs in the middle of the octets; it ends a
    // shift that is active there.
    if (element === 1) this.#shifted = false;
  }

  /** Handles an escape sequence that is unknown or incomplete. */
  #unknownEscape(): void {
    const left = this.#bytes.length - this.#at;
    if (left <= 3 && this.#cut) this.#at += left;
    else this.#out.push(this.#bytes[this.#at++] ?? 0);
  }
}

/**
 * Decodes text in an ISO 2022 charset.
 * @param cut whether the text continues after `bytes`; if so, an incomplete character at the end is left out
 */
export const decodeIso2022 = (bytes: Buffer, cut = false): string => new Reader(bytes, cut).read();

/**
 * Returns whether 7-bit octets without a label are ISO 2022, which means that they contain an escape sequence
 * for a set of two-octet characters.
 */
export function looksLikeIso2022(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(ESCAPE); at !== -1; at = bytes.indexOf(ESCAPE, at + 1)) {
    if (bytes[at + 1] === DOLLAR && /^(?:[@AB]|[()*+][@-HOQ])/.test(bytes.toString('latin1', at + 2, at + 4)))
      return true;
  }
  return false;
}
