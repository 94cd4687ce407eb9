/**
 * The message list of one account and query (its scope): the loaded rows, newest first, and the numbers of
 * all and of unread messages. Further pages are loaded by cursor on demand; changes in the sandbox arrive by
 * the event stream.
 *
 * Invariants: `rows` is a prefix of the scope's messages without gaps, ordered by descending sequence number;
 * a message that is being deleted is neither in the rows nor in the totals.
 */
import { computed, shallowRef } from 'vue';
import type { Event, Marks, MessagePage, Problem, Summary } from '../../../contract/index.ts';
import { client, RestanteError, wordsOf } from '../../client.ts';
import { openStream } from '../../stream.ts';

export interface Scope {
  readonly account: string;
  readonly query: string;
}

/**
 * The number of rows in the first page, in the following pages, and in the pages that are loaded when the
 * user jumps far ahead.
 */
const FIRST_PAGE = 60;
const PAGE = 200;
const LARGE_PAGE = 1000;
/** The maximum number of rows that are loaded to reach a message that was opened by its URL. */
const FAR = 10_000;
/**
 * The minimum time between two requests for the message counts, when events are not enough to compute them,
 * in milliseconds.
 */
const RECOUNT = 1000;

export const scope = shallowRef<Scope | null>(null);
export const rows = shallowRef<readonly Summary[]>([]);
export const total = shallowRef(0);
/** Whether the server stopped counting: more messages than `total` match, and more than `unread` may be unread. */
export const isTotalAtLeast = shallowRef(false);
export const unread = shallowRef(0);
export const status = shallowRef<'loading' | 'ready' | 'failed'>('loading');
export const failure = shallowRef<{ readonly text: string; readonly problem: Problem | null } | null>(null);
/** The ids of the messages that have just arrived. The rows of these messages are highlighted. */
export const arrived = shallowRef<ReadonlySet<string>>(new Set());

/** Whether the message counts are those of the current account and query. */
export const isCounted = computed(
  () => status.value === 'ready' || (status.value === 'loading' && total.value > 0),
);
export const isEmpty = computed(() => status.value === 'ready' && total.value === 0);

let cursor: string | null = null;
let closeStream = (): void => undefined;
/** The number of times that the list was loaded. A response that belongs to an earlier load is ignored. */
let generation = 0;
const takenOut = new Map<string, Summary>();

export function openScope(next: Scope): void {
  const now = scope.value;
  if (now?.account === next.account && now.query === next.query) return;
  scope.value = next;
  if (now?.account !== next.account) {
    rows.value = [];
    zero();
  }
  void reload();
}

/** Loads the first page of the list, and then follows the event stream. */
export async function reload(): Promise<void> {
  const current = scope.value;
  if (current === null) return;
  const mine = ++generation;
  closeStream();
  status.value = 'loading';
  try {
    const page = await client.list({ ...asked(current), limit: FIRST_PAGE });
    if (mine !== generation) return;
    failure.value = null;
    rows.value = page.messages.filter(({ id }) => !takenOut.has(id));
    cursor = page.next;
    count(page);
    status.value = 'ready';
    closeStream = openStream({ ...asked(current), since: page.seq, onEvents: apply });
  } catch (error) {
    if (mine !== generation) return;
    // The rows of the previous query are not results of the new query, so they are removed.
    clear();
    status.value = 'failed';
    failure.value = {
      text: wordsOf(error),
      problem: error instanceof RestanteError ? error.problem : null,
    };
  }
}

let loading = false;

/** Loads pages until the row at an index is loaded. */
export const loadUntil = (index: number): Promise<void> =>
  loadPages(() => {
    const missing = index + 1 - rows.value.length;
    if (missing <= 0) return 0;
    return missing > LARGE_PAGE ? LARGE_PAGE : PAGE;
  });

/** Loads pages until the row of the message with this sequence number is loaded, up to a limit. */
export const loadDownTo = (seq: number): Promise<void> =>
  loadPages(() => ((rows.value.at(-1)?.seq ?? 0) > seq && rows.value.length < FAR ? LARGE_PAGE : 0));

/** Loads pages of the sizes that `nextSize` returns, until it returns 0 or the list ends. */
async function loadPages(nextSize: () => number): Promise<void> {
  if (loading || scope.value === null) return;
  loading = true;
  const mine = generation;
  try {
    for (let limit = nextSize(); mine === generation && cursor !== null && limit > 0; limit = nextSize()) {
      const page: MessagePage = await client.list({ ...asked(scope.value), limit, cursor });
      if (mine !== generation) return;
      const last = rows.value.at(-1)?.seq ?? Infinity;
      rows.value = [...rows.value, ...page.messages.filter(({ id, seq }) => seq < last && !takenOut.has(id))];
      cursor = page.next;
      count(page);
    }
  } catch (error) {
    if (mine === generation) failure.value = { text: wordsOf(error), problem: null };
  } finally {
    loading = false;
  }
}

/** Removes messages from the list before the server deletes them. */
export function takeOut(messages: readonly Summary[]): void {
  const ids = new Set(messages.map(({ id }) => id));
  for (const message of messages) takenOut.set(message.id, message);
  rows.value = rows.value.filter(({ id }) => !ids.has(id));
  total.value = Math.max(0, total.value - messages.length);
  unread.value = Math.max(0, unread.value - messages.filter(({ seen }) => !seen).length);
}

