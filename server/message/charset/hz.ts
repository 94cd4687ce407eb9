/**
 * Decodes HZ (RFC 1843): GB 2312 in seven bits, between `~{` and `~}`. The decoder makes one pass and writes to
 * one buffer.
 */
import { codedSet } from './sets.ts';
import { REPLACEMENT, TextBuffer } from './text-buffer.ts';

const LF = 0x0a;
const CR = 0x0d;
const TILDE = 0x7e;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const isLineEnd = (octet: number | undefined): boolean => octet === LF || octet === CR;

/** Returns whether an octet can be the second octet of a two-octet character in HZ. */
const isTrail = (octet: number): boolean => octet > 0x20 && octet < 0x7f;

/** Decodes one HZ text. The reader is in ASCII mode or, after `~{`, in GB 2312 mode. */
class HzReader {
  readonly #bytes: Buffer;
  readonly #cut: boolean;
  readonly #out: TextBuffer;
  readonly #units = codedSet('gb2312').units;
  #chinese = false;
  #at = 0;

  constructor(bytes: Buffer, cut: boolean) {
    this.#bytes = bytes;
    this.#cut = cut;
    this.#out = new TextBuffer(bytes.length);
  }

  read(): string {
    while (this.#at < this.#bytes.length) {
      const octet = this.#bytes[this.#at] ?? 0;
      const next = this.#bytes[this.#at + 1];
      if (octet === TILDE && this.#escape(next)) continue;
      if (this.#chinese && octet > 0x20 && octet < TILDE) this.#double(octet, next);
      else this.#single(octet, next);
    }
    return this.#out.toString();
  }

  /**
   * Handles a tilde and the octet `next` after it as an escape sequence (RFC 1843 §2). Returns false if they
   * form no escape sequence.
   */
  #escape(next: number | undefined): boolean {
    if (next === OPEN || next === CLOSE) {
      this.#chinese = next === OPEN;
      this.#at += 2;
      return true;
    }
    if (this.#chinese) return false;
    if (next === TILDE) {
      this.#out.push(TILDE);
      this.#at += 2;
      return true;
    }
    if (!isLineEnd(next)) return false;
    // A tilde at the end of a line means that the line continues on the next line.
    this.#at += next === CR && this.#bytes[this.#at + 2] === LF ? 3 : 2;
    return true;
  }

  #double(lead: number, trail: number | undefined): void {
    if (trail !== undefined && isTrail(trail)) {
      this.#out.push(this.#units[(lead - 0x21) * 94 + trail - 0x21] ?? REPLACEMENT);
      this.#at += 2;
      return;
    }
    if (trail !== undefined || !this.#cut) this.#out.push(REPLACEMENT);
    this.#at++;
  }

  #single(octet: number, next: number | undefined): void {
    // At the end of a line, the mode is reset: every line begins in ASCII mode (RFC 1843 §2).
    if (isLineEnd(octet)) this.#chinese = false;
    const isCutEscape = octet === TILDE && next === undefined && this.#cut;
    if (!isCutEscape) this.#out.push(octet < 0x80 ? octet : REPLACEMENT);
    this.#at++;
  }
}

/**
 * Decodes text in the charset HZ.
 * @param cut whether the text continues after `bytes`; if so, an incomplete character at the end is left out
 */
export function decodeHz(bytes: Buffer, cut = false): string {
  return new HzReader(bytes, cut).read();
}
