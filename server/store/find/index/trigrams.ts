/**
 * Trigrams of folded text as columns of a signature: three consecutive UTF-16 units set one of `COLUMNS` bits. A
 * text that contains another text has all its bits, so a text that lacks one of them cannot contain it.
 */

/** Binary logarithm of the number of columns of the widest signature. */
export const COLUMN_BITS = 13;
export const COLUMNS = 1 << COLUMN_BITS;

/** Returns the column of three units; a narrower signature uses the leading bits of it. */
function columnOf(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> (32 - COLUMN_BITS);
}

/** The columns of one message, collected from all its texts. */
export class Signature {
  readonly #set = new Uint8Array(COLUMNS);
  readonly #columns: number[] = [];

  /** Returns the columns, each once, in any order. */
  get columns(): readonly number[] {
    return this.#columns;
  }

  add(folded: string): void {
    if (folded.length < 3) return;
    let a = folded.charCodeAt(0);
    let b = folded.charCodeAt(1);
    for (let at = 2; at < folded.length; at++) {
      const c = folded.charCodeAt(at);
      const column = columnOf(a, b, c);
      if (this.#set[column] === 0) {
        this.#set[column] = 1;
        this.#columns.push(column);
      }
      a = b;
      b = c;
    }
  }

  clear(): void {
    for (const column of this.#columns) this.#set[column] = 0;
    this.#columns.length = 0;
  }
}

/** Returns the columns that every text with these pieces has; none when all pieces are shorter than a trigram. */
export function columnsOf(pieces: readonly string[]): readonly number[] {
  const signature = new Signature();
  for (const piece of pieces) signature.add(piece);
  return signature.columns;
}
