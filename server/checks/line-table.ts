/** Converts an offset in a raw message to a line and a column. */

const LF = 10;

interface LinePlace {
  /** The number of the line in the raw message, counted from 1. */
  readonly line: number;
  /** The position in the line in octets, counted from 1. */
  readonly column: number;
}

export class LineTable {
  readonly #starts: Uint32Array;

  constructor(raw: Buffer) {
    const starts = [0];
    for (let feed = raw.indexOf(LF); feed !== -1; feed = raw.indexOf(LF, feed + 1)) starts.push(feed + 1);
    this.#starts = Uint32Array.from(starts);
  }

  placeOf(offset: number): LinePlace {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
