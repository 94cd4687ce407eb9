/** Converts a segment of the search index in memory to the content of a segment on disk. */
import { CUT, type FreshColumn, type FreshSegment } from './fresh-segment.ts';
import { release, uint32Array } from './large-buffer.ts';
import { OctetWriter } from './octets.ts';
import { encodeDocs, PostingsWriter, type SegmentContent } from './segment-content.ts';
import type { TableEntry } from './table.ts';

/**
 * The arrays with which the positions of a segment are sorted. They are reused for the next segment: they would be
 * garbage outside the JavaScript heap, which V8 collects late.
 */
export class SortingSpace {
  #docs = uint32Array(0);
  #positions = uint32Array(0);

  /** Returns two arrays of at least this length, with arbitrary content. */
  arrays(length: number): { readonly docs: Uint32Array; readonly positions: Uint32Array } {
    if (this.#docs.length < length) {
      this.#docs = uint32Array(length);
      this.#positions = uint32Array(length);
    }
    return { docs: this.#docs, positions: this.#positions };
  }

  /** Returns the memory of the arrays. The object must not be used any more. */
  release(): void {
    release(this.#docs);
    release(this.#positions);
  }
}

/**
 * Returns the columns and the tokens of a segment in memory. No documents may be added to the segment, and `space`
 * must not be used otherwise, while the result is read.
 */
export const textsOfFresh = (
  segment: FreshSegment,
  space: SortingSpace,
): Pick<SegmentContent, 'columns' | 'tokens'> => ({
  columns: columnsOf(segment),
  tokens: tokenEntries(segment, space),
});

function* columnsOf(segment: FreshSegment): Generator<readonly [string, Iterable<TableEntry>]> {
  for (const name of [...segment.columns.keys()].sort()) {
    const column = segment.columns.get(name);
    if (column !== undefined) yield [name, columnEntries(column)];
  }
}

function* columnEntries(column: FreshColumn): Generator<TableEntry> {
  const { texts, docs, textOf } = column;
  const docsOf: number[][] = texts.map(() => []);
  for (const [at, doc] of docs.entries()) {
    const list = docsOf[textOf[at] ?? 0];
    if (list?.at(-1) !== doc) list?.push(doc);
  }
  const writer = new OctetWriter();
  for (const text of [...texts].sort()) {
    writer.clear();
    encodeDocs(docsOf[column.numberOf(text)] ?? [], writer);
    yield { text, postings: writer.octets };
  }
}

/**
 * The positions of all tokens in all documents of a segment, sorted by token, then by document, then by
 * position.
 */
interface SortedPositions {
  /** For each token, the index of its first position; the last element is the total number of positions. */
  readonly starts: Uint32Array;
  readonly docs: Uint32Array;
  readonly positions: Uint32Array;
}

/** Sorts the token positions of a segment by token (a counting sort). */
function sortPositions(segment: FreshSegment, space: SortingSpace): SortedPositions {
  const starts = new Uint32Array(segment.tokens.length + 1);
  for (let doc = 0; doc < segment.size; doc++) {
    for (const token of segment.tokensOf(doc)) starts[token + 1] = (starts[token + 1] ?? 0) + 1;
  }
  for (let token = 1; token < starts.length; token++) {
    starts[token] = (starts[token] ?? 0) + (starts[token - 1] ?? 0);
  }
  const next = starts.slice();
  const { docs, positions } = space.arrays(segment.positions);
  for (let doc = 0; doc < segment.size; doc++) {
    segment.tokensOf(doc).forEach((token, position) => {
      const at = next[token] ?? 0;
      next[token] = at + 1;
      docs[at] = doc;
      positions[at] = position;
    });
  }
  return { starts, docs, positions };
}

function* tokenEntries(segment: FreshSegment, space: SortingSpace): Generator<TableEntry> {
  const sorted = sortPositions(segment, space);
  const writer = new PostingsWriter();
  for (const text of [...segment.tokens].sort()) {
    const token = segment.numberOf(text);
    if (token === CUT) continue;
    writer.clear();
    writePositions(sorted, token, writer);
    yield { text, postings: writer.octets.octets };
  }
}

function writePositions(
  { starts, docs, positions }: SortedPositions,
  token: number,
  writer: PostingsWriter,
): void {
  const end = starts[token + 1] ?? 0;
  for (let at = starts[token] ?? 0; at < end;) {
    const doc = docs[at] ?? 0;
    let after = at + 1;
    while (after < end && docs[after] === doc) after++;
    writer.add(doc, positions.subarray(at, after));
    at = after;
  }
}
