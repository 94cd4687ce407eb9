/** One message as the state holds it: what lists and search need, and where the log has the rest. */
import type { MailAddress } from '../../message/address.ts';
import { ALL } from '../ids.ts';
import type { MessageSummary } from '../store.ts';
import type { PlacementState } from './placement.ts';
import type { StoredSummary } from './stored-summary.ts';

/** Where an entry stands in the log; what it means is the journal's affair. */
export interface Position {
  readonly offset: number;
  readonly length: number;
}

export const NOWHERE: Position = { offset: 0, length: 0 };

/** Where the log has a note that came after the message. */
export interface NotePosition extends Position {
  readonly key: string;
}

const NONE: readonly never[] = Object.freeze([]);

export class MessageRecord {
  /** Replaced, never changed: snapshots of it are with callers. */
  summary: MessageSummary;
  /** Replaced, never changed. */
  places: readonly PlacementState[] = NONE;
  readonly storedAt: number;
  offset: number;
  length: number;
  notes: readonly NotePosition[] = NONE;

  constructor(summary: MessageSummary, storedAt: number, position: Position) {
    this.summary = summary;
    this.storedAt = storedAt;
    this.offset = position.offset;
    this.length = position.length;
  }

  /** How many of its placements are in `all`. */
  get inAll(): number {
    let count = 0;
    for (const place of this.places) if (place.mailbox.account.name === ALL) count++;
    return count;
  }
}

/** Addresses seen lately: applications send from a few, and a message repeats its recipients. */
const INTERNED = 5_000;

/** Makes summaries small: shared strings and arrays, no field left out, one shape. */
export class SummaryInterner {
  readonly #strings = new Map<string, string>();
  readonly #lists = new Map<string, readonly MailAddress[]>();

  intern(summary: StoredSummary): MessageSummary {
    return Object.freeze({
      id: summary.id,
      seq: summary.seq,
      receivedAt: summary.receivedAt,
      size: summary.size,
      from: this.#addresses(summary.from),
      to: this.#addresses(summary.to),
      cc: this.#addresses(summary.cc),
      bcc: this.#addresses(summary.bcc),
      replyTo: this.#addresses(summary.replyTo),
      subject: summary.subject ?? '',
      date: summary.date ?? null,
      messageId: summary.messageId ?? null,
      envelope: Object.freeze({
        from: this.#string(summary.envelope.from),
        to: this.#texts(summary.envelope.to),
      }),
      user: summary.user === undefined || summary.user === null ? null : this.#string(summary.user),
      tags: this.#texts(summary.tags),
      attachments: summary.attachments ?? 0,
      hasHtml: summary.hasHtml ?? false,
      preview: summary.preview ?? '',
    });
  }

  /** `summary` with other tags. */
  tagged(summary: MessageSummary, tags: readonly string[]): MessageSummary {
    return Object.freeze({ ...summary, tags: this.#texts(tags) });
  }

  #string(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    if (this.#strings.size >= INTERNED) this.#strings.clear();
    this.#strings.set(text, text);
    return text;
  }

  #texts(texts: readonly string[] | undefined): readonly string[] {
    return texts === undefined || texts.length === 0
      ? NONE
      : Object.freeze(texts.map((text) => this.#string(text)));
  }

  #addresses(list: readonly MailAddress[] | undefined): readonly MailAddress[] {
    if (list === undefined || list.length === 0) return NONE;
    const [first] = list;
    const key = list.length === 1 && first !== undefined ? `${first.name}\n${first.address}` : undefined;
    const known = key === undefined ? undefined : this.#lists.get(key);
    if (known !== undefined) return known;
    const made = Object.freeze(
      list.map(({ name, address }) =>
        Object.freeze({ name: this.#string(name), address: this.#string(address) }),
      ),
    );
    if (key !== undefined) {
      if (this.#lists.size >= INTERNED) this.#lists.clear();
      this.#lists.set(key, made);
    }
    return made;
  }
}
