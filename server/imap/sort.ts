/** Sort criteria (RFC 5256 §3, RFC 5957): their grammar, and the order they make. */
import type { MailAddress } from '../message/address.ts';
import type { MessageSummary, Placement } from '../store/store.ts';
import { baseSubject } from './base-subject.ts';
import type { Decoder } from './decoder.ts';

const KEYS = ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO', 'DISPLAYFROM', 'DISPLAYTO'] as const;
type SortKey = (typeof KEYS)[number];

export interface SortCriterion {
  readonly key: SortKey;
  readonly reverse: boolean;
}

/** Criteria in one command: there are no more keys than these, each once. */
const MAX_CRITERIA = 20;

export function parseSortCriteria(decoder: Decoder): SortCriterion[] {
  const criteria = decoder.list(() => {
    const reverse = decoder.acceptWord('REVERSE');
    if (reverse) decoder.sp();
    const name = decoder.keyword('a sort key');
    const key = KEYS.find((candidate) => candidate === name) ?? decoder.fail('a sort key that is known');
    return { key, reverse };
  });
  return criteria.length > MAX_CRITERIA ? decoder.fail('fewer sort keys') : criteria;
}

/** What sorting takes of a message. */
export interface Sortable {
  readonly index: number;
  readonly placement: Placement;
  readonly summary: MessageSummary | null;
}

/** When the message was sent, by its Date or, failing that, by its arrival (RFC 5256 §2.2). */
export const sentAt = ({ summary, placement }: Sortable): number => summary?.date ?? placement.receivedAt;

export const subjectOf = ({ summary }: Sortable): string => summary?.subject ?? '';

const mailboxOf = (addresses: readonly MailAddress[] | undefined): string =>
  (addresses?.[0]?.address ?? '').replace(/@[^@]*$/, '').toUpperCase();

const displayOf = (addresses: readonly MailAddress[] | undefined): string => {
  const first = addresses?.[0];
  return (first === undefined ? '' : first.name === '' ? first.address : first.name).toUpperCase();
};

const VALUES: Readonly<Record<SortKey, (message: Sortable) => string | number>> = {
  ARRIVAL: ({ placement }) => placement.receivedAt,
  CC: ({ summary }) => mailboxOf(summary?.cc),
  DATE: sentAt,
  FROM: ({ summary }) => mailboxOf(summary?.from),
  SIZE: ({ placement }) => placement.size,
  SUBJECT: (message) => baseSubject(subjectOf(message)).base,
  TO: ({ summary }) => mailboxOf(summary?.to),
  DISPLAYFROM: ({ summary }) => displayOf(summary?.from),
  DISPLAYTO: ({ summary }) => displayOf(summary?.to),
};

/** Sorted by the criteria, ties by sequence number. */
export function sortMessages<T extends Sortable>(
  messages: readonly T[],
  criteria: readonly SortCriterion[],
): T[] {
  const keyed = messages.map((message) => ({
    message,
    values: criteria.map(({ key }) => VALUES[key](message)),
  }));
  keyed.sort((a, b) => {
    for (const [at, { reverse }] of criteria.entries()) {
      const order = compare(a.values[at], b.values[at]);
      if (order !== 0) return reverse ? -order : order;
    }
    return a.message.index - b.message.index;
  });
  return keyed.map(({ message }) => message);
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  return a === b || a === undefined || b === undefined ? 0 : a < b ? -1 : 1;
}
