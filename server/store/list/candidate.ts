/** A stored message as the matcher sees it: flags at once, summary and content read when they are needed. */
import { filenames, searchText } from '../../message/search-text.ts';
import { parseStructure } from '../../message/parse.ts';
import type { MessageStructure } from '../../message/structure.ts';
import type { MessageId } from '../ids.ts';
import { fold } from '../query/fold.ts';
import type { Searchable, SearchedField } from '../query/searched.ts';
import type { Candidate } from '../query/candidate.ts';
import type { MessageRecord } from '../state/mail.ts';
import type { MessageSummary } from '../store.ts';
import { searchedFields } from './searchable.ts';

const NO_BYTES = Buffer.alloc(0);

/** Reads what is kept of messages, on the spot: searches read a slice of them at a time. */
export interface MessageReader {
  summary(record: MessageRecord): MessageSummary;
  /** `undefined` when the bytes are missing. */
  rawNow(id: MessageId): Buffer | undefined;
  /** The folded text of a message, where it is kept. */
  keptText(id: MessageId): string | undefined;
  /** Keeps it, where that is worthwhile. */
  keepText(id: MessageId, folded: string): void;
}

export class MessageCandidate implements Candidate {
  readonly seen: boolean;
  readonly flagged: boolean;
  readonly #record: MessageRecord;
  readonly #reader: MessageReader;
  /** What was read of its bytes before, for everybody. */
  readonly #searchable: Searchable | undefined;
  #summary: MessageSummary | undefined;
  #raw: Buffer | undefined;
  #structure: MessageStructure | undefined;
  #headers: readonly SearchedField[] | undefined;
  #folded: string | undefined;

  constructor(
    record: MessageRecord,
    flags: { readonly seen: boolean; readonly flagged: boolean },
    reader: MessageReader,
    searchable?: Searchable,
  ) {
    this.#record = record;
    this.seen = flags.seen;
    this.flagged = flags.flagged;
    this.#reader = reader;
    this.#searchable = searchable;
  }

  /** Reads the summary now: it can no longer be read when the message is removed. */
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
    return (this.#folded ??=
      this.#searchable?.text ?? this.#reader.keptText(this.#record.id) ?? this.#readText());
  }

  filenames(): readonly string[] {
    return this.#searchable?.filenames ?? filenames(this.#parsed());
  }

  #readText(): string {
    const folded = fold(searchText(this.#bytes(), this.#parsed()));
    this.#reader.keepText(this.#record.id, folded);
    return folded;
  }

  #bytes(): Buffer {
    return (this.#raw ??= this.#reader.rawNow(this.#record.id) ?? NO_BYTES);
  }

  #parsed(): MessageStructure {
    return (this.#structure ??= parseStructure(this.#bytes()));
  }
}
