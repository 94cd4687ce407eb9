/**
 * The accounts, the tags, the server information, and the state of the connection. The data is refreshed
 * after events, at an interval that depends on the response time.
 */
import { useDocumentVisibility } from '@vueuse/core';
import { computed, shallowRef } from 'vue';
import type { Account, Event, Info, TagList } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { ALL } from '../../router.ts';
import { openStream } from '../../stream.ts';
import { noteRecords } from './record-changes.ts';
import { announceArrivals } from './notifications.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export const connection = shallowRef<Connection>('connecting');
/** The maximum number of accounts that one request loads. */
export const ACCOUNTS_LOADED = 500;
/** The newest accounts, and the account `all`. */
export const accounts = shallowRef<readonly Account[]>([]);
export const accountTotal = shallowRef(0);
/** The cursor for loading further accounts; null if all accounts are loaded. */
export const nextAccounts = shallowRef<string | null>(null);
export const tags = shallowRef<TagList['tags']>([]);
export const info = shallowRef<Info | null>(null);
export const everyone = computed(() => accounts.value.find(({ name }) => name === ALL) ?? null);

/**
 * The minimum time between two refreshes of a visible page and of a hidden page, in milliseconds. A refresh
 * also waits until `PACE_FACTOR` times the response time has passed.
 */
const PACE = 400;
const HIDDEN_PACE = 1500;
const PACE_FACTOR = 20;

const visibility = useDocumentVisibility();
let due: ReturnType<typeof setTimeout> | undefined;
let earliest = 0;

async function refresh(): Promise<void> {
  const started = performance.now();
  try {
    const [someAccounts, someTags, facts] = await Promise.all([
      client.accounts({ limit: ACCOUNTS_LOADED }),
      client.tags(),
      client.info(),
    ]);
    nextAccounts.value = someAccounts.next;
    accountTotal.value = someAccounts.total;
    accounts.value = someAccounts.accounts;
    tags.value = someTags.tags;
    info.value = facts;
  } catch {
    // The error is ignored: the event stream reports that the server cannot be reached, and its reconnection
    // starts the next refresh.
  }
  earliest = performance.now() + Math.max(PACE, (performance.now() - started) * PACE_FACTOR);
}

/** Schedules a refresh of accounts, tags and server information, unless a refresh is scheduled already. */
export function refreshSoon(): void {
  due ??= setTimeout(
    () => {
      due = undefined;
      void refresh();
    },
    Math.max(visibility.value === 'hidden' ? HIDDEN_PACE : 50, earliest - performance.now()),
  );
}

/** Returns whether an event reports a change that the last refresh did not include. */
const isNews = ({ type, seq }: Event): boolean =>
  type !== 'hello' || (info.value !== null && seq > info.value.seq);

/** Connects to the event stream, for as long as the page is open. */
export function startOverview(): void {
  void refresh();
  openStream({
    onEvents(events: readonly Event[]) {
      if (events.some(isNews)) refreshSoon();
      noteRecords(events);
      announceArrivals(events);
    },
    onConnection(connected) {
      if (connected && connection.value === 'lost') refreshSoon();
      connection.value = connected ? 'live' : 'lost';
    },
  });
}
