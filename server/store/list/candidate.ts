/** A message as the matcher sees it: flags at once, summary and content read when they are asked for. */
import { filenames, searchText } from '../../message/search-text.ts';
import { parseStructure } from '../../message/parse.ts';
import type { HeaderField, MessageStructure } from '../../message/structure.ts';
import type { MessageId } from '../ids.ts';
import type { Candidate } from '../query/match.ts';
import type { MessageRecord } from '../state/message-record.ts';
import type { MessageSummary } from '../store.ts';

const NO_BYTES = Buffer.alloc(0);

/** Reads what is kept of messages, on the spot: searches read a slice of them at a time. */
export interface MessageReader {
  summary(record: MessageRecord): MessageSummary;
  /** `undefined` when the bytes are missing. */
  rawNow(id: MessageId): Buffer | undefined;
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

  text(): string {
    const { raw, structure } = this.#load();
    return searchText(raw, structure);
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
