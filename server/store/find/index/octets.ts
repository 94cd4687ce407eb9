/**
 * Encodes a number as a variable number of octets. Each octet holds seven bits of the number, beginning with
 * the lowest bits; its high bit is set if more octets follow.
 */

import { octetBuffer } from './large-buffer.ts';

/** A growing buffer to which encoded numbers and octets are appended. */
export class OctetWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = octetBuffer(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Appends an integer from 0 to 2³² − 1. */
  number(value: number): void {
    if (this.#length + 5 > this.#bytes.length) this.#grow(5);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  append(octets: Uint8Array): void {
    if (this.#length + octets.length > this.#bytes.length) this.#grow(octets.length);
    this.#bytes.set(octets, this.#length);
    this.#length += octets.length;
  }

  text(text: string): void {
    const most = text.length * 3;
    if (this.#length + most > this.#bytes.length) this.#grow(most);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /**
   * The octets that were appended so far. The result is a view of this buffer, which is valid until the next
   * call of another method.
   */
  get octets(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(by: number): void {
    const grown = octetBuffer(Math.max(this.#length + by, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Reads numbers from octets that an `OctetWriter` encoded. */
export class OctetReader {
  readonly octets: Uint8Array;
  at = 0;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }

  get isAtEnd(): boolean {
    return this.at >= this.octets.length;
  }

  number(): number {
    const { octets } = this;
    let octet = octets[this.at++] ?? 0;
    if (octet < 128) return octet;
    let value = octet & 127;
    for (let shift = 7; octet >= 128 && shift < 35; shift += 7) {
      octet = octets[this.at++] ?? 0;
      value |= (octet & 127) << shift;
    }
    return value >>> 0;
  }
}
