/** Tests caches with all kinds of damage: the store starts, and searches find the same messages as before. */
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examine } from '../../../server/store/json/doctor.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { parseQuery } from '../../../server/store/find/language/parse.ts';
import type { Store } from '../../../server/store/store.ts';
import { newMessage } from '../new-message.ts';
import { openIn, temporaryDirectory } from '../stores.ts';

const MESSAGES = 3;

const made = mkdtempSync(path.join(os.tmpdir(), 'restante-caches-'));
afterAll(() => rmSync(made, { recursive: true }));

beforeAll(async () => {
  const store = await openJsonStore(made);
  for (let n = 0; n < MESSAGES; n++)
    await store.messages.add(newMessage({ body: `needle<${n}> in the hay` }));
  // A search that reads every message fills the cache of texts.
  await store.messages.list({ limit: 1, query: parseQuery('body:in') });
  await store.close();
});

async function found(store: Store): Promise<readonly number[]> {
  const totals = [];
  for (const query of ['body:"needle<0>"', 'body:"needle<2>"', 'body:ha']) {
    totals.push((await store.messages.list({ limit: 1, query: parseQuery(query) })).total);
  }
  return totals;
}

type Damage = (directory: string) => Promise<unknown>;

/** The kinds of damage that are applied to every cache file. */
const damages: Record<string, (file: string) => Promise<unknown>> = {
  'zeros at its end': (file) => appendFile(file, Buffer.alloc(16)),
  'half of it zeros': async (file) => {
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0, bytes.length >> 1));
  },
  'cut in half': async (file) => truncate(file, (await readFile(file)).length >> 1),
  emptied: (file) => truncate(file),
  'a directory': async (file) => {
    await rm(file);
    await mkdir(path.join(file, 'within'), { recursive: true });
  },
  missing: (file) => rm(file),
  'other content': (file) => writeFile(file, 'This is a letter to my aunt.\n'.repeat(500)),
  'twice its content': async (file) => appendFile(file, await readFile(file)),
};
const files = ['search.index', 'search.texts.1', 'search.texts.jsonl'];

const cases = files.flatMap((file) =>
  Object.entries(damages).map(([name, damage]): [string, string, Damage] => [
    file,
    name,
    (directory) => damage(path.join(directory, file)),
  ]),
);

it.each(cases)('finds everything with %s damaged: %s', async (_file, _how, damage) => {
  const directory = temporaryDirectory();
  await cp(made, directory, { recursive: true });
  await damage(directory);
  const store = await openIn(directory);
  expect(await found(store)).toEqual([1, 1, MESSAGES]);
  await store.close();
  expect((await readdir(directory)).sort()).toEqual((await readdir(made)).sort());
});

it.each(cases)('doctor repairs %s damaged: %s', async (_file, _how, damage) => {
  const directory = temporaryDirectory();
  await cp(made, directory, { recursive: true });
  await damage(directory);
  await examine(directory, { repair: true });
  expect((await examine(directory)).problems).toEqual([]);
  const store = await openIn(directory);
  expect(await found(store)).toEqual([1, 1, MESSAGES]);
  await store.close();
});

it('never uses the text of one message for another', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory);
  for (const body of ['first', 'other']) await store.messages.add(newMessage({ body }));
  expect((await store.messages.list({ limit: 1, query: parseQuery('body:ir') })).total).toBe(1);
  await store.close();
  // The two texts are exchanged, each with its checksum.
  const file = path.join(directory, 'search.texts.1');
  const bytes = await readFile(file);
  await writeFile(
    file,
    Buffer.concat([bytes.subarray(bytes.length / 2), bytes.subarray(0, bytes.length / 2)]),
  );
  const again = await openIn(directory);
  const { messages } = await again.messages.list({ limit: 9, query: parseQuery('body:fi') });
  expect(
    await Promise.all(
      messages.map(async ({ summary }) => (await again.messages.raw(summary.id))!.toString()),
    ),
  ).toEqual([expect.stringContaining('first')]);
});
