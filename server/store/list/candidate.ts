/** A message as the matcher sees it: flags at once, summary and content read when they are asked for. */
import { filenames, searchText } from '../../message/search-text.ts';
import { parseStructure } from '../../message/parse.ts';
import type { HeaderField, MessageStructure } from '../../message/structure.ts';
import type { MessageId } from '../ids.ts';
import { fold } from '../query/fold.ts';
import type { Candidate } from '../query/match.ts';
import type { MessageRecord } from '../state/message-record.ts';
import type { MessageSummary } from '../store.ts';

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

interface Bytes {
  readonly raw: Buffer;
  readonly structure: MessageStructure;
}

export class MessageCandidate implements Candidate {
  readonly seen: boolean;
  readonly flagged: boolean;
  readonly #record: MessageRecord;
  readonly #reader: MessageReader;
  #summary: MessageSummary | undefined;
  #bytes: Bytes | undefined;
  #folded: string | undefined;

  constructor(record: MessageRecord, flags: { seen: boolean; flagged: boolean }, reader: MessageReader) {
    this.#record = record;
    this.seen = flags.seen;
    this.flagged = flags.flagged;
    this.#reader = reader;
  }

  get summary(): MessageSummary {
    return (this.#summary ??= this.#reader.summary(this.#record));
  }

  headers(): readonly HeaderField[] {
    return this.#load().structure.root.headers;
  }

  foldedText(): string {
    return (this.#folded ??= this.#reader.keptText(this.#record.id) ?? this.#readText());
  }

  #readText(): string {
    const { raw, structure } = this.#load();
    const folded = fold(searchText(raw, structure));
    this.#reader.keepText(this.#record.id, folded);
    return folded;
  }

  filenames(): readonly string[] {
    return filenames(this.#load().structure);
  }

  #load(): Bytes {
    if (this.#bytes === undefined) {
      const raw = this.#reader.rawNow(this.#record.id) ?? NO_BYTES;
      this.#bytes = { raw, structure: parseStructure(raw) };
    }
    return this.#bytes;
  }
}
