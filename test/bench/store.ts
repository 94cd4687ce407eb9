/**
 * The store on disk: capture with nothing and with 100,000 messages stored, first page, body search beside
 * `grep -rF`, start and memory of the whole server, and the longest stall of the event loop while 20,000 messages
 * arrive, a search runs and the log is compacted.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { accountName } from '../../server/store/ids.ts';
import { openJsonStore } from '../../server/store/json/store.ts';
import { parseQuery } from '../../server/store/query/parse.ts';
import type { NewMessage, Store } from '../../server/store/store.ts';
import { sampleMessage } from './load.ts';
import { figure, median, ratio, spread, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { startRestante } from './servers.ts';

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

/** Milliseconds that the work takes. */
export async function timed<T>(work: () => Promise<T> | T): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const absolute = (
  work: string,
  values: readonly number[],
  unit: string,
  budget: string,
  most: number,
): BenchRow => ({
  work,
  ours: figure(median(values), unit),
  beside: null,
  theirs: null,
  ratio: null,
  spread: spread(values, unit),
  budget,
  met: median(values) <= most,
});

async function captureRow(context: BenchContext, full: Store): Promise<BenchRow> {
  const rates: number[] = [];
  const emptyRates: number[] = [];
  let serial = STORED;
  for (let round = 0; round < context.rounds; round++) {
    context.progress(`capture, round ${round + 1}`);
    const messages = sampleMessages(serial, SAMPLE);
    const empty = await openJsonStore(path.join(context.scratch, `empty${round}`));
    emptyRates.push(await addMany(empty, serial, messages));
    await empty.close();
    rates.push(await addMany(full, serial, messages));
    serial += SAMPLE;
  }
  const [ours, theirs] = [median(rates), median(emptyRates)];
  return {
    work: 'capture with 100,000 stored',
    ours: figure(ours, '/s'),
    beside: 'empty',
    theirs: figure(theirs, '/s'),
    ratio: ratio(ours, theirs),
    spread: spread(rates, '/s'),
    budget: '≥ 0.8 ×',
    met: ours / theirs >= 0.8,
  };
}

async function searchRow(context: BenchContext, store: Store, data: string): Promise<BenchRow> {
  const query = parseQuery(`body:"${NEEDLE}"`);
  const ours: number[] = [];
  const theirs: number[] = [];
  const hasGrep = spawnSync('grep', ['--version']).error === undefined;
  for (let round = 0; round < context.rounds; round++) {
    context.progress(`search, round ${round + 1}`);
    ours.push(
      await timed(async () => {
        const { total } = await store.list({ limit: 50, query });
        if (total !== 1) throw new Error(`the search found ${total} messages`);
      }),
    );
    if (hasGrep)
      theirs.push(await timed(() => void execFileSync('grep', ['-rlF', NEEDLE, path.join(data, 'raw')])));
  }
  return {
    work: 'body search over 100,000',
    ours: figure(median(ours), ' ms'),
    beside: 'grep -rF',
    theirs: hasGrep ? figure(median(theirs), ' ms') : null,
    ratio: hasGrep ? ratio(median(ours), median(theirs)) : null,
    spread: spread(ours, ' ms'),
    budget: '≤ 1/10',
    met: hasGrep ? median(ours) / median(theirs) <= 0.1 : null,
  };
}

/** Longest stall while messages arrive, a search runs and the log is compacted, all at once. */
async function stallRow(context: BenchContext, store: Store): Promise<BenchRow> {
  const messages = sampleMessages(2 * STORED, BURST);
  const { messages: some } = await store.list({ limit: 1, order: 'oldest' });
  const ids = some.map(({ summary }) => summary.id);
  // A delay of the histogram is measured from one wake-up to the next: its own period comes off.
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  context.progress('a burst, a search and a compaction');
  let done = false;
  const search = async (): Promise<void> => {
    while (!done) {
      await store.list({ limit: 50, query: parseQuery('body:"no such text anywhere" OR subject:nothing') });
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
  histogram.enable();
  const searching = search();
  const churning = churn();
  await addMany(store, 2 * STORED, messages);
  done = true;
  await Promise.all([searching, churning]);
  histogram.disable();
  const worst = histogram.max / 1e6 - 1;
  return {
    ...absolute('longest stall: burst, search, compaction', [worst], ' ms', '≤ 50 ms', 50),
    spread: `p99 ${figure(histogram.percentile(99) / 1e6 - 1, ' ms')}`,
  };
}

/** Resident memory of a process in megabytes, where the system tells. */
function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? NaN) / 1000;
  } catch {
    return NaN;
  }
}

async function startRows(context: BenchContext, data: string): Promise<BenchRow[]> {
  const starts: number[] = [];
  const resident: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < context.rounds; round++) {
    context.progress(`start, round ${round + 1}`);
    for (const [directory, into] of [
      [path.join(context.scratch, `new${round}`), empty],
      [data, starts],
    ] as const) {
      const started = performance.now();
      const server = await startRestante(['--data', directory, '--max-messages', '0']);
      into.push(performance.now() - started);
      if (directory === data) {
        // Whatever it still does in the background belongs to it.
        await wait(5000);
        await fetch(`${server.http ?? ''}/api/messages?limit=50`);
        resident.push(residentOf(server.pid));
      }
      await server.stop();
    }
  }
  const memory = absolute('resident memory with 100,000', resident, ' MB', '≤ 400 MB', 400);
  return [
    absolute('start with 100,000 stored', starts, ' ms', '≤ 3 s', 3000),
    absolute('start, empty', empty, ' ms', '≤ 500 ms', 500),
    Number.isNaN(resident[0]) ? { ...memory, met: null } : memory,
  ];
}

export const part: BenchPart = {
  name: 'store',
  async run(context) {
    const data = path.join(context.scratch, 'full');
    mkdirSync(data);
    let store = await openJsonStore(data);
    await fill(store, context);
    const needle = Buffer.concat([sampleMessage(STORED - 1), Buffer.from(`${NEEDLE}\r\n`)]);
    await store.add(messageOf(STORED - 1, needle));
    await store.close();
    const starts = await startRows(context, data);
    store = await openJsonStore(data);
    const pages: number[] = [];
    for (let round = 0; round < 5; round++) pages.push(await timed(() => store.list({ limit: 50 })));
    const rows = [
      absolute('first page of 100,000', pages, ' ms', '≤ 10 ms', 10),
      await searchRow(context, store, data),
      await captureRow(context, store),
      await stallRow(context, store),
      ...starts,
    ];
    await store.close();
    return rows;
  },
};
