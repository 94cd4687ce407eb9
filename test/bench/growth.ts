/**
 * Measures how the rates of a server depend on the number of stored messages, from 1,000 to 200,000 on disk: capture
 * over SMTP, and over REST the first page and searches that read bodies. The rates of a store that rewrites or
 * rescans its data would decrease here. A search for words that occur in every message does slow down.
 */
import path from 'node:path';
import { captureRate } from './load.ts';
import { figure, median, ratio, timed, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { plot } from './plot.ts';
import { startRestante, type MeasuredServer } from './servers.ts';
import { sampleMessages } from './store/messages.ts';
import { page } from './store/served.ts';

const SIZES = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];
/** Number of messages that are sent and timed together; the rate at a size is the median of the last few chunks. */
const CHUNK = 200;
const CHUNKS = 5;
const ASKED = 9;
/** Number of messages that a new server captures and deletes before the measurements start. */
const WARMING = 3_000;

interface Measured {
  readonly stored: number;
  /** Captured messages per second. */
  readonly capture: number;
  /** Milliseconds for the first page of the list. */
  readonly list: number;
  /** Milliseconds for a search for text that occurs in one message. */
  readonly search: number;
  /** Milliseconds for a search for a phrase whose words occur in every message, but rarely in this order. */
  readonly common: number;
}

async function askOften(ask: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ASKED; round++) times.push(await timed(() => ask(round)));
  return median(times);
}

async function startWarm(context: BenchContext): Promise<MeasuredServer> {
  const server = await startRestante([
    '--data',
    path.join(context.scratch, 'data'),
    ...['--max-messages', '0'],
  ]);
  context.progress('warming up');
  await captureRate(server.smtp, sampleMessages(0, WARMING));
  await askOften((round) => page(server, `&query=subject:${round}`));
  await fetch(`${server.http ?? ''}/api/messages?all=true`, { method: 'DELETE' });
  return server;
}

const bodySearch = (text: string): string => `&query=${encodeURIComponent(`body:"${text}"`)}`;

/** Fills the server up to a number of messages, and measures the server. */
async function measure(
  server: MeasuredServer,
  from: number,
  stored: number,
  context: BenchContext,
): Promise<Measured> {
  const rates: number[] = [];
  for (let at = from; at < stored; at += CHUNK) {
    if (at % 1_000 === 0)
      context.progress(`${at.toLocaleString('en')} of ${SIZES.at(-1)?.toLocaleString('en')}`);
    rates.push(await captureRate(server.smtp, sampleMessages(at, CHUNK)));
  }
  const list = await askOften(() => page(server, ''));
  const needle = `needle of ${stored}`;
  await captureRate(
    server.smtp,
    [Buffer.concat([sampleMessages(stored, 1)[0]!, Buffer.from(`${needle}\r\n`)])],
    1,
  );
  const search = await askOften(async () => {
    const { total } = await page(server, bodySearch(needle));
    if (total !== 1) throw new Error(`the search found ${total} messages`);
  });
  const common = await timed(() => page(server, bodySearch('ticket7 order')));
  return { stored, capture: median(rates.slice(-CHUNKS)), list, search, common };
}

function rowOf(work: string, first: number, last: number, unit: string, rising: boolean): BenchRow {
  return {
    work: `${work}, at 200,000 beside 1,000`,
    ours: figure(last, unit),
    beside: 'at 1,000',
    theirs: figure(first, unit),
    ratio: ratio(last, first),
    spread: '',
    budget: rising ? '' : '≥ 0.8 ×',
    met: rising ? null : last / first >= 0.8,
  };
}

export const part: BenchPart = {
  name: 'growth',
  async run(context) {
    const server = await startWarm(context);
    const measured: Measured[] = [];
    try {
      for (const [i, size] of SIZES.entries())
        measured.push(await measure(server, SIZES[i - 1] ?? 0, size, context));
    } finally {
      await server.stop();
    }
    const points = (of: (one: Measured) => number) => measured.map((one) => [one.stored, of(one)] as const);
    context.picture(
      'growth.svg',
      plot(
        'Capture over SMTP, first page and body search over REST against the number of messages stored',
        'messages stored',
        [
          { title: 'Capture over SMTP', unit: '/s', points: points(({ capture }) => capture) },
          { title: 'First page over REST', unit: ' ms', points: points(({ list }) => list) },
          { title: 'Search, rare text', unit: ' ms', points: points(({ search }) => search) },
          { title: 'Search, common words', unit: ' ms', points: points(({ common }) => common) },
        ],
      ),
    );
    const [first, last] = [measured[0]!, measured.at(-1)!];
    return [
      rowOf('capture over SMTP', first.capture, last.capture, '/s', false),
      rowOf('first page over REST', first.list, last.list, ' ms', true),
      rowOf('body search for rare text', first.search, last.search, ' ms', true),
      rowOf('body search for common words', first.common, last.common, ' ms', true),
    ];
  },
};
