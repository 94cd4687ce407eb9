/** Tests `db.json` as a document of lowdb: it contains the data that was read or saved last, and a write is atomic. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Low } from 'lowdb';
import { AtomicFile } from '../../../server/store/document/atomic-file.ts';
import { EMPTY_DOCUMENT, type Document } from '../../../server/store/document/format.ts';
import { DocumentFile } from '../../../server/store/document/index.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { alice, temporaryDirectory } from '../stores.ts';

const someDocument = (seq: number): Document => ({
  seq,
  accounts: [],
  records: { rules: { r1: { name: 'rule' }, '7': [1, null] }, empty: {} },
});

it('persists the data of lowdb, and reads it into another instance', async () => {
  const file = path.join(temporaryDirectory(), 'db.json');
  const db = new Low<Document>(new AtomicFile(file, false), EMPTY_DOCUMENT);
  await db.read();
  expect(db.data).toBe(EMPTY_DOCUMENT);
  db.data = someDocument(5);
  await db.write();
  const adapter = new AtomicFile(file, true);
  const other = new Low<Document>(adapter, EMPTY_DOCUMENT);
  await other.read();
  expect(other.data).toEqual(someDocument(5));
  expect(adapter.condition).toBe('as-written');
  other.data = someDocument(6);
  await other.write();
  await db.read();
  expect(db.data.seq).toBe(6);
});

it('keeps the old text and leaves no other file when a write fails', async () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'db.json');
  const adapter = new AtomicFile(file, false);
  await adapter.write(someDocument(1));
  const before = await readFile(file);
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  await expect(adapter.write({ ...someDocument(2), records: { rules: circular } })).rejects.toThrow(
    'circular',
  );
  expect(await readFile(file)).toEqual(before);
  // The path of the temporary file contains a file as a directory, so it cannot be created.
  await writeFile(path.join(directory, 'file'), '');
  await expect(
    new AtomicFile(path.join(directory, 'file', 'db.json'), false).write(someDocument(2)),
  ).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect((await readdir(directory)).sort()).toEqual(['db.json', 'file']);
});

it('replaces a directory that has the name of the document', async () => {
  const file = path.join(temporaryDirectory(), 'db.json');
  await mkdir(path.join(file, 'inside'), { recursive: true });
  await new AtomicFile(file, false).write(someDocument(3));
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1, seq: 3 });
});

it('reports whether the text is missing, as written or edited', async () => {
  const directory = temporaryDirectory();
  const name = path.join(directory, 'db.json');
  expect(await new DocumentFile(name).read()).toBe('missing');
  const store = await openJsonStore(directory);
  await store.accounts.mint(alice, 'secret');
  await store.records.collection('rules').put('r', { name: 'first' });
  await store.close();
  const document = new DocumentFile(name);
  expect(await document.read()).toBe('as-written');
  expect(document.data).toMatchObject({
    accounts: [{ name: 'all' }, { name: alice, password: 'secret' }],
    records: { rules: { r: { name: 'first' } } },
  });
  await writeFile(name, (await readFile(name, 'utf8')).replace('"first"', '"edited"'));
  expect(await document.read()).toBe('edited');
  expect(document.data.records).toEqual({ rules: { r: { name: 'edited' } } });
});