/** Puts messages that the server did not delete back at their former positions. */
export function putBack(messages: readonly Summary[]): void {
  for (const { id } of messages) takenOut.delete(id);
  const oldest = cursor === null ? -1 : (rows.value.at(-1)?.seq ?? -1);
  const fitting = messages.filter(({ seq }) => seq > oldest);
  rows.value = [...rows.value, ...fitting].sort((a, b) => b.seq - a.seq);
  total.value += messages.length;
  unread.value += messages.filter(({ seen }) => !seen).length;
}

/** Empties the list before the server deletes all its messages. */
export function clear(): void {
  rows.value = [];
  cursor = null;
  zero();
}

function zero(): void {
  total.value = 0;
  isTotalAtLeast.value = false;
  unread.value = 0;
}

/** Applies marks (seen, flagged, tags) to the rows at once, before the server confirms them. */
export function markLocally(marksOf: ReadonlyMap<string, Marks>): void {
  let change = 0;
  rows.value = rows.value.map((row) => {
    const marks = marksOf.get(row.id);
    if (marks === undefined) return row;
    if (marks.seen !== undefined && marks.seen !== row.seen) change += marks.seen ? -1 : 1;
    return { ...row, ...marks };
  });
  unread.value = Math.max(0, unread.value + change);
}

/** Restores the rows and the unread count after the server refused to change marks. */
export function restoreLocally(before: readonly Summary[], unreadBefore: number): void {
  const known = new Map(before.map((row) => [row.id, row]));
  rows.value = rows.value.map((row) => known.get(row.id) ?? row);
  unread.value = unreadBefore;
}

const asked = ({ account, query }: Scope) => (query === '' ? { account } : { account, query });

function count(page: MessagePage): void {
  const hidden = [...takenOut.values()];
  total.value = Math.max(0, page.total - hidden.length);
  isTotalAtLeast.value = page.totalIsAtLeast ?? false;
  unread.value = Math.max(0, page.unread - hidden.filter(({ seen }) => !seen).length);
}

/** The changes of messages that a batch of stream events reports. */
interface Changes {
  readonly fresh: readonly Summary[];
  readonly updates: Map<string, Summary>;
  readonly removed: Set<string>;
}

/**
 * Returns the changes that events report; null if the server dropped events before them, which means that the
 * list must be loaded again.
 */
function changesOf(events: readonly Event[]): Changes | null {
  const fresh: Summary[] = [];
  const updates = new Map<string, Summary>();
  const removed = new Set<string>();
  for (const event of events) {
    if (event.type === 'hello' && event.gap) return null;
    if (event.type === 'message') fresh.push(event.message);
    else if (event.type === 'updated') updates.set(event.message.id, event.message);
    else if (event.type === 'removed') removed.add(event.id);
  }
  return { fresh, updates, removed };
}

function apply(events: readonly Event[]): void {
  const changes = changesOf(events);
  if (changes === null) return void reload();
  const { updates, removed } = changes;
  let list = withAdded(rows.value, changes);
  let uncertain = false;
  if (updates.size > 0 || removed.size > 0) {
    list = withChanged(list, changes);
    // The ids that remain in `removed` and `updates` belong to messages that are not loaded.
    for (const id of removed) uncertain = !takenOut.delete(id) || uncertain;
    for (const id of updates.keys()) uncertain ||= !takenOut.has(id);
  }
  rows.value = list;
  if (uncertain) recount();
}

/** Adds messages that have just arrived to the rows and to the message counts. */
function withAdded(list: readonly Summary[], { fresh, removed }: Changes): readonly Summary[] {
  const newest = list[0]?.seq ?? -1;
  const isKnown = ({ id, seq }: Summary): boolean => seq <= newest && list.some((row) => row.id === id);
  const added = fresh.filter((one) => !takenOut.has(one.id) && !removed.has(one.id) && !isKnown(one));
  if (added.length === 0) return list;
  total.value += added.length;
  unread.value += added.filter(({ seen }) => !seen).length;
  announce(added);
  const joined = [...added.reverse(), ...list];
  const isOrdered = joined.every((row, index) => row.seq >= (joined[index + 1]?.seq ?? 0));
  return isOrdered ? joined : joined.toSorted((a, b) => b.seq - a.seq);
}

/**
 * Applies updates and removals to the rows and to the message counts, and deletes the applied entries from
 * `changes`.
 */
function withChanged(list: readonly Summary[], { updates, removed }: Changes): readonly Summary[] {
  const gone: Summary[] = [];
  const changed = list.flatMap((row) => {
    if (removed.delete(row.id)) {
      gone.push(row);
      return [];
    }
    const update = updates.get(row.id);
    if (update === undefined) return [row];
    updates.delete(row.id);
    if (update.seen !== row.seen) unread.value = Math.max(0, unread.value + (update.seen ? -1 : 1));
    return [update];
  });
  total.value = Math.max(0, total.value - gone.length);
  unread.value = Math.max(0, unread.value - gone.filter(({ seen }) => !seen).length);
  return changed;
}

function announce(messages: readonly Summary[]): void {
  const ids = messages.map(({ id }) => id);
  arrived.value = new Set([...arrived.value, ...ids]);
  setTimeout(() => {
    arrived.value = new Set([...arrived.value].filter((id) => !ids.includes(id)));
  }, 1500);
}

let recounting: ReturnType<typeof setTimeout> | undefined;

/** Requests the message counts after an event about a message that is not loaded, at most once a second. */
function recount(): void {
  recounting ??= setTimeout(() => {
    recounting = undefined;
    const current = scope.value;
    const mine = generation;
    if (current === null) return;
    client.list({ ...asked(current), limit: 1 }).then(
      (page) => {
        if (mine === generation) count(page);
      },
      () => undefined,
    );
  }, RECOUNT);
}
