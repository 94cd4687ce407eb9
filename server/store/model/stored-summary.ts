/**
 * The format in which the log stores the summary of a message. Empty fields are omitted to save space,
 * because many fields of a typical message are empty.
 */
import { OWN_FILE, type RawPlace } from '../position.ts';
import type { MessageSummary } from '../store.ts';

type Omissible =
  | 'from'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'replyTo'
  | 'subject'
  | 'date'
  | 'messageId'
  | 'user'
  | 'tags'
  | 'attachments'
  | 'hasHtml'
  | 'preview';

/**
 * The place of a message's bytes, in the form in which the log contains it; `undefined` if the message has a
 * file of its own.
 */
export type StoredPlace = readonly [segment: number, offset: number];

export const storedPlace = ({ segment, offset }: RawPlace): StoredPlace | undefined =>
  segment === OWN_FILE.segment ? undefined : [segment, offset];

export type StoredSummary = Omit<MessageSummary, Omissible> &
  Partial<Pick<MessageSummary, Omissible>> & {
    /** CRC-32 of the raw message as a signed number; absent in logs of earlier versions. */
    readonly sum?: number;
    /** The place of the bytes in a segment; absent if the message has a file of its own. */
    readonly raw?: StoredPlace | undefined;
  };

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0);

const REQUIRED = new Set(['id', 'seq', 'receivedAt', 'size', 'sum', 'envelope']);

/** Returns the summary without its empty fields. */
export function storedSummary(summary: StoredSummary): StoredSummary {
  const stored: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(summary)) {
    if (REQUIRED.has(key) || !isEmpty(value)) stored[key] = value;
  }
  return stored as unknown as StoredSummary;
}

const NONE: readonly never[] = Object.freeze([]);

/**
 * Returns the complete summary with the message's current tags. All returned objects have the same fields in
 * the same order, because V8 handles such objects faster.
 */
export function fullSummary(stored: StoredSummary, tags: readonly string[]): MessageSummary {
  return {
    id: stored.id,
    seq: stored.seq,
    receivedAt: stored.receivedAt,
    size: stored.size,
    from: stored.from ?? NONE,
    to: stored.to ?? NONE,
    cc: stored.cc ?? NONE,
    bcc: stored.bcc ?? NONE,
    replyTo: stored.replyTo ?? NONE,
    subject: stored.subject ?? '',
    date: stored.date ?? null,
    messageId: stored.messageId ?? null,
    envelope: stored.envelope,
    user: stored.user ?? null,
    tags,
    attachments: stored.attachments ?? 0,
    hasHtml: stored.hasHtml ?? false,
    preview: stored.preview ?? '',
  };
}
