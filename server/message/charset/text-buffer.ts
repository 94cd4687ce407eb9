/** UTF-16 code units written one by one into one buffer of known size. */
export class TextBuffer {
  readonly #units: Uint16Array;
  #length = 0;

  /** @param size the most code units that will be written */
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
