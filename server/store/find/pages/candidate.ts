/**
 * Presents a stored message to the matcher, which compares it with a query. The flags of the message are in
 * memory; its summary and its content are read only when the matcher needs them.
 */
import { filenames, searchText } from '../../../message/search-text.ts';
import { parseStructure } from '../../../message/parse.ts';
import type { MessageStructure } from '../../../message/structure.ts';
import type { MessageId } from '../../ids.ts';
import { fold } from '../language/fold.ts';
import type { Query } from '../language/ast.ts';
import type { Searchable, SearchedField } from '../language/searched.ts';
import type { Candidate } from '../language/candidate.ts';
import type { MessageRecord } from '../../model/mail.ts';
import type { MessageSummary } from '../../store.ts';
import { searchedFields } from './searchable.ts';

const NO_BYTES = Buffer.alloc(0);

/**
 * Reads the stored data of messages synchronously. This does not block other work for long, because a search
 * is divided into time slices.
 */
export interface MessageReader {
  summary(record: MessageRecord): MessageSummary;
  /** Returns the bytes of a message; `undefined` when the bytes are missing. */
  rawNow(id: MessageId): Buffer | undefined;
}

/**
 * Returns whether a message matches a term according to the search index; `undefined` if the index does not
 * know the answer.
 */
export type Known = (term: Query, record: MessageRecord) => boolean | undefined;

export class MessageCandidate implements Candidate {
  readonly seen: boolean;
  readonly flagged: boolean;
  readonly #record: MessageRecord;
  readonly #reader: MessageReader;
  /**
   * The searchable content of the message, which several searches share; `undefined` if no content was read
   * for this object in advance.
   */
  readonly #searchable: Searchable | undefined;
  readonly #known: Known | undefined;
  #summary: MessageSummary | undefined;
  #raw: Buffer | undefined;
  #structure: MessageStructure | undefined;
  #headers: readonly SearchedField[] | undefined;
  #folded: string | undefined;

  constructor(
    record: MessageRecord,
    flags: { readonly seen: boolean; readonly flagged: boolean },
    reader: MessageReader,
    {
      searchable,
      known,
    }: { readonly searchable?: Searchable | undefined; readonly known?: Known | undefined } = {},
  ) {
    this.#record = record;
    this.seen = flags.seen;
    this.flagged = flags.flagged;
    this.#reader = reader;
    this.#searchable = searchable;
    this.#known = known;
  }

  get facts(): MessageRecord {
    return this.#record;
  }

  known(term: Query): boolean | undefined {
    return this.#known?.(term, this.#record);
  }

  /** Reads the summary now, because it can no longer be read after the message is removed. */
  readSummary(): void {
    this.#summary ??= this.#reader.summary(this.#record);
  }

  get summary(): MessageSummary {
    return (this.#summary ??= this.#reader.summary(this.#record));
  }

  headers(): readonly SearchedField[] {
    return (this.#headers ??= this.#searchable?.headers ?? searchedFields(this.#parsed()));
  }

  foldedText(): string {
    return (this.#folded ??= this.#searchable?.text ?? fold(searchText(this.#bytes(), this.#parsed())));
  }

  filenames(): readonly string[] {
    return this.#searchable?.filenames ?? filenames(this.#parsed());
  }

  #bytes(): Buffer {
    return (this.#raw ??= this.#reader.rawNow(this.#record.id) ?? NO_BYTES);
  }

  #parsed(): MessageStructure {
    return (this.#structure ??= parseStructure(this.#bytes()));
  }
}
