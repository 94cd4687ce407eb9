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
  await store.close();
});

async function found(store: Store): Promise<readonly number[]> {
  const totals = [];
  for (const query of ['body:"needle<0>"', 'body:"needle<2>"', 'body:ha']) {
    totals.push((await store.messages.list({ limit: 1, query: parseQuery(query) })).total);
  }
  return totals;
}

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
/** The only segment of the search index, which a close writes. */
const SEGMENT = path.join('search', '000001.segment');

it.each(Object.entries(damages))('finds everything with a damaged index: %s', async (_how, damage) => {
  const directory = temporaryDirectory();
  await cp(made, directory, { recursive: true });
  await damage(path.join(directory, SEGMENT));
  const store = await openIn(directory);
  expect(await found(store)).toEqual([1, 1, MESSAGES]);
  await store.close();
  expect((await readdir(directory)).sort()).toEqual((await readdir(made)).sort());
  expect(await readdir(path.join(directory, 'search'))).toHaveLength(1);
});

it.each(Object.entries(damages))('doctor repairs a damaged index: %s', async (_how, damage) => {
  const directory = temporaryDirectory();
  await cp(made, directory, { recursive: true });
  await damage(path.join(directory, SEGMENT));
  await examine(directory, { repair: true });
  expect((await examine(directory)).problems).toEqual([]);
  const store = await openIn(directory);
  expect(await found(store)).toEqual([1, 1, MESSAGES]);
  await store.close();
});

it('finds everything with any bit of the index changed', async () => {
  const whole = await readFile(path.join(made, SEGMENT));
  const directory = temporaryDirectory();
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 40)) {
    await cp(made, directory, { recursive: true });
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at & 7));
    await rm(path.join(directory, 'search'), { recursive: true });
    await mkdir(path.join(directory, 'search'));
    await writeFile(path.join(directory, SEGMENT), bytes);
    const store = await openJsonStore(directory);
    expect(await found(store)).toEqual([1, 1, MESSAGES]);
    await store.close();
  }
});

it('removes the caches of earlier versions', async () => {
  const directory = temporaryDirectory();
  await cp(made, directory, { recursive: true });
  await writeFile(path.join(directory, 'search.index'), 'old');
  await writeFile(path.join(directory, 'search.texts.1'), 'old');
  const store = await openIn(directory);
  expect(await found(store)).toEqual([1, 1, MESSAGES]);
  expect((await readdir(directory)).filter((name) => name.startsWith('search'))).toEqual(['search']);
});
