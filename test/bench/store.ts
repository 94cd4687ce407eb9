/**
 * Measures a store with 100,000 messages: the whole server on it, and the longest stall of the event loop while
 * 20,000 more messages arrive, a search runs and the log is compacted.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openJsonStore } from '../../server/store/json/index.ts';
import type { Store } from '../../server/store/store.ts';
import { sampleMessage } from './load.ts';
import { absolute, figure, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { addMany, messageOf, sampleMessages, THREAD } from './store/messages.ts';
import { servedRows } from './store/served.ts';
import type { Stall } from './store/stalls.ts';

const STORED = 100_000;
const SAMPLE = 2_000;
/** A text that occurs in exactly one of all messages. */
const NEEDLE = 'ticket99 needle in the haystack';

async function fill(store: Store, context: BenchContext): Promise<void> {
  for (let from = 0; from < STORED; from += SAMPLE) {
    context.progress(`storing ${from} of ${STORED}`);
    await addMany(store, from, sampleMessages(from, SAMPLE));
  }
}

const stallRow = (work: string, { longest, p99 }: Stall): BenchRow => ({
  ...absolute(work, [longest], ' ms', '≤ 50 ms', 50),
  spread: `p99 ${figure(p99, ' ms')}`,
});

async function stallRows(data: string): Promise<BenchRow[]> {
  const script = path.join(import.meta.dirname, 'store', 'stalls.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, data]);
  const { start, arriving } = JSON.parse(stdout) as Record<'start' | 'arriving', Stall>;
  return [
    stallRow('longest stall: start with 100,000', start),
    stallRow('longest stall: burst, search, compaction', arriving),
  ];
}

export const part: BenchPart = {
  name: 'store',
  async run(context) {
    const data = path.join(context.scratch, 'full');
    mkdirSync(data);
    const filled = await openJsonStore(data, { thread: THREAD });
    await fill(filled, context);
    const needle = Buffer.concat([sampleMessage(STORED - 1), Buffer.from(`${NEEDLE}\r\n`)]);
    await filled.messages.add(messageOf(STORED - 1, needle));
    await filled.close();
    const rows = await servedRows(context, { data, stored: STORED, needle: NEEDLE });
    context.progress('a start; a burst, a search and a compaction');
    return [...rows, ...(await stallRows(data))];
  },
};
