/**
 * How the store's rates go with what it holds, from 1,000 to 200,000 messages: capture, the first page, a search that
 * reads bodies. A store that rewrites or rescans what it has would bend here.
 */
import path from 'node:path';
import { openJsonStore } from '../../server/store/json/store.ts';
import { parseQuery } from '../../server/store/query/parse.ts';
import type { Store } from '../../server/store/store.ts';
import { figure, median, ratio, type BenchPart, type BenchRow } from './part.ts';
import { plot } from './plot.ts';
import { addMany, sampleMessages, timed } from './store.ts';

const SIZES = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];
/** Messages whose capture is timed at each size; they count to it. */
const SAMPLE = 1_000;
const ASKED = 9;

interface Measured {
  readonly stored: number;
  /** Messages a second. */
  readonly capture: number;
  /** Milliseconds. */
  readonly list: number;
  readonly search: number;
}

async function askOften(ask: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ASKED; round++) times.push(await timed(() => ask(round)));
  return median(times);
}

async function measure(store: Store, stored: number): Promise<Measured> {
  const capture = await addMany(store, stored - SAMPLE, sampleMessages(stored - SAMPLE, SAMPLE));
  const list = await askOften(() => store.list({ limit: 50 }));
  // Words that few messages have, others each time.
  const search = await askOften((round) =>
    store.list({ limit: 50, query: parseQuery(`body:"ticket${round * 7} order"`) }),
  );
  return { stored, capture, list, search };
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
    const store = await openJsonStore(path.join(context.scratch, 'data'));
    const measured: Measured[] = [];
    let stored = 0;
    for (const size of SIZES) {
      for (; stored < size - SAMPLE; stored += SAMPLE) {
        if (stored % 10_000 === 0) context.progress(`storing ${stored} of ${SIZES.at(-1)}`);
        await addMany(store, stored, sampleMessages(stored, SAMPLE));
      }
      measured.push(await measure(store, size));
      stored = size;
    }
    await store.close();
    const points = (of: (one: Measured) => number) => measured.map((one) => [one.stored, of(one)] as const);
    context.picture(
      'growth.svg',
      plot(
        'Capture rate, first page and body search against the number of messages stored',
        'messages stored',
        [
          { title: 'Capture', unit: '/s', points: points(({ capture }) => capture) },
          { title: 'First page of 50', unit: ' ms', points: points(({ list }) => list) },
          { title: 'Body search', unit: ' ms', points: points(({ search }) => search) },
        ],
      ),
    );
    const [first, last] = [measured[0]!, measured.at(-1)!];
    return [
      rowOf('capture into the store', first.capture, last.capture, '/s', false),
      rowOf('first page', first.list, last.list, ' ms', true),
      rowOf('body search', first.search, last.search, ' ms', true),
    ];
  },
};
