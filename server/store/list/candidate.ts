/** A message as the matcher sees it: what is resident at once, the rest read from its bytes when asked for. */
import { filenames, searchText } from '../../message/search-text.ts';
import { parseStructure } from '../../message/parse.ts';
import type { HeaderField, MessageStructure } from '../../message/structure.ts';
import type { MessageId } from '../ids.ts';
import type { Candidate } from '../query/match.ts';
import type { MessageSummary } from '../store.ts';

const NO_BYTES = Buffer.alloc(0);

export type ReadRaw = (id: MessageId) => Buffer | undefined;

interface Bytes {
  readonly raw: Buffer;
  readonly structure: MessageStructure;
}

export class MessageCandidate implements Candidate {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
  readonly #read: ReadRaw;
  #bytes: Bytes | undefined;

  constructor(summary: MessageSummary, flags: { seen: boolean; flagged: boolean }, read: ReadRaw) {
    this.summary = summary;
    this.seen = flags.seen;
    this.flagged = flags.flagged;
    this.#read = read;
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
      const raw = this.#read(this.summary.id) ?? NO_BYTES;
      this.#bytes = { raw, structure: parseStructure(raw) };
    }
    return this.#bytes;
  }
}
