/** Converts a segment of the search index in memory to the content of a segment on disk. */
import { CUT, type FreshColumn, type FreshSegment } from './fresh-segment.ts';
import { OctetWriter } from './octets.ts';
import { encodeDocs, PostingsWriter, type SegmentContent } from './segment-content.ts';
import type { TableEntry } from './table.ts';

/**
 * Returns the columns and the tokens of a segment in memory. No documents may be added to the segment while
 * the result is read.
 */
export const textsOfFresh = (segment: FreshSegment): Pick<SegmentContent, 'columns' | 'tokens'> => ({
  columns: columnsOf(segment),
  tokens: tokenEntries(segment),
});

/**
 * Returns the indices of the texts, ordered by text (UTF-16 units). The texts are sorted first and then mapped to
 * their indices, which is faster than sorting the indices.
 */
function orderOf(texts: readonly string[]): number[] {
  const numbers = new Map(texts.map((text, number) => [text, number]));
  return [...texts].sort().map((text) => numbers.get(text) ?? 0);
}

function* columnsOf(segment: FreshSegment): Generator<readonly [string, Iterable<TableEntry>]> {
  for (const name of [...segment.columns.keys()].sort()) {
    const column = segment.columns.get(name);
    if (column !== undefined) yield [name, columnEntries(column)];
  }
}

function* columnEntries({ texts, docs, textOf }: FreshColumn): Generator<TableEntry> {
  const docsOf: number[][] = texts.map(() => []);
  for (const [at, doc] of docs.entries()) {
    const list = docsOf[textOf[at] ?? 0];
    if (list?.at(-1) !== doc) list?.push(doc);
  }
  const writer = new OctetWriter();
  for (const number of orderOf(texts)) {
    writer.clear();
    encodeDocs(docsOf[number] ?? [], writer);
    yield { text: texts[number] ?? '', postings: writer.octets };
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
function sortPositions(segment: FreshSegment): SortedPositions {
  const starts = new Uint32Array(segment.tokens.length + 1);
  for (let doc = 0; doc < segment.size; doc++) {
    for (const token of segment.tokensOf(doc)) starts[token + 1] = (starts[token + 1] ?? 0) + 1;
  }
  for (let token = 1; token < starts.length; token++) {
    starts[token] = (starts[token] ?? 0) + (starts[token - 1] ?? 0);
  }
  const next = starts.slice();
  const docs = new Uint32Array(segment.positions);
  const positions = new Uint32Array(segment.positions);
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

function* tokenEntries(segment: FreshSegment): Generator<TableEntry> {
  const sorted = sortPositions(segment);
  const writer = new PostingsWriter();
  for (const token of orderOf(segment.tokens)) {
    if (token === CUT) continue;
    writer.clear();
    writePositions(sorted, token, writer);
    yield { text: segment.tokens[token] ?? '', postings: writer.octets.octets };
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
