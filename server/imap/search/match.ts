/**
 * Compares one message with search criteria. The result is true, false, or unknown if required data is not
 * loaded. Therefore, bytes are read only for messages for which flags, dates and summary do not determine the
 * result.
 */
import type { MailAddress } from '../../message/address.ts';
import { fold } from '../../store/find/language/fold.ts';
import { literalPattern } from '../../store/find/language/pattern.ts';
import type { MessageSummary, Placement } from '../../store/store.ts';
import type { AddressField, AddressGroups } from '../message/address-groups.ts';
import { hasFlag } from '../message/flags.ts';
import type { DateTest, SearchKey } from './key.ts';
import type { SearchedMessage } from './searched-message.ts';

/** A message that is compared with the criteria; the loader first sets `summary`, then `message`. */
export interface Candidate {
  /** Index of the message in the session's view of the mailbox. */
  readonly index: number;
  readonly placement: Placement;
  readonly recent: boolean;
  summary: MessageSummary | null;
  /** The groups in the address fields, which the summary does not contain; `null` if they are not loaded. */
  groups: AddressGroups | null;
  message: SearchedMessage | null;
}

/** The data that a search needs besides the message: the current time and the message sets. */
export interface SearchScope {
  /** The current time in milliseconds since the epoch. */
  readonly now: number;
  /** Returns whether the message set of a criterion contains the message at an index. */
  readonly inSet: (key: SearchKey & { kind: 'set' }, index: number) => boolean;
}

const DAY = 86_400_000;
/**
 * Largest offset of a time zone in milliseconds. The day of an instant that is further than this from midnight
 * does not depend on the zone.
 */
const ZONE = 14 * 3_600_000;

/** Returns whether the message matches; `undefined` if required data of the message is not loaded. */
export function matches(key: SearchKey, candidate: Candidate, scope: SearchScope): boolean | undefined {
  const { placement } = candidate;
  if (isContentKey(key)) return matchesContent(key, candidate);
  if (isPlacementKey(key)) return matchesPlacement(key, placement, scope.now);
  switch (key.kind) {
    case 'and':
    case 'or':
      return combine(key.kind === 'or', key.keys, candidate, scope);
    case 'not': {
      const result = matches(key.key, candidate, scope);
      return result === undefined ? undefined : !result;
    }
    case 'set':
      return scope.inSet(key, candidate.index);
    case 'flag':
      return hasFlag(placement.flags, key.flag);
    case 'recent':
      return candidate.recent;
  }
}

type PlacementKey = Extract<
  SearchKey,
  { kind: 'received' | 'saved' | 'younger' | 'older' | 'larger' | 'smaller' | 'modseq' | 'emailid' }
>;

const PLACEMENT = new Set<SearchKey['kind']>([
  'received',
  'saved',
  'younger',
  'older',
  'larger',
  'smaller',
  'modseq',
  'emailid',
]);
const isPlacementKey = (key: SearchKey): key is PlacementKey => PLACEMENT.has(key.kind);

function matchesPlacement(key: PlacementKey, placement: Placement, now: number): boolean {
  switch (key.kind) {
    case 'received':
      return onDay(key.test, key.day, placement.receivedAt);
    case 'saved':
      return onDay(key.test, key.day, placement.savedAt);
    case 'younger':
      return placement.receivedAt >= now - key.seconds * 1_000;
    case 'older':
      return placement.receivedAt <= now - key.seconds * 1_000;
    case 'larger':
      return placement.size > key.size;
    case 'smaller':
      return placement.size < key.size;
    case 'modseq':
      return placement.modseq >= key.modseq;
    case 'emailid':
      return placement.message === key.id;
  }
}

function combine(
  or: boolean,
  keys: readonly SearchKey[],
  candidate: Candidate,
  scope: SearchScope,
): boolean | undefined {
  let unknown = false;
  for (const key of keys) {
    const result = matches(key, candidate, scope);
    if (result === or) return or;
    unknown ||= result === undefined;
  }
  return unknown ? undefined : !or;
}

