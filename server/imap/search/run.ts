/** Finds the messages of the selected mailbox that match search criteria, for SEARCH, SORT and THREAD. */
import type { Placement } from '../../store/store.ts';
import { LARGE } from '../../store/find/language/match.ts';
import { ADDRESS_FIELDS } from '../message/address-groups.ts';
import type { LoadedMessage } from '../message/message-cache.ts';
import { Pace } from '../session/pace.ts';
import type { SearchKey } from './key.ts';
import { matches, textValues, type Candidate, type SearchScope } from './match.ts';
import { SearchedMessage } from './searched-message.ts';
import { intersectSpans, spanMembership, type IndexSpan } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

/** Number of messages whose summary or bytes are loaded at the same time. */
const AT_ONCE = 16;

/** Returns the messages that match, in mailbox order. */
export async function findMessages(session: Session, criteria: SearchKey): Promise<Candidate[]> {
  const { mailbox } = session;
  const { view } = mailbox;
  await mailbox.load();
  const pace = new Pace();
  const { key, scope } = await resolve(session, criteria, pace);
  const search: Search = { session, key, scope, pace, values: new Set(textValues(key)) };
  const undecided: Candidate[] = [];
  const found: Candidate[] = [];
  for (let index = 0; index < view.size; index++) {
    const placement = view.at(index);
    if (placement === undefined) continue;
    const recent = view.isRecent(placement.uid);
    const candidate: Candidate = { index, placement, recent, summary: null, groups: null, message: null };
    const result = matches(key, candidate, scope);
    if (result === true) found.push(candidate);
    else if (result === undefined) undecided.push(candidate);
    if (pace.overdue) await pace.rest();
  }
  if (undecided.length === 0) return found;
  for (let at = 0; at < undecided.length; at += AT_ONCE) {
    const batch = undecided.slice(at, at + AT_ONCE);
    const results = await Promise.all(batch.map((candidate) => decide(search, candidate)));
    for (const [index, candidate] of batch.entries()) if (results[index] === true) found.push(candidate);
  }
  return found.sort((a, b) => a.index - b.index);
}

/** The data of one search while it runs. */
interface Search {
  readonly session: Session;
  readonly key: SearchKey;
  readonly scope: SearchScope;
  readonly pace: Pace;
  /** The values for which the criteria search the text or the header of a message. */
  readonly values: ReadonlySet<string>;
}

/**
 * Determines whether a message matches. Loads its summary and, if the result is still unknown, the groups of
 * its address fields and its bytes. An expunged message does not match.
 */
async function decide(search: Search, candidate: Candidate): Promise<boolean> {
  const { session, key, scope, pace } = search;
  const { messages } = session.deps;
  const { placement } = candidate;
  if (pace.overdue) await pace.rest();
  candidate.summary = (await session.store.messages.summary(placement.message)) ?? null;
  let result = matches(key, candidate, scope);
  if (result === undefined && readsAddresses(key)) {
    candidate.groups = (await messages.groups(placement)) ?? null;
    result = matches(key, candidate, scope);
  }
  if (result !== undefined) return result;
  if (pace.overdue) await pace.rest();
  const found = await messages.use(placement, (message) => decideByBytes(search, candidate, message));
  return found ?? false;
}

async function decideByBytes(search: Search, candidate: Candidate, message: LoadedMessage): Promise<boolean> {
  const { key, scope, pace } = search;
  candidate.message = await searched(search, candidate.placement, message);
  // The criteria are compared one at a time, with pauses: comparing a thousand criteria with a large message takes
  // too long for one turn of the event loop.
  let all = true;
  for (const one of key.kind === 'and' ? key.keys : [key]) {
    all = matches(one, candidate, scope) ?? false;
    if (!all) break;
    if (pace.overdue) await pace.rest();
  }
  // The comparison is complete, so the decoded text of the message is released.
  candidate.message = null;
  return all;
}

/**
 * Returns the message in the form in which criteria are compared with it. If there is much to search, the text and
 * the header of the message are already searched for the values, in time slices.
 */
async function searched(
  { session, values, pace }: Search,
  { message: id }: Placement,
  message: LoadedMessage,
): Promise<SearchedMessage> {
  const { length } = message.raw;
  const searchable = length < LARGE ? undefined : await session.store.messages.searchable(id);
  const result = new SearchedMessage(message, searchable);
  if (length * values.size >= LARGE) await result.lookFor(values, pace);
  return result;
}

const ADDRESS_KEYS: ReadonlySet<string> = new Set(ADDRESS_FIELDS);

function readsAddresses(key: SearchKey): boolean {
  if ('keys' in key) return key.keys.some(readsAddresses);
  return key.kind === 'not' ? readsAddresses(key.key) : ADDRESS_KEYS.has(key.kind);
}

type SetKey = SearchKey & { kind: 'set' };

/**
 * Returns the criteria with their message sets resolved to messages of the mailbox. Sets that must all match are
 * replaced by their intersection, so that a thousand sets cost no more for each message than a single set.
 */
async function resolve(
  session: Session,
  criteria: SearchKey,
  pace: Pace,
): Promise<{ key: SearchKey; scope: SearchScope }> {
  const spans = new Map<SetKey, readonly IndexSpan[]>();
  const walk = async (key: SearchKey): Promise<SearchKey> => {
    if (pace.overdue) await pace.rest();
    if (key.kind === 'set') spans.set(key, session.mailbox.spans(key.set, 'lenient'));
    if (key.kind === 'not') return { kind: 'not', key: await walk(key.key) };
    if (!('keys' in key)) return key;
    const keys: SearchKey[] = [];
    for (const one of key.keys) keys.push(await walk(one));
    return key.kind === 'and' ? joinSets(keys, spans) : { kind: 'or', keys };
  };
  const key = await walk(criteria);
  const members = new Map([...spans].map(([set, found]) => [set, spanMembership(found)]));
  const inSet: SearchScope['inSet'] = (set, index) => members.get(set)?.(index) ?? false;
  return { key, scope: { now: session.deps.clock(), inSet } };
}

/**
 * Returns a criterion that requires all `keys`. The message sets among the keys are replaced by one set: their
 * intersection.
 */
function joinSets(keys: readonly SearchKey[], spans: Map<SetKey, readonly IndexSpan[]>): SearchKey {
  const sets = keys.filter((key): key is SetKey => key.kind === 'set');
  const [first] = sets;
  if (first === undefined || sets.length === 1) return { kind: 'and', keys };
  const joined: SetKey = { ...first };
  spans.set(
    joined,
    sets.reduce<readonly IndexSpan[]>(
      (common, set) => intersectSpans(common, spans.get(set) ?? []),
      [{ from: 0, to: Infinity }],
    ),
  );
  for (const set of sets) spans.delete(set);
  return { kind: 'and', keys: [joined, ...keys.filter(({ kind }) => kind !== 'set')] };
}
