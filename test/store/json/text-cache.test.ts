/**
 * Tests the cache of texts for searches: it returns the right text or none, and its files are at most twice as large
 * as the useful texts.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MessageId } from '../../../server/store/ids.ts';
import { examineTexts, TextCache } from '../../../server/store/json/text-cache.ts';
import { parseQuery } from '../../../server/store/find/language/parse.ts';
import { newMessage } from '../new-message.ts';
import { openIn, temporaryDirectory } from '../stores.ts';

const idOf = (n: number): MessageId => `m${n}` as MessageId;
const filesOf = (directory: string): string[] =>
  readdirSync(directory).filter((name) => /^search\.texts\.\d+$/.test(name));

it('returns the stored text or nothing after any puts, deletions, closes and changes of file', async () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('put' as const),
      n: fc.nat(9),
      text: fc.string({ unit: 'grapheme', maxLength: 400 }),
    }),
    fc.record({ do: fc.constant('delete' as const), n: fc.nat(9) }),
    fc.record({ do: fc.constant('reopen' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const directory = temporaryDirectory();
      let cache = await TextCache.open(directory, 500);
      const there = new Map<MessageId, string>();
      for (const each of steps) {
        // The text of an id never changes.
        if (each.do === 'put' && !there.has(idOf(each.n))) {
          there.set(idOf(each.n), each.text);
          cache.put(idOf(each.n), each.text);
        } else if (each.do === 'delete') {
          there.delete(idOf(each.n));
          cache.delete([idOf(each.n)]);
        } else if (each.do === 'reopen') {
          cache.close();
          cache = await TextCache.open(directory, 500);
        }
        for (const n of [0, 3, 9]) {
          const got = cache.get(idOf(n));
          if (got !== undefined) expect(got).toBe(there.get(idOf(n)));
        }
      }
      expect(filesOf(directory).length).toBeLessThanOrEqual(2);
      cache.close();
    }),
    { numRuns: 50 },
  );
});

it('keeps the useful texts of many blocks after a close', async () => {
  const directory = temporaryDirectory();
  const cache = await TextCache.open(directory);
  const text = (n: number): string => `ß${n} `.repeat(2000);
  for (let n = 0; n < 300; n++) cache.put(idOf(n), text(n));
  expect(cache.get(idOf(0))).toBe(text(0));
  expect(cache.get(idOf(299))).toBe(text(299));
  cache.close();
  const again = await TextCache.open(directory);
  for (let n = 0; n < 300; n++) expect(again.get(idOf(n))).toBe(text(n));
  again.close();
});

it('removes damaged texts, and starts empty after a kill', async () => {
  const directory = temporaryDirectory();
  const cache = await TextCache.open(directory);
  cache.put(idOf(1), 'one text');
  cache.put(idOf(2), 'another');
  cache.close();
  const file = path.join(directory, filesOf(directory)[0]!);
  const octets = readFileSync(file);
  octets[5]! ^= 1;
  writeFileSync(file, octets);
  const again = await TextCache.open(directory);
  expect(again.get(idOf(1))).toBeUndefined();
  expect(again.get(idOf(2))).toBe('another');
  // The cache is not closed, as after a kill of the process.
  const third = await TextCache.open(directory);
  expect(third.get(idOf(2))).toBeUndefined();
  third.close();
});

it('deletes useless texts', async () => {
  const directory = temporaryDirectory();
  const cache = await TextCache.open(directory, 10_000);
  for (let n = 0; n < 2000; n++) {
    cache.put(idOf(n), 'x'.repeat(1000));
    if (n >= 10) cache.delete([idOf(n - 10)]);
  }
  cache.close();
  const octets = filesOf(directory).reduce((sum, name) => sum + statSync(path.join(directory, name)).size, 0);
  expect(octets).toBeLessThan(2 * 45_000);
});

it('is read by a search through bodies', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory);
  for (let n = 0; n < 3; n++) await store.messages.add(newMessage({ body: `needle ${n} in hay` }));
  const find = async (opened: typeof store) =>
    (await opened.messages.list({ limit: 5, query: parseQuery('body:NEEDLE') })).total;
  expect(await find(store)).toBe(3);
  await store.close();
  expect(existsSync(path.join(directory, 'search.texts.jsonl'))).toBe(true);
  const again = await openIn(directory);
  expect(await find(again)).toBe(3);
});

it('removes damaged texts that no search has read', async () => {
  const directory = temporaryDirectory();
  const cache = await TextCache.open(directory);
  for (const n of [0, 1, 2]) cache.put(idOf(n), `text ${n}`);
  cache.close();
  const [name = ''] = filesOf(directory);
  const bytes = readFileSync(path.join(directory, name));
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path.join(directory, name), bytes);
  expect(await examineTexts(directory)).toBe('1 texts are damaged');
  const again = await TextCache.open(directory);
  again.removeDamaged();
  again.close();
  expect(await examineTexts(directory)).toBeNull();
  const last = await TextCache.open(directory);
  expect([0, 1, 2].map((n) => last.get(idOf(n)))).toEqual(['text 0', 'text 1', undefined]);
  last.close();
});
