/** A buffer of known size to which UTF-16 code units are appended one by one. */
export class TextBuffer {
  readonly #units: Uint16Array;
  #length = 0;

  /**
   * Creates an empty buffer.
   * @param size maximum number of code units that will be written
   */
  constructor(size: number) {
    this.#units = new Uint16Array(size);
  }

  push(unit: number): void {
    this.#units[this.#length++] = unit;
  }

  toString(): string {
    return Buffer.from(this.#units.buffer, 0, this.#length * 2).toString('utf16le');
  }
}

export const REPLACEMENT = 0xfffd;
