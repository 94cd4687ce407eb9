/**
 * Measures the longest stalls of the event loop of a store. It runs in a process of its own, like a server:
 * `stalls.ts DIRECTORY`. Prints a JSON object with the stalls during the start, and the stalls while 20,000 messages
 * arrive, a search runs and the log is compacted.
 */
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { parseQuery } from '../../../server/store/find/language/parse.ts';
import type { Store } from '../../../server/store/store.ts';
import { addMany, sampleMessages, THREAD } from './messages.ts';

const BURST = 20_000;

/** Stalls of the event loop in milliseconds. */
export interface Stall {
  readonly longest: number;
  readonly p99: number;
}

/** Returns the stalls of a histogram. A delay in the histogram includes its period of 1 ms, which is subtracted. */
const stallOf = (delays: IntervalHistogram): Stall => ({
  longest: delays.max / 1e6 - 1,
  p99: delays.percentile(99) / 1e6 - 1,
});

/** Opens the store; resolves with the store and the stalls during its start. */
async function openWatched(data: string) {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  await wait(100);
  delays.enable();
  const store = await openJsonStore(data, { thread: THREAD });
  await wait(100);
  delays.disable();
  return { store, start: stallOf(delays) };
}

/** Resolves with the stalls while messages arrive, a search runs and the log is compacted, all at the same time. */
async function burst(store: Store): Promise<Stall> {
  const { messages: stored } = await store.facts();
  const messages = sampleMessages(2 * stored, BURST);
  const { messages: some } = await store.messages.list({ limit: 1, order: 'oldest' });
  const ids = some.map(({ summary }) => summary.id);
  const delays = monitorEventLoopDelay({ resolution: 1 });
  let done = false;
  // One query finds nothing, the other query finds every message.
  const queries = ['body:"no such text anywhere" OR subject:nothing', 'invoice'];
  const search = async (): Promise<void> => {
    for (let i = 0; !done; i++) {
      await store.messages.list({ limit: 50, query: parseQuery(queries[i % queries.length] ?? '') });
      await wait(20);
    }
  };
  // Rewriting the same note creates obsolete lines in the log, so that it is compacted.
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
