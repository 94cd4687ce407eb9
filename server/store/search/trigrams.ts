/**
 * Trigrams of folded text as columns of a signature: three UTF-16 units that stand together set one bit of
 * `COLUMNS`. A text that holds another has all of its bits, so what lacks one cannot hold it.
 */

/** Columns of the widest signature, a power of two. */
export const COLUMN_BITS = 13;
export const COLUMNS = 1 << COLUMN_BITS;

/** Column of three units; a narrower signature takes the leading bits of it. */
function columnOf(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> (32 - COLUMN_BITS);
}

/** Columns of one message, gathered text by text. */
export class Signature {
  readonly #set = new Uint8Array(COLUMNS);
  readonly #columns: number[] = [];

  /** Each once, in no order. */
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

/** Columns that every text with these pieces has set; none when the pieces are too short to tell. */
export function columnsOf(pieces: readonly string[]): readonly number[] {
  const signature = new Signature();
  for (const piece of pieces) signature.add(piece);
  return signature.columns;
}
