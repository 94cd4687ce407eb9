import { appendFile, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { examine } from '../../../server/store/json/doctor.ts';
import { shardOf } from '../../../server/store/raw/raw-files.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import type { MessageId } from '../../../server/store/ids.ts';
import { newMessage } from '../new-message.ts';
import { alice, openIn, temporaryDirectory } from '../stores.ts';

async function madeStore(): Promise<{ directory: string; ids: MessageId[] }> {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory, { rawFiles: true });
  await store.accounts.open(alice);
  const ids: MessageId[] = [];
  for (let i = 0; i < 6; i++)
    ids.push((await store.messages.add(newMessage({ subject: `${i}` }))).summary.id);
  await store.close();
  return { directory, ids };
}

const rawFile = (directory: string, id: MessageId): string =>
  path.join(directory, 'raw', shardOf(id), `${id}.eml`);

it('finds no problem in a store that was closed, nor in a new one', async () => {
  const { directory } = await madeStore();
  expect(await examine(directory)).toEqual({
    directory,
    inUse: null,
    messages: 6,
    accounts: 2,
    bytes: expect.any(Number),
    problems: [],
    accepted: 0,
    repaired: [],
  });
  await expect(examine(path.join(directory, 'nothing'))).rejects.toMatchObject({ code: 'not-found' });
});

it('finds every kind of problem, changes nothing, and repairs what is possible', async () => {
  const { directory, ids } = await madeStore();
  const log = path.join(directory, 'messages.jsonl');
  await writeFile(log, (await readFile(log, 'utf8')).replace('"subject":"2"', '"subject":"x"'));
  await appendFile(log, '{"sum":"torn');
  await writeFile(path.join(directory, 'db.json'), '{ no json');
  await rm(rawFile(directory, ids[0]!));
  await truncate(rawFile(directory, ids[1]!), 3);
  const stranger = '0zzzzzzzzzzzzzzz' as MessageId;
  await writeFile(path.join(directory, 'raw', shardOf(ids[3]!), `${ids[3]!}x.eml.part`), 'half');
  const { mkdir } = await import('node:fs/promises');
  await mkdir(path.dirname(rawFile(directory, stranger)), { recursive: true });
  await writeFile(rawFile(directory, stranger), 'Subject: stranger\r\n\r\n');

  const before = await readdir(directory, { recursive: true });
  const progress: number[] = [];
  const report = await examine(directory, { onProgress: (done) => progress.push(done) });
  expect(progress.length).toBeGreaterThan(0);
  expect(report.problems.map(({ kind, repairable }) => `${kind} ${repairable}`).sort()).toEqual([
    'document-damaged true',
    'file-changed false',
    'file-missing false',
    'file-partial true',
    'file-unknown true',
    'log-damaged true',
    'log-torn true',
  ]);
  expect(report.problems.find(({ kind }) => kind === 'file-missing')?.examples).toEqual([ids[0]]);
  expect(report.problems.find(({ kind }) => kind === 'file-unknown')?.examples.toSorted()).toEqual(
    [ids[2], stranger].sort(),
  );
  expect(await readdir(directory, { recursive: true })).toEqual(before);

  const repaired = await examine(directory, { repair: true });
  expect(repaired).toMatchObject({ problems: [], accepted: 2 });
  expect(repaired.repaired.length).toBeGreaterThan(3);
  expect(repaired.messages).toBe(7);
  // An accepted loss is not reported again; a new loss is reported.
  const store = await openIn(directory);
  expect((await store.facts()).warnings).toEqual([]);
  await store.close();
  await truncate(rawFile(directory, ids[1]!), 2);
  expect((await examine(directory)).problems.map(({ kind }) => kind)).toEqual(['file-changed']);
});

it('names the process that uses the directory, and changes nothing', async () => {
  const { directory } = await madeStore();
  await openIn(directory);
  const report = await examine(directory);
  expect(report.inUse).toMatchObject({ pid: process.pid });
  await rm(path.join(directory, 'db.json'));
  await writeFile(path.join(directory, 'db.json'), '{');
  await expect(examine(directory, { repair: true })).rejects.toMatchObject({ code: 'locked' });
});
