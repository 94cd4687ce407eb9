/** Converts an offset in a raw message, or in a decoded text, to a line and a column. */

const LF = 10;

interface LinePlace {
  /** The number of the line, counted from 1. */
  readonly line: number;
  /** The position in the line, counted from 1: in octets of a message, in UTF-16 code units of a text. */
  readonly column: number;
}

export class LineTable {
  readonly #starts: Uint32Array;

  /** @param raw the octets of a message, or a decoded text, in which columns are UTF-16 code units */
  constructor(raw: Buffer | string) {
    const nextFeed = (from: number): number =>
      typeof raw === 'string' ? raw.indexOf('\n', from) : raw.indexOf(LF, from);
    const starts = [0];
    for (let feed = nextFeed(0); feed !== -1; feed = nextFeed(feed + 1)) starts.push(feed + 1);
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
