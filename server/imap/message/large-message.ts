/**
 * A message that is too large to be held in memory for a slow client. Its header, its structure and slices of
 * its bytes are read only when they are needed.
 */
import { parseStructure } from '../../message/parse.ts';
import type { MessageStructure } from '../../message/structure.ts';
import type { MessageId } from '../../store/ids.ts';
import type { Messages } from '../../store/store.ts';
import type { Gate } from './gate.ts';
import { headerEnd } from './header-block.ts';
import type { OctetSpan } from './section.ts';

/** Number of octets of a message that are read and sent at a time. */
const SLICE = 256 * 1024;
/** Number of octets that are sent at a time if the content must be decoded again for each slice. */
const DERIVED_SLICE = 4 * 1024 * 1024;
/** Number of octets that are read first to find the end of a header. */
const HEADER_PART = 64 * 1024;
/** Maximum number of octets of a header that are read. */
const MAX_HEADER = 1024 * 1024;

/** Octets that are read in slices while they are sent to the client. */
export interface LateOctets {
  readonly length: number;
  /** Number of octets to read at a time. */
  readonly slice: number;
  /** Returns the octets `start` to `end` (exclusive); `undefined` if the message is expunged. */
  read(start: number, end: number): Promise<Buffer | undefined>;
}

export class LargeMessage {
  readonly id: MessageId;
  /** Size of the message in octets. */
  readonly size: number;
  readonly #messages: Pick<Messages, 'raw' | 'rawPart'>;
  readonly #gate: Gate;
  #structure: MessageStructure | null = null;
  #header: Buffer | null = null;

  /**
   * @param gate limits how many large messages are completely in memory at the same time; shared by all
   * sessions
   */
  constructor(
    messages: Pick<Messages, 'raw' | 'rawPart'>,
    gate: Gate,
    { id, size }: { id: MessageId; size: number },
  ) {
    this.#messages = messages;
    this.#gate = gate;
    this.id = id;
    this.size = size;
  }

  /** Returns the header up to its empty line; `undefined` if the message is expunged. */
  async header(): Promise<Buffer | undefined> {
    if (this.#header !== null) return this.#header;
    for (let end = HEADER_PART; ; end *= 4) {
      const part = await this.#messages.rawPart(this.id, 0, end);
      if (part === undefined) return undefined;
      const length = headerEnd(part);
      if (length !== null) return (this.#header = Buffer.from(part.subarray(0, length)));
      if (end >= MAX_HEADER || part.length < end) break;
    }
    const structure = await this.structure();
    return structure && this.#messages.rawPart(this.id, 0, Math.min(structure.root.bodyStart, MAX_HEADER));
  }

  /** Returns the MIME tree; `undefined` if the message is expunged. */
  async structure(): Promise<MessageStructure | undefined> {
    if (this.#structure !== null) return this.#structure;
    return this.whole((_, structure) => structure);
  }

  /**
   * Loads the whole message and runs `use` on it; returns `undefined` if the message is expunged. `use` must
   * not keep the bytes.
   */
  async whole<T>(use: (raw: Buffer, structure: MessageStructure) => T): Promise<T | undefined> {
    return this.#gate.run(async () => {
      const raw = await this.#messages.raw(this.id);
      if (raw === undefined) return undefined;
      this.#structure ??= parseStructure(raw);
      return use(raw, this.#structure);
    });
  }

  /** Returns the octets `start` to `end` (exclusive) of the message, to be read while they are sent. */
  range({ start, end }: OctetSpan): LateOctets {
    return {
      length: end - start,
      slice: SLICE,
      read: (from, to) => this.#messages.rawPart(this.id, start + from, Math.min(start + to, end)),
    };
  }

  /**
   * Returns a range of octets of the result of the function `content`. The function runs again for every slice
   * that is sent, because its result is not kept in memory.
   */
  derived(
    { start, end }: OctetSpan,
    content: (raw: Buffer, structure: MessageStructure) => Buffer,
  ): LateOctets {
    return {
      length: end - start,
      slice: DERIVED_SLICE,
      read: (from, to) =>
        this.whole((raw, structure) =>
          Buffer.from(content(raw, structure).subarray(start + from, Math.min(start + to, end))),
        ),
    };
  }
}
