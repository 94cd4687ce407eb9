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

/** Senders, users and tags seen lately: applications have a few. Recipients are too many to look for. */
const INTERNED = 1_000;

/** Makes summaries small: shared strings and arrays, no field left out, one shape. */
export class SummaryInterner {
  readonly #strings = new Map<string, string>();
  readonly #senders = new Map<string, readonly MailAddress[]>();

  intern(summary: StoredSummary): MessageSummary {
    const { envelope } = summary;
    return {
      id: summary.id,
      seq: summary.seq,
      receivedAt: summary.receivedAt,
      size: summary.size,
      from: this.#sender(summary.from),
      to: recipients(summary.to, envelope.to),
      cc: recipients(summary.cc, envelope.to),
      bcc: recipients(summary.bcc, envelope.to),
      replyTo: this.#sender(summary.replyTo),
      subject: summary.subject ?? '',
      date: summary.date ?? null,
      messageId: summary.messageId ?? null,
      envelope: { from: this.#string(envelope.from), to: envelope.to },
      user: summary.user === undefined || summary.user === null ? null : this.#string(summary.user),
      tags: this.#tags(summary.tags),
      attachments: summary.attachments ?? 0,
      hasHtml: summary.hasHtml ?? false,
      preview: summary.preview ?? '',
    };
  }

  /** `summary` with other tags. */
  tagged(summary: MessageSummary, tags: readonly string[]): MessageSummary {
    return { ...summary, tags: this.#tags(tags) };
  }

  #string(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    if (this.#strings.size >= INTERNED) this.#strings.clear();
    this.#strings.set(text, text);
    return text;
  }

  #tags(tags: readonly string[] | undefined): readonly string[] {
    return tags === undefined || tags.length === 0 ? NONE : tags.map((tag) => this.#string(tag));
  }

  #sender(list: readonly MailAddress[] | undefined): readonly MailAddress[] {
    const first = list?.[0];
    if (list === undefined || first === undefined) return NONE;
    const known = this.#senders.get(first.address);
    if (list.length === 1 && known?.[0]?.name === first.name) return known;
    if (list.length > 1) return list;
    if (this.#senders.size >= INTERNED) this.#senders.clear();
    this.#senders.set(first.address, list);
    return list;
  }
}

/** Recipients of the header: most are the envelope's, letter for letter. */
function recipients(
  list: readonly MailAddress[] | undefined,
  envelope: readonly string[],
): readonly MailAddress[] {
  const first = list?.[0];
  if (list === undefined || first === undefined) return NONE;
  const [address] = envelope;
  return list.length === 1 && first.address === address ? [{ name: first.name, address }] : list;
}