function onDay(test: DateTest, day: number, at: number): boolean {
  if (test === 'before') return at < day;
  return at >= day && (test === 'since' || at < day + DAY);
}

type ContentKey = Extract<
  SearchKey,
  { kind: 'sent' | 'header' | 'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'body' | 'text' }
>;

const CONTENT = new Set(['sent', 'header', 'from', 'to', 'cc', 'bcc', 'subject', 'body', 'text']);
const isContentKey = (key: SearchKey): key is ContentKey => CONTENT.has(key.kind);

function matchesContent(key: ContentKey, { summary, groups, message }: Candidate): boolean | undefined {
  if (message !== null) return matchesBytes(key, message);
  if (summary === null) return undefined;
  switch (key.kind) {
    case 'sent':
      return sentOnDay(key, summary.date);
    case 'subject':
      return holds(summary.subject, key.value);
    case 'from':
    case 'to':
    case 'cc':
      return unlessGroup(key.kind, groups, addressesHold(summary[key.kind], key.value));
    case 'bcc': {
      // The Bcc list of the summary also contains recipients that no header names. Therefore, a match in this list
      // does not prove that the Bcc field matches.
      const silent = summary.bcc.length === 0 || addressesHold(summary.bcc, key.value) === false;
      return silent ? unlessGroup(key.kind, groups, false) : undefined;
    }
    case 'header':
    case 'body':
    case 'text':
      return undefined;
  }
}

/**
 * Compares the day of the Date header by its instant alone; returns `undefined` if the day depends on the time
 * zone. A message without Date matches no day.
 */
function sentOnDay({ test, day }: { test: DateTest; day: number }, at: number | null): boolean | undefined {
  if (at === null) return false;
  const result = onDay(test, day, at);
  const settled = onDay(test, day, at - ZONE) === result && onDay(test, day, at + ZONE) === result;
  return settled ? result : undefined;
}

/**
 * Returns the result of comparing the summary's addresses with a criterion; `undefined` (unknown) for a mismatch
 * if the field may contain a group, because a search also finds the name of a group.
 */
function unlessGroup(
  field: AddressField,
  groups: AddressGroups | null,
  result: boolean | undefined,
): boolean | undefined {
  return result === false && groups?.has(field) !== false ? undefined : result;
}

/**
 * Returns whether one of the decoded addresses contains the value. Returns `undefined` (unknown) instead of false
 * if the value can be in a comment, in a group's name or in quotes, which decoded addresses lack.
 */
function addressesHold(addresses: readonly MailAddress[], value: string): boolean | undefined {
  if (addresses.length === 0) return undefined;
  const held = addresses.some(({ name, address }) =>
    holds(name === '' ? address : `${name} <${address}>`, value),
  );
  return held || (/["(),:;<>[\]\\]/.test(value) ? undefined : false);
}

function matchesBytes(key: ContentKey, message: SearchedMessage): boolean {
  switch (key.kind) {
    case 'body':
      return message.textHolds(key.value);
    case 'text':
      return message.headerHolds(key.value) || message.textHolds(key.value);
    case 'sent': {
      const { date } = message;
      return date !== null && onDay(key.test, key.day, date.at + date.offset * 60_000);
    }
    case 'header':
      return fieldHolds(message, key.name, key.value);
    case 'from':
    case 'to':
    case 'cc':
    case 'bcc':
    case 'subject':
      return fieldHolds(message, key.kind, key.value);
  }
}

function fieldHolds({ fields }: SearchedMessage, wanted: string, value: string): boolean {
  const { found } = literalPattern(value);
  return fields.some((field) => field.name === wanted && found(field.value));
}

/** Returns whether a text contains a value in any case. @param value already folded (case removed) */
const holds = (text: string, value: string): boolean => literalPattern(value).found(fold(text));

/** Returns the values of all criteria that search the whole text or the whole header of a message. */
export function* textValues(key: SearchKey): Generator<string> {
  if (key.kind === 'and' || key.kind === 'or') for (const each of key.keys) yield* textValues(each);
  else if (key.kind === 'not') yield* textValues(key.key);
  else if (key.kind === 'body' || key.kind === 'text') yield key.value;
}
