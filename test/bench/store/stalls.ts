/**
 * The longest stalls of a store's event loop, in a process of its own, as a server is: `stalls.ts DIRECTORY`. Prints, as
 * JSON, that of its start, and that while 20,000 messages arrive, a search runs and the log is compacted.
 */
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { openJsonStore } from '../../../server/store/json/store.ts';
import { parseQuery } from '../../../server/store/query/parse.ts';
import type { Store } from '../../../server/store/store.ts';
import { addMany, sampleMessages, THREAD } from './messages.ts';

const BURST = 20_000;

/** Milliseconds. */
export interface Stall {
  readonly longest: number;
  readonly p99: number;
}

/** A delay of the histogram is measured from one wake-up to the next: its own period comes off. */
const stallOf = (delays: IntervalHistogram): Stall => ({
  longest: delays.max / 1e6 - 1,
  p99: delays.percentile(99) / 1e6 - 1,
});

/** Opens the store; with its stalls meanwhile. */
async function openWatched(data: string) {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  await wait(100);
  delays.enable();
  const store = await openJsonStore(data, { thread: THREAD });
  await wait(100);
  delays.disable();
  return { store, start: stallOf(delays) };
}

/** Longest stall while messages arrive, a search runs and the log is compacted, all at once. */
async function burst(store: Store): Promise<Stall> {
  const { messages: stored } = await store.facts();
  const messages = sampleMessages(2 * stored, BURST);
  const { messages: some } = await store.messages.list({ limit: 1, order: 'oldest' });
  const ids = some.map(({ summary }) => summary.id);
  const delays = monitorEventLoopDelay({ resolution: 1 });
  let done = false;
  // One that finds nothing, and one that finds everything.
  const queries = ['body:"no such text anywhere" OR subject:nothing', 'invoice'];
  const search = async (): Promise<void> => {
    for (let i = 0; !done; i++) {
      await store.messages.list({ limit: 50, query: parseQuery(queries[i % queries.length] ?? '') });
      await wait(20);
    }
  };
  // Notes rewritten over and over leave useless lines behind, which is what a compaction is for.
  const churn = async (): Promise<void> => {
    const note = 'x'.repeat(1 << 20);
    for (let i = 0; i < 400 && !done; i++) {
      await store.messages.annotate(ids[0]!, 'churn', note);
      await wait(10);
    }
  };
  await wait(100);
  delays.enable();
  const searching = search();
  const churning = churn();
  await addMany(store, 2 * stored, messages);
  done = true;
  await Promise.all([searching, churning]);
  delays.disable();
  return stallOf(delays);
}

const { store, start } = await openWatched(process.argv[2] ?? '');
const arriving = await burst(store);
await store.close();
console.log(JSON.stringify({ start, arriving }));
