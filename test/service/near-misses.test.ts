/**
 * Tests that waits that time out together share the work of their reports, and that the work for each wait is
 * bounded.
 */
import { expect, it, onTestFinished } from 'vitest';
import { NearMisses } from '../../server/service/wait/near-misses.ts';
import { accountName, type Seq } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import { parseQuery } from '../../server/store/find/language/parse.ts';
import { countCalls } from '../helpers/counted-store.ts';
import { newMessage } from '../store/new-message.ts';

/** Opens a store that contains the given number of messages and counts its calls. */
async function openCounted(messages: number) {
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  for (let i = 0; i < messages; i++) {
    await store.messages.add(
      newMessage({ to: [`u${i % 7}@example.test`], subject: `mail ${i}`, body: 'word '.repeat(200) }),
    );
  }
  const { store: counted, counts } = countCalls(store, ['explain', 'list']);
  return { store, nearMisses: new NearMisses(counted), counts };
}

const scope = (account: string, query: string) => ({
  account: accountName(account),
  query: parseQuery(query),
});
const START = 0 as Seq;

it('computes one report for all equivalent waits', async () => {
  const { nearMisses, counts } = await openCounted(60);
  const report = () =>
    nearMisses.report(scope('nobody@example.test', 'body:nothing subject:"mail 5"'), START);
  const reports = await Promise.all(Array.from({ length: 100 }, report));
  expect(counts).toEqual({ explain: 60, list: 2 });
  expect(new Set(reports).size).toBe(1);
  expect(reports[0]?.elsewhere.slice(0, 2).map(({ summary }) => summary.subject)).toEqual([
    'mail 59',
    'mail 58',
  ]);
  expect(reports[0]?.elsewhere).toHaveLength(20);
});

it('computes a new report after a change', async () => {
  const { store, nearMisses } = await openCounted(1);
  const report = () => nearMisses.report(scope('u0@example.test', 'subject:later'), START);
  expect((await report()).arrived).toHaveLength(1);
  await store.messages.add(newMessage({ to: ['u0@example.test'], subject: 'other' }));
  expect((await report()).arrived.map(({ failed }) => failed)).toEqual([
    [{ term: 'subject:later', found: 'other' }],
    [{ term: 'subject:later', found: 'mail 0' }],
  ]);
});

it.each([
  [100, 1_000],
  // Above 200 different waits, messages of other accounts are not compared.
  [1_000, 0],
])('bounds the work for %d different waits on an empty account', async (waits, most) => {
  const { nearMisses, counts } = await openCounted(60);
  const reports = await Promise.all(
    Array.from({ length: waits }, (_, i) =>
      nearMisses.report(scope('nobody@example.test', `body:token${i}`), START),
    ),
  );
  expect(counts.explain).toBeLessThanOrEqual(most);
  expect(counts.list).toBe(2);
  expect(reports.every(({ elsewhere }) => elsewhere.length >= 5)).toBe(true);
});

it.each([100, 1_000, 3_000])(
  'bounds the comparisons for %d different waits on one account',
  async (waits) => {
    const { nearMisses, counts } = await openCounted(60);
    const reports = await Promise.all(
      Array.from({ length: waits }, (_, i) => nearMisses.report(scope('all', `subject:token${i}`), START)),
    );
    expect(counts.explain).toBeLessThanOrEqual(4_000);
    expect(counts.list).toBe(1);
    expect(reports.every(({ arrived, total }) => arrived.length >= 1 && total === 60)).toBe(true);
  },
);
