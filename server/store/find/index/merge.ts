/**
 * Merges segments of the search index into one, because each segment makes a search slower. Removed messages
 * are left out. The postings (lists of documents) are read in the order in which they are stored, a quarter of
 * a megabyte at once.
 */
import { Bits } from './bits.ts';
import { OctetReader, OctetWriter } from './octets.ts';
import {
  HAS_ATTACHMENTS,
  HAS_HTML,
  encodeDocs,
  PostingsWriter,
  type SegmentContent,
} from './segment-content.ts';
import { checkPostings, type StoredSegment } from './stored-segment.ts';
import { postingsAt, tableSize, textAt, type Table, type TableEntry } from './table.ts';

/** Number of octets of postings (lists of documents) that are read at once. */
const WINDOW = 1 << 18;
/**
 * Value in place of a document number, for a document that the merged segment does not contain because its
 * message was removed.
 */
const REMOVED = -1;

/** One of the segments that a merge combines into a new segment. */
export interface MergePart {
  readonly segment: StoredSegment;
  /**
   * For each document of the segment, by document number: whether the store still contains the message of the
   * document.
   */
  readonly isAlive: readonly boolean[];
}

interface Source {
  readonly segment: StoredSegment;
  /**
   * For each document of the old segment, by document number: its number in the merged segment, or `REMOVED`.
   */
  readonly numbers: Int32Array;
}

/**
 * The content of the segment that a merge creates, without message ids and stamps (a stamp identifies a message
 * together with its id). The caller adds both, in the order of the source segments.
 */
export type MergedContent = Omit<SegmentContent, 'ids' | 'stamps'>;

export function mergedContent(parts: readonly MergePart[]): MergedContent {
  const facts: SegmentContent['facts'][number][] = [];
  const lengths: number[] = [];
  const partial = new Bits();
  const sources = parts.map(({ segment, isAlive }) => {
    const numbers = new Int32Array(segment.size).fill(REMOVED);
    segment.facts.forEach((own, doc) => {
      if (isAlive[doc] !== true) return;
      numbers[doc] = facts.length;
      if (segment.partial.has(doc)) partial.add(facts.length);
      lengths.push(segment.lengths[doc] ?? 0);
      facts.push({ hasHtml: (own & HAS_HTML) !== 0, hasAttachments: (own & HAS_ATTACHMENTS) !== 0 });
    });
    return { segment, numbers };
  });
  const names = new Set(sources.flatMap(({ segment }) => segment.columnNames));
  return {
    facts,
    lengths,
    partial,
    columns: Array.from([...names].sort(), (name) => [name, mergedColumn(name, sources)] as const),
    tokens: mergedTokens(sources),
  };
}

/** Iterates over the entries (texts or tokens) of one segment in ascending order. */
class Cursor {
  readonly numbers: Int32Array;
  readonly #table: Table;
  readonly #read: (from: number, to: number, into: Buffer) => Promise<Buffer>;
  #entry = 0;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;
  /** Text of the current entry; `undefined` after the last entry. */
  text: string | undefined;

  /**
   * @param read reads postings (lists of documents); it may overwrite the buffer `into`, which the previous call
   *   returned
   */
  constructor(
    table: Table,
    numbers: Int32Array,
    read: (from: number, to: number, into: Buffer) => Promise<Buffer>,
  ) {
    this.#table = table;
    this.numbers = numbers;
    this.#read = read;
    this.#load();
  }

  #load(): void {
    this.text = this.#entry < tableSize(this.#table) ? textAt(this.#table, this.#entry) : undefined;
  }

  advance(): void {
    this.#entry++;
    this.#load();
  }

  /**
   * The postings (list of documents) of the current entry; `undefined` if they are not among the octets that
   * were read last.
   */
  get postings(): Buffer | undefined {
    const { from, to } = postingsAt(this.#table, this.#entry);
    if (from < this.#start || to > this.#start + this.#window.length) return undefined;
    const postings = this.#window.subarray(from - this.#start, to - this.#start);
    checkPostings(postings, this.#table, this.#entry);
    return postings;
  }

  /**
   * Reads the postings (lists of documents) of the current entry and, so that fewer reads are needed, those of
   * the entries after it. Returns the postings of the current entry.
   */
  async fill(): Promise<Buffer> {
    const { from, to } = postingsAt(this.#table, this.#entry);
    const end = postingsAt(this.#table, tableSize(this.#table) - 1).to;
    this.#start = from;
    this.#window = await this.#read(from, Math.max(to, Math.min(end, from + WINDOW)), this.#window);
    return this.postings ?? Buffer.alloc(0);
  }
}

/**
 * Merges the sorted entries of several segments into one ascending sequence. If several segments have an entry
 * for the same token, `copy` is called with the postings (the list of occurrences) from each of these segments.
 */
async function* mergedEntries(
  cursors: readonly Cursor[],
  begin: () => void,
  copy: (postings: Buffer, numbers: Int32Array) => void,
  written: () => Buffer,
): AsyncGenerator<TableEntry, void, void> {
  for (;;) {
    let text: string | undefined;
    for (const cursor of cursors) {
      if (cursor.text !== undefined && (text === undefined || cursor.text < text)) text = cursor.text;
    }
    if (text === undefined) return;
    begin();
    for (const cursor of cursors) {
      if (cursor.text !== text) continue;
      copy(cursor.postings ?? (await cursor.fill()), cursor.numbers);
      cursor.advance();
    }
    const postings = written();
    if (postings.length > 0) yield { text, postings };
  }
}

async function* mergedTokens(sources: readonly Source[]): AsyncGenerator<TableEntry, void, void> {
  const cursors = await Promise.all(
    sources.map(async ({ segment, numbers }) => {
      return new Cursor(await segment.tokens(), numbers, (from, to, into) =>
        segment.postings(from, to, into),
      );
    }),
  );
  const writer = new PostingsWriter();
  const copy = (postings: Buffer, numbers: Int32Array): void => {
    const reader = new OctetReader(postings);
    for (let doc = -1; !reader.isAtEnd;) {
      const head = reader.number();
      doc += head >>> 1;
      const isSingle = (head & 1) === 1;
      const length = isSingle ? 0 : reader.number();
      const start = reader.at;
      if (isSingle) reader.number();
      else reader.at += length;
      const number = numbers[doc] ?? REMOVED;
      if (number !== REMOVED) writer.copy(number, isSingle, postings.subarray(start, reader.at));
    }
  };
  yield* mergedEntries(
    cursors,
    () => writer.clear(),
    copy,
    () => writer.octets.octets,
  );
}

async function* mergedColumn(
  name: string,
  sources: readonly Source[],
): AsyncGenerator<TableEntry, void, void> {
  const cursors: Cursor[] = [];
  for (const { segment, numbers } of sources) {
    if (segment.columnsNamed(name).length === 0) continue;
    const column = await segment.column(name);
    cursors.push(new Cursor(column, numbers, async (from, to) => column.postings.subarray(from, to)));
  }
  const writer = new OctetWriter();
  const docs: number[] = [];
  const copy = (postings: Buffer, numbers: Int32Array): void => {
    const reader = new OctetReader(postings);
    for (let doc = -1; !reader.isAtEnd;) {
      const number = numbers[(doc += reader.number())] ?? REMOVED;
      if (number !== REMOVED) docs.push(number);
    }
  };
  const begin = (): void => {
    docs.length = 0;
  };
  const written = (): Buffer => {
    writer.clear();
    encodeDocs(docs, writer);
    return writer.octets;
  };
  yield* mergedEntries(cursors, begin, copy, written);
}
