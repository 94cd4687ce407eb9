/** Defines the content of a segment of the search index, and encodes the content as the sections of a file. */
import type { MessageId } from '../../ids.ts';
import type { TimeSlice } from '../../../async/time-slice.ts';
import type { Bits } from './bits.ts';
import type { IndexedFacts } from './document.ts';
import { OctetWriter } from './octets.ts';
import { SegmentFileWriter } from './segment-file.ts';
import { TableWriter, type TableEntry } from './table.ts';

/** The content of a segment of the search index. Documents (indexed messages) are numbered from 0. */
export interface SegmentContent {
  readonly ids: readonly MessageId[];
  /**
   * For each document, by document number: a number that identifies the message of the document together with
   * the message id (see `stampOf`).
   */
  readonly stamps: readonly number[];
  readonly facts: readonly IndexedFacts[];
  /** For each document, by document number: the number of token positions in its body. */
  readonly lengths: readonly number[];
  readonly partial: Bits;
  /**
   * The columns: pairs of a column name, such as that of the subjects, and the texts of the column in ascending
   * order.
   */
  readonly columns: Iterable<readonly [name: string, entries: Entries]>;
  /** The tokens that occur in the bodies, in ascending order. */
  readonly tokens: Entries;
}

/** Entries of a table of texts. No two entries have the same text. */
export type Entries = Iterable<TableEntry> | AsyncIterable<TableEntry>;

/**
 * Name of the file section with the table of tokens. The section of a column has the prefix `COLUMN` and the
 * name of the column.
 */
export const TOKENS = 'tokens';
export const COLUMN = 'column:';

/**
 * Bits of the octet that is stored for each document: properties that the query field `has:` tests, and
 * whether the body is only partly indexed.
 */
export const HAS_HTML = 1;
export const HAS_ATTACHMENTS = 2;
export const IS_PARTIAL = 4;

/** Encodes a segment and yields its octets in pieces. The work is divided into time slices. */
export async function* encodeSegment(
  content: SegmentContent,
  slice: TimeSlice,
): AsyncGenerator<Uint8Array, void, void> {
  const file = new SegmentFileWriter();
  yield* tableSections(file, TOKENS, content.tokens, slice);
  for (const [name, entries] of content.columns) yield* tableSections(file, COLUMN + name, entries, slice);
  yield* file.section('ids', [Buffer.from(content.ids.join('\n'))]);
  yield* file.section('stamps', [octetsOf(Uint32Array.from(content.stamps))]);
  yield* file.section('facts', [factOctets(content)]);
  yield* file.section('lengths', [octetsOf(Uint32Array.from(content.lengths))]);
  yield file.end(content.ids.length);
}

const factOctets = ({ facts, partial }: SegmentContent): Uint8Array =>
  Uint8Array.from(
    facts,
    ({ hasHtml, hasAttachments }, doc) =>
      (hasHtml ? HAS_HTML : 0) | (hasAttachments ? HAS_ATTACHMENTS : 0) | (partial.has(doc) ? IS_PARTIAL : 0),
  );

async function* tableSections(
  file: SegmentFileWriter,
  name: string,
  entries: Entries,
  slice: TimeSlice,
): AsyncGenerator<Uint8Array, void, void> {
  const writer = new TableWriter();
  yield* file.section(`${name}/postings`, writer.write(entries, slice));
  const { texts, starts, ends, sums } = writer.end();
  yield* file.section(`${name}/texts`, [texts]);
  yield* file.section(`${name}/starts`, [octetsOf(starts)]);
  yield* file.section(`${name}/ends`, [octetsOf(ends)]);
  yield* file.section(`${name}/sums`, [octetsOf(sums)]);
}

const octetsOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Writes the numbers of the documents that contain one text of a column. Each number is written as its
 * distance from the previous number.
 */
export function encodeDocs(docs: Iterable<number>, into: OctetWriter): void {
  let previous = -1;
  for (const doc of docs) {
    into.number(doc - previous);
    previous = doc;
  }
}

/**
 * Writes the positions of a token in each document that contains it. A document is written as twice its
 * distance from the previous document, plus one if a single position follows. If there are several positions,
 * the number of octets that they occupy is written before them, so that a reader can skip them.
 */
export class PostingsWriter {
  readonly octets = new OctetWriter();
  readonly #positions = new OctetWriter();
  #doc = -1;

  /** Prepares the writer for the postings (list of positions) of the next token. */
  clear(): void {
    this.octets.clear();
    this.#doc = -1;
  }

  /**
   * Adds the positions of the token in one document.
   * @param positions the positions in ascending order
   */
  add(doc: number, positions: Uint32Array): void {
    const distance = doc - this.#doc;
    this.#doc = doc;
    if (positions.length === 1) {
      this.octets.number(distance * 2 + 1);
      this.octets.number(positions[0] ?? 0);
      return;
    }
    this.#positions.clear();
    let previous = 0;
    for (const position of positions) {
      this.#positions.number(position - previous);
      previous = position;
    }
    this.addEncoded(distance, this.#positions.octets);
  }

  /** Adds the positions of the token in one document, as octets that were encoded for another segment. */
  copy(doc: number, isSingle: boolean, positions: Uint8Array): void {
    const distance = doc - this.#doc;
    this.#doc = doc;
    if (!isSingle) {
      this.addEncoded(distance, positions);
      return;
    }
    this.octets.number(distance * 2 + 1);
    this.octets.append(positions);
  }

  private addEncoded(distance: number, positions: Uint8Array): void {
    this.octets.number(distance * 2);
    this.octets.number(positions.length);
    this.octets.append(positions);
  }
}
