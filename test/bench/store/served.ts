/**
 * Measures the whole server on a full data directory through its own protocols: start, memory, REST, and SMTP
 * compared with an empty directory.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { MessagePage } from '../../../contract/index.ts';
import { captureRate, sampleMessage } from '../load.ts';
import { absolute, figure, median, ratio, spread, timed, type BenchContext, type BenchRow } from '../part.ts';
import { residentOf, startRestante, type MeasuredServer } from '../servers.ts';

export interface FullDirectory {
  readonly data: string;
  readonly stored: number;
  /** A text that occurs in exactly one of all messages. */
  readonly needle: string;
}

const PAGES = 5;
/** Number of messages that a round captures. */
const SAMPLE = 2_000;
/** Milliseconds that a server needs for its background work after its start. */
const SETTLING = 5_000;

export async function page(server: MeasuredServer, parameters: string): Promise<MessagePage> {
  const response = await fetch(`${server.http ?? ''}/api/messages?limit=50${parameters}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as MessagePage;
}

const start = (data: string): Promise<MeasuredServer> =>
  startRestante(['--data', data, '--max-messages', '0']);

async function readRows(context: BenchContext, { data, needle }: FullDirectory): Promise<BenchRow[]> {
  const starts: number[] = [];
  const empty: number[] = [];
  const resident: number[] = [];
  const pages: number[] = [];
  const searches: number[] = [];
  const greps: number[] = [];
  const hasGrep = spawnSync('grep', ['--version']).error === undefined;
  const query = `&query=${encodeURIComponent(`body:"${needle}"`)}`;
  for (let round = 0; round < context.rounds; round++) {
    context.progress(`start, page and search, round ${round + 1} of ${context.rounds}`);
    let server: MeasuredServer | null = null;
    empty.push(await timed(async () => (server = await start(path.join(context.scratch, `new${round}`)))));
    await server!.stop();
    starts.push(await timed(async () => (server = await start(data))));
    const full = server!;
    await wait(SETTLING);
    for (let i = 0; i < PAGES; i++) pages.push(await timed(() => page(full, '')));
    searches.push(
      await timed(async () => {
        const { total } = await page(full, query);
        if (total !== 1) throw new Error(`the search found ${total} messages`);
      }),
    );
    if (hasGrep)
      greps.push(await timed(() => void execFileSync('grep', ['-rlF', needle, path.join(data, 'raw')])));
    resident.push(residentOf(full.pid));
    await full.stop();
  }
  const memory = absolute('resident memory with 100,000', resident, ' MB', '≤ 400 MB', 400);
  return [
    absolute('first page of 100,000, over REST', pages, ' ms', '≤ 10 ms', 10),
    {
      work: 'body search over 100,000, over REST',
      ours: figure(median(searches), ' ms'),
      beside: 'grep -rF',
      theirs: hasGrep ? figure(median(greps), ' ms') : null,
      ratio: hasGrep ? ratio(median(searches), median(greps)) : null,
      spread: spread(searches, ' ms'),
      budget: '≤ 1/10',
      met: hasGrep ? median(searches) / median(greps) <= 0.1 : null,
    },
    absolute('start with 100,000 stored', starts, ' ms', '≤ 3 s', 3000),
    absolute('start, empty', empty, ' ms', '≤ 500 ms', 500),
    Number.isNaN(resident[0]) ? { ...memory, met: null } : memory,
  ];
}

async function captureRow(context: BenchContext, { data, stored }: FullDirectory): Promise<BenchRow> {
  const servers = [await start(data), await start(path.join(context.scratch, 'empty'))] as const;
  const rates: readonly [number[], number[]] = [[], []];
  const messages = Array.from({ length: SAMPLE }, (_, i) => sampleMessage(stored + i));
  await wait(SETTLING);
  // The round before the first one is a warm-up.
  for (let round = -1; round < context.rounds; round++) {
    context.progress(`capture, round ${round + 1} of ${context.rounds}`);
    for (const which of [0, 1] as const) {
      const rate = await captureRate(servers[which].smtp, messages);
      if (round >= 0) rates[which].push(rate);
    }
  }
  await Promise.all(servers.map((server) => server.stop()));
  const [full, empty] = rates;
  return {
    work: 'capture over SMTP with 100,000 stored',
    ours: figure(median(full), '/s'),
    beside: 'empty',
    theirs: figure(median(empty), '/s'),
    ratio: ratio(median(full), median(empty)),
    spread: spread(full, '/s'),
    budget: '≥ 0.8 ×',
    met: median(full) / median(empty) >= 0.8,
  };
}

export async function servedRows(context: BenchContext, full: FullDirectory): Promise<BenchRow[]> {
  const rows = await readRows(context, full);
  return [...rows.slice(0, 2), await captureRow(context, full), ...rows.slice(2)];
}
