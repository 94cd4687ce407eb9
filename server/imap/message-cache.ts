/**
 * Raw messages and their MIME trees that FETCH touched last: clients ask for the structure first and for the parts
 * right after, or for a big body slice by slice.
 */
import { parseStructure } from '../message/parse.ts';
import type { MessageStructure } from '../message/structure.ts';
import { headerEnd } from './header-block.ts';
import type { MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';

/** Octets of raw messages kept for all sessions together. */
const BUDGET = 16 * 1024 * 1024;

/** Characters of envelopes kept: those of some twenty thousand messages, which is what clients list again and again. */
const ENVELOPES = 8 * 1024 * 1024;

/** A message's bytes, and its structure once asked for. */
export class LoadedMessage {
  readonly raw: Buffer;
  #structure: MessageStructure | null = null;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  /** The header, from the first octet to the empty line. */
  get header(): Buffer {
    return this.raw.subarray(0, headerEnd(this.raw) ?? this.structure.root.bodyStart);
  }

  get structure(): MessageStructure {
    this.#structure ??= parseStructure(this.raw);
    return this.#structure;
  }
}

export class MessageCache {
  readonly #store: Pick<Store, 'raw'>;
  /** Least recently used first. */
  readonly #entries = new Map<MessageId, LoadedMessage>();
  #octets = 0;
  /** Encoded, of messages whose bytes need not be here; the oldest first. */
  readonly #envelopes = new Map<MessageId, string>();
  #envelopeLength = 0;

  constructor(store: Pick<Store, 'raw'>) {
    this.#store = store;
  }

  /** The message, remembered if it is not too big; `undefined` when it is gone. */
  async load(id: MessageId): Promise<LoadedMessage | undefined> {
    const known = this.#entries.get(id);
    if (known !== undefined) {
      this.#entries.delete(id);
      this.#entries.set(id, known);
      return known;
    }
    const raw = await this.#store.raw(id);
    if (raw === undefined) return undefined;
    const loaded = new LoadedMessage(raw);
    if (raw.length <= BUDGET / 2 && !this.#entries.has(id)) {
      this.#entries.set(id, loaded);
      this.#octets += raw.length;
      this.#shrink();
    }
    return loaded;
  }

  /** The ENVELOPE of a message that was made lately; it never changes. */
  envelope(id: MessageId): string | null {
    return this.#envelopes.get(id) ?? null;
  }

  keepEnvelope(id: MessageId, text: string): void {
    if (this.#envelopes.has(id) || text.length > ENVELOPES / 100) return;
    this.#envelopes.set(id, text);
    this.#envelopeLength += text.length;
    for (const [oldest, { length }] of this.#envelopes) {
      if (this.#envelopeLength <= ENVELOPES) return;
      this.#envelopes.delete(oldest);
      this.#envelopeLength -= length;
    }
  }

  #shrink(): void {
    for (const [id, { raw }] of this.#entries) {
      if (this.#octets <= BUDGET) return;
      this.#entries.delete(id);
      this.#octets -= raw.length;
    }
  }
}
