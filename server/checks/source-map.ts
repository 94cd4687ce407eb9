/**
 * Converts a position in the decoded text of a part to an offset in the raw message, by way of the character
 * set and the transfer encoding, so that a finding refers to the transmitted bytes. The tables for the
 * conversion are built when the first position is converted.
 */
import { encodedLength } from '../message/charset/index.ts';
import type { MimePart } from '../message/structure.ts';

const LF = 10;
const EQUALS = 61;

const isHexDigit = (byte: number | undefined): boolean =>
  byte !== undefined && /[0-9a-f]/i.test(String.fromCharCode(byte));
const isBase64Digit = (byte: number): boolean => /[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte));
const base64Digits = Uint8Array.from({ length: 256 }, (_, byte) => (isBase64Digit(byte) ? 1 : 0));

/**
 * Decodes one unit (an octet or a character) at the offset `at`. Returns the number of raw octets that the
 * unit takes, and the number of units of output that it yields.
 */
type Step = (bytes: Buffer, at: number) => readonly [octets: number, units: number];

const quotedPrintableStep: Step = (bytes, at) => {
  if (bytes[at] !== EQUALS) return [1, 1];
  if (isHexDigit(bytes[at + 1]) && isHexDigit(bytes[at + 2])) return [3, 1];
  let end = at + 1;
  while (bytes[end] === 32 || bytes[end] === 9) end++;
  if (bytes[end] === 13) end++;
  return bytes[end] === LF ? [end + 1 - at, 0] : [1, 1];
};

const base64Step: Step = (bytes, at) => [1, base64Digits[bytes[at] ?? 0] ?? 0];

/**
 * The distance between two stored positions in octets. It is small, so that few octets are counted from a stored
 * position to a searched position, but large enough to keep the list of positions short.
 */
const STRIDE = 4096;

/** Finds the offset in an encoded body that corresponds to a position in the decoded output. */
class Walk {
  readonly #body: Buffer;
  readonly #step: Step;
  /**
   * Stored positions: pairs of an offset in the encoded body and the number of decoded units before it, in
   * ascending order.
   */
  readonly #marks: [offset: number, units: number][] = [[0, 0]];

  constructor(body: Buffer, step: Step) {
    this.#body = body;
    this.#step = step;
    let units = 0;
    let next = STRIDE;
    for (let at = 0; at < body.length;) {
      if (at >= next) {
        this.#marks.push([at, units]);
        next = at + STRIDE;
      }
      const [octets, made] = step(body, at);
      at += octets;
      units += made;
    }
  }

  offsetOf(unit: number): number {
    let low = 0;
    let high = this.#marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#marks[middle]?.[1] ?? 0) <= unit) low = middle;
      else high = middle - 1;
    }
    let [at, units] = this.#marks[low] ?? [0, 0];
    for (;;) {
      const [octets, made] = this.#step(this.#body, at);
      if (at >= this.#body.length || (made > 0 && units >= unit)) return Math.min(at, this.#body.length);
      at += octets;
      units += made;
    }
  }
}

/** Maps positions in the decoded text of one part to offsets in the raw message. */
export class SourceMap {
  readonly #part: MimePart;
  readonly #body: Buffer;
  #walk: Walk | undefined;

  constructor(raw: Buffer, part: MimePart) {
    this.#part = part;
    this.#body = raw.subarray(part.bodyStart, part.bodyEnd);
  }

  /** Returns the offset in the raw message of the character at `index` of the part's decoded `text`. */
  offsetOf(text: string, index: number): number {
    const { bodyStart, bodyEnd, encoding, parameters } = this.#part;
    const octet = encodedLength(text.slice(0, index), parameters['charset'] ?? '');
    if (encoding === 'quoted-printable') {
      this.#walk ??= new Walk(this.#body, quotedPrintableStep);
      return bodyStart + this.#walk.offsetOf(octet);
    }
    if (encoding === 'base64') {
      this.#walk ??= new Walk(this.#body, base64Step);
      return bodyStart + this.#walk.offsetOf(Math.floor((octet * 4) / 3));
    }
    return encoding.endsWith('uuencode') ? bodyStart : Math.min(bodyStart + octet, bodyEnd);
  }
}
