/**
 * 100,000 messages stored: the whole server with them, and the longest stall of the store while 20,000 more arrive,
 * a search runs and the log is compacted.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { accountName } from '../../server/store/ids.ts';
import { openJsonStore } from '../../server/store/json/store.ts';
import { parseQuery } from '../../server/store/query/parse.ts';
import type { NewMessage, Store } from '../../server/store/store.ts';
import { sampleMessage } from './load.ts';
import { absolute, figure, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { servedRows } from './store/served.ts';

/** What the bundled program finds by itself. */
const THREAD = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'prepare-worker.js');
const STORED = 100_000;
const SAMPLE = 2_000;
const BURST = 20_000;
const WRITERS = 10;
/** Stands in one message of all. */
const NEEDLE = 'ticket99 needle in the haystack';

/** A message as SMTP hands it to the store. */
export function messageOf(serial: number, raw: Buffer): NewMessage {
  const to = `customer${serial}@example.test`;
  const line = (at: number, text: string) =>
    ({ at, from: at % 2 === 0 ? 'client' : 'server', text }) as const;
  return {
    raw,
    envelope: {
      from: { address: 'app@example.test', parameters: { SIZE: `${raw.length}` } },
      to: [{ address: to, parameters: {} }],
    },
    origin: {
      kind: 'smtp',
      session: 's1',
      peer: '127.0.0.1:50000',
      helo: 'bench.example.test',
      tls: null,
      user: null,
    },
    transcript: [
      line(0, 'EHLO bench.example.test'),
      line(1, '250-restante 250-PIPELINING 250-8BITMIME 250 SIZE'),
      line(2, `MAIL FROM:<app@example.test> SIZE=${raw.length}`),
      line(3, '250 2.1.0 Ok'),
      line(4, `RCPT TO:<${to}>`),
      line(5, '250 2.1.5 Ok'),
      line(6, 'DATA'),
      line(7, '354 End data with <CR><LF>.<CR><LF>'),
    ],
    targets: [{ account: accountName(to) }],
  };
}

/** Adds messages the way connections do: each writer in its own turn of the event loop. */
export async function addMany(store: Store, from: number, messages: readonly Buffer[]): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let i = next++; i < messages.length; i = next++) {
        await store.add(messageOf(from + i, messages[i]!));
        await nextTurn();
      }
    }),
  );
  return messages.length / ((performance.now() - started) / 1000);
}

export const sampleMessages = (from: number, count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => sampleMessage(from + i));

async function fill(store: Store, context: BenchContext): Promise<void> {
  for (let from = 0; from < STORED; from += SAMPLE) {
    context.progress(`storing ${from} of ${STORED}`);
    await addMany(store, from, sampleMessages(from, SAMPLE));
  }
}

/** Longest stall while messages arrive, a search runs and the log is compacted, all at once. */
async function burstRow(context: BenchContext, store: Store): Promise<BenchRow> {
  const messages = sampleMessages(2 * STORED, BURST);
  const { messages: some } = await store.list({ limit: 1, order: 'oldest' });
  const ids = some.map(({ summary }) => summary.id);
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  context.progress('a burst, a search and a compaction');
  let done = false;
  // One that finds nothing, and one that finds everything.
  const queries = ['body:"no such text anywhere" OR subject:nothing', 'invoice'];
  const search = async (): Promise<void> => {
    for (let i = 0; !done; i++) {
      await store.list({ limit: 50, query: parseQuery(queries[i % queries.length] ?? '') });
      await wait(20);
    }
  };
  // Notes rewritten over and over leave useless lines behind, which is what a compaction is for.
  const churn = async (): Promise<void> => {
    const note = 'x'.repeat(1 << 20);
    for (let i = 0; i < 400 && !done; i++) {
      await store.annotate(ids[0]!, 'churn', note);
      await wait(10);
    }
  };
  await wait(100);
  stalls.enable();
  const searching = search();
  const churning = churn();
  await addMany(store, 2 * STORED, messages);
  done = true;
  await Promise.all([searching, churning]);
  stalls.disable();
  return stallRow('longest stall: burst, search, compaction', stalls);
}

/** A delay of the histogram is measured from one wake-up to the next: its own period comes off. */
function stallRow(work: string, stalls: IntervalHistogram): BenchRow {
  return {
    ...absolute(work, [stalls.max / 1e6 - 1], ' ms', '≤ 50 ms', 50),
    spread: `p99 ${figure(stalls.percentile(99) / 1e6 - 1, ' ms')}`,
  };
}

/** Opens the store; with the longest stall meanwhile. */
async function openWatched(data: string): Promise<{ readonly store: Store; readonly row: BenchRow }> {
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  await wait(100);
  stalls.enable();
  const store = await openJsonStore(data, { thread: THREAD });
  await wait(100);
  stalls.disable();
  return { store, row: stallRow('longest stall: start with 100,000', stalls) };
}

export const part: BenchPart = {
  name: 'store',
  async run(context) {
    const data = path.join(context.scratch, 'full');
    mkdirSync(data);
    const filled = await openJsonStore(data, { thread: THREAD });
    await fill(filled, context);
    const needle = Buffer.concat([sampleMessage(STORED - 1), Buffer.from(`${NEEDLE}\r\n`)]);
    await filled.add(messageOf(STORED - 1, needle));
    await filled.close();
    const rows = await servedRows(context, { data, stored: STORED, needle: NEEDLE });
    const { store, row } = await openWatched(data);
    rows.push(row, await burstRow(context, store));
    await store.close();
    return rows;
  },
};
