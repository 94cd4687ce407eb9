/** Sort criteria (RFC 5256 §3, RFC 5957): their grammar, and the comparison of messages. */
import type { MessageSummary, Placement } from '../../store/store.ts';
import { baseSubject } from './base-subject.ts';
import { decodeWords } from '../../message/header.ts';
import type { AddressField, AddressGroups } from '../message/address-groups.ts';
import type { Decoder } from '../wire/decoder.ts';

const KEYS = ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO', 'DISPLAYFROM', 'DISPLAYTO'] as const;
type SortKey = (typeof KEYS)[number];

export interface SortCriterion {
  readonly key: SortKey;
  readonly reverse: boolean;
}

/** Maximum number of sort criteria in one command: about twice the number of different sort keys. */
const MAX_CRITERIA = 20;

export function parseSortCriteria(decoder: Decoder): SortCriterion[] {
  const criteria = decoder.list(() => {
    let reverse = false;
    while (decoder.acceptWord('REVERSE')) {
      if (reverse) decoder.deviate('repeated-word');
      reverse = true;
      decoder.sp();
    }
    const name = decoder.unquoted(() => decoder.keyword('a sort key'));
    const key = KEYS.find((candidate) => candidate === name) ?? decoder.fail('a sort key that is known');
    return { key, reverse };
  });
  return criteria.length > MAX_CRITERIA ? decoder.fail('fewer sort keys') : criteria;
}

/** The data of a message that is used for sorting. */
interface Sortable {
  readonly index: number;
  readonly placement: Placement;
  readonly summary: MessageSummary | null;
  readonly groups: AddressGroups | null;
}

/**
 * Whether one of the sort criteria uses addresses, which means that the groups in address fields must be
 * loaded.
 */
export const ordersByAddress = (criteria: readonly SortCriterion[]): boolean =>
  criteria.some(({ key }) => /FROM|TO|CC/.test(key));

/** Returns the date of the message, or its time of receipt if it has no valid Date (RFC 5256 §2.2). */
export const sentAt = ({ summary, placement }: Sortable): number => summary?.date ?? placement.receivedAt;

export const subjectOf = ({ summary }: Sortable): string => summary?.subject ?? '';

/**
 * Returns the mailbox (local part) of the first address in ENVELOPE. If a group is first, returns the name of the
 * group (RFC 5256 §3).
 */
const mailboxOf =
  (field: AddressField) =>
  ({ summary, groups }: Sortable): string =>
    (groups?.get(field) ?? summary?.[field][0]?.address.replace(/@[^@]*$/, '') ?? '').toUpperCase();

/**
 * Returns the display name of the first address, or the address if it has no display name. If a group is first,
 * returns the name of the group (RFC 5957 §3).
 */
const displayOf =
  (field: AddressField) =>
  ({ summary, groups }: Sortable): string => {
    const group = groups?.get(field);
    const first = summary?.[field][0];
    const shown = first === undefined ? '' : first.name === '' ? first.address : first.name;
    return (group == null ? shown : decodeWords(group)).toUpperCase();
  };

const VALUES: Readonly<Record<SortKey, (message: Sortable) => string | number>> = {
  ARRIVAL: ({ placement }) => placement.receivedAt,
  CC: mailboxOf('cc'),
  DATE: sentAt,
  FROM: mailboxOf('from'),
  SIZE: ({ placement }) => placement.size,
  SUBJECT: (message) => baseSubject(subjectOf(message)).base,
  TO: mailboxOf('to'),
  DISPLAYFROM: displayOf('from'),
  DISPLAYTO: displayOf('to'),
};

/**
 * Returns the messages sorted by the criteria; messages that are equal in all criteria are ordered by sequence
 * number.
 */
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
