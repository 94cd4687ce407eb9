/**
 * Cache of the raw messages and MIME trees that FETCH used last: clients request the structure of a message and
 * then its parts, or a large body in slices. Only the structure of large messages is cached, never their bytes.
 */
import { parseStructure } from '../../message/parse.ts';
import type { MessageStructure } from '../../message/structure.ts';
import type { MessageId } from '../../store/ids.ts';
import type { Messages, Placement } from '../../store/store.ts';
import { addressGroups, type AddressGroups } from './address-groups.ts';
import { Gate } from './gate.ts';
import { headerEnd } from './header-block.ts';
import { LargeMessage } from './large-message.ts';

/** Maximum number of octets of cached raw messages, for all sessions together. */
const BUDGET = 16 * 1024 * 1024;
/** Size in octets above which a message is large, which means that it is read in slices. */
const LARGE = 256 * 1024;
/**
 * Maximum number of large messages that are completely in memory at the same time, to parse their structure or
 * to decode a part.
 */
const WHOLE_AT_ONCE = 2;
/** Maximum number of large messages whose structure is cached. */
const STRUCTURES = 32;
/**
 * Maximum number of characters of cached envelopes: those of about twenty thousand messages. Clients request
 * envelopes repeatedly.
 */
const ENVELOPES = 8 * 1024 * 1024;
/** Maximum number of messages whose address groups are cached. */
const GROUPS = 200_000;

type Sized = Pick<Placement, 'message' | 'size'>;

/** The bytes of a message, and its structure, which is parsed on first use. */
export class LoadedMessage {
  readonly raw: Buffer;
  #structure: MessageStructure | null = null;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  /** The header of the message, from the first octet to the empty line. */
  get header(): Buffer {
    return this.raw.subarray(0, headerEnd(this.raw) ?? this.structure.root.bodyStart);
  }

  get structure(): MessageStructure {
    this.#structure ??= parseStructure(this.raw);
    return this.#structure;
  }
}

export class MessageCache {
  readonly #messages: Pick<Messages, 'raw' | 'rawPart'>;
  readonly #gate = new Gate(WHOLE_AT_ONCE);
  /** Cached messages, the least recently used first. */
  readonly #entries = new Map<MessageId, LoadedMessage>();
  #octets = 0;
  /** Cached large messages, the least recently used first. */
  readonly #large = new Map<MessageId, LargeMessage>();
  /** Encoded envelopes, also of messages whose bytes are not cached; the oldest entry first. */
  readonly #envelopes = new Map<MessageId, string>();
  #envelopeLength = 0;
  /** Groups in the address fields of messages; the oldest entry first. */
  readonly #groups = new Map<MessageId, AddressGroups>();

  constructor(messages: Pick<Messages, 'raw' | 'rawPart'>) {
    this.#messages = messages;
  }

  isLarge({ size }: Pick<Placement, 'size'>): boolean {
    return size > LARGE;
  }

  /** Returns the object that reads the parts of a large message. The message may already be expunged. */
  large({ message, size }: Sized): LargeMessage {
    const known =
      this.#large.get(message) ?? new LargeMessage(this.#messages, this.#gate, { id: message, size });
    this.#large.delete(message);
    this.#large.set(message, known);
    for (const oldest of this.#large.keys()) {
      if (this.#large.size <= STRUCTURES) break;
      this.#large.delete(oldest);
    }
    return known;
  }

  /** Returns a message and caches it if it is not large; `undefined` if the message is expunged. */
  async load(id: MessageId): Promise<LoadedMessage | undefined> {
    const known = this.#entries.get(id);
    if (known !== undefined) {
      this.#entries.delete(id);
      this.#entries.set(id, known);
      return known;
    }
    const raw = await this.#messages.raw(id);
    if (raw === undefined) return undefined;
    const loaded = new LoadedMessage(raw);
    if (raw.length <= LARGE && !this.#entries.has(id)) {
      this.#entries.set(id, loaded);
      this.#octets += raw.length;
      this.#shrink();
    }
    return loaded;
  }

  /**
   * Runs `use` on a message of any size; only a few large messages are in memory at the same time. Returns
   * `undefined` if the message is expunged.
   */
  async use<T>(message: Sized, use: (loaded: LoadedMessage) => Promise<T>): Promise<T | undefined> {
    const work = async (): Promise<T | undefined> => {
      const loaded = await this.load(message.message);
      return loaded && use(loaded);
    };
    return this.isLarge(message) ? this.#gate.run(work) : work();
  }

  /**
   * Returns the header of a message; `undefined` if the message is expunged. Of a large message, only the header
   * is read.
   */
  async header(message: Sized): Promise<Buffer | undefined> {
    return this.isLarge(message) ? this.large(message).header() : (await this.load(message.message))?.header;
  }

  /** Returns the cached ENVELOPE of a message, which never changes; `null` if it is not cached. */
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

  /**
   * Returns the groups in the address fields of a message; `undefined` if the message is expunged. The groups are
   * read from the header, because the summary of a message does not contain them.
   */
  async groups(message: Sized): Promise<AddressGroups | undefined> {
    const known = this.#groups.get(message.message);
    if (known !== undefined) return known;
    const header = await this.header(message);
    if (header === undefined) return undefined;
    const groups = addressGroups(header);
    this.#groups.set(message.message, groups);
    const [oldest] = this.#groups.keys();
    if (this.#groups.size > GROUPS && oldest !== undefined) this.#groups.delete(oldest);
    return groups;
  }

  #shrink(): void {
    for (const [id, { raw }] of this.#entries) {
      if (this.#octets <= BUDGET) return;
      this.#entries.delete(id);
      this.#octets -= raw.length;
    }
  }
}
