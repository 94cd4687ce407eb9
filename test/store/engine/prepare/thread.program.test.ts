/** Tests that a thread prepares messages as the calling thread does, and that a message is stored if the thread fails. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { MessageId } from '../../../../server/store/ids.ts';
import { owned, readMessage } from '../../../../server/store/engine/prepare/read-message.ts';
import { job } from '../../../../server/store/engine/prepare/job.ts';
import { parseQuery } from '../../../../server/store/find/language/parse.ts';
import type { MessageFile } from '../../../../server/message/octets.ts';
import type { NewMessage, NewMessageFile, Store } from '../../../../server/store/store.ts';
import { ThreadPool } from '../../../../server/thread/pool.ts';
import { newMessage } from '../../new-message.ts';
import { alice, builtThread, openIn, openMemory, temporaryDirectory } from '../../stores.ts';

const breaking = path.join(import.meta.dirname, 'breaking-worker.mjs');
const seeds = path.join(import.meta.dirname, '..', '..', '..', 'fuzz', 'seeds', 'mime');

/** Adds several messages in one turn of the event loop. */
async function crowd(store: Store, messages: readonly NewMessage[]): Promise<MessageId[]> {
  const adding: Promise<{ summary: { id: MessageId } }>[] = [];
  for (const [i, message] of messages.entries()) {
    adding.push(store.messages.add(message));
    if (i % 4 === 3) await nextTurn();
  }
  return (await Promise.all(adding)).map(({ summary }) => summary.id);
}

const numbered = (count: number): NewMessage[] =>
  Array.from({ length: count }, (_, n) =>
    newMessage({ to: [alice], subject: `number ${n}`, body: `word${n}x` }),
  );

it('prepares messages as the calling thread does', async () => {
  const threads = new ThreadPool({ file: builtThread, threads: 1 });
  onTestFinished(() => threads.close());
  const { envelope, origin } = newMessage({ to: [alice] });
  const message = { envelope, origin, tags: ['b', 'a', 'b'] };
  const world = { directory: null, fsync: false };
  for (const [n, name] of readdirSync(seeds).entries()) {
    const raw = readFileSync(path.join(seeds, name));
    const id = `seed${n}` as MessageId;
    const read = readMessage(message, raw, id, 5);
    const task = { id, now: 5, message, world, raw: new Uint8Array(raw) };
    const { prepared, isWritten } = await threads.run(job, () => task);
    expect(isWritten).toBe(false);
    expect(prepared.summary).toEqual(owned(read.summary));
    expect(prepared.detail).toBe(read.detail);
  }
});

it.each([
  ['on disk', () => openIn(temporaryDirectory(), { thread: builtThread, large: 1 })],
  ['in memory', () => openMemory({ thread: builtThread, large: 1 })],
])('stores and finds many messages that are added at once, %s', async (_, open) => {
  const store = await open();
  const messages = numbered(300);
  const ids = await crowd(store, messages);
  for (const [n, id] of ids.entries()) {
    expect((await store.messages.raw(id))?.equals(messages[n]!.raw)).toBe(true);
    expect((await store.messages.summary(id))?.subject).toBe(`number ${n}`);
  }
  for (const n of [0, 150, 299]) {
    const { messages: found } = await store.messages.list({ limit: 5, query: parseQuery(`body:word${n}x`) });
    expect(found.map(({ summary }) => summary.id)).toEqual([ids[n]]);
  }
});

it('stores every message under its own id when large and small ones are added at once', async () => {
  const store = await openIn(temporaryDirectory(), { thread: builtThread, large: 1 });
  const large = newMessage({ to: [alice], subject: 'large', body: 'a long line\r\n'.repeat(50_000) });
  const messages = numbered(200).map((message, n) => (n > 100 && n % 9 === 0 ? large : message));
  const ids = await crowd(store, messages);
  for (const [n, id] of ids.entries()) {
    expect((await store.messages.raw(id))?.equals(messages[n]!.raw)).toBe(true);
    expect((await store.messages.summary(id))?.subject).toBe(messages[n] === large ? 'large' : `number ${n}`);
  }
});

it('does not block the event loop while a thread reads a large message', async () => {
  const store = await openMemory({ thread: builtThread, large: 1 });
  // Starts the worker thread.
  await crowd(store, numbered(120));
  const body = 'a line of many, of text that somebody may search\r\n'.repeat(200_000);
  const message = newMessage({ to: [alice], subject: 'large', body });
  let turns = 0;
  let turning = true;
  const turn = () => {
    turns++;
    if (turning) setImmediate(turn);
  };
  setImmediate(turn);
  await store.messages.add(message);
  turning = false;
  // If this thread reads the message itself, the whole read is one turn.
  expect(turns).toBeGreaterThan(100);
});

it('has stored every added message after a close', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory, { thread: builtThread, large: 1 });
  const adding = crowd(store, numbered(200));
  const ids = await adding;
  await store.close();
  const again = await openIn(directory);
  expect((await again.facts()).messages).toBe(ids.length);
  expect((await again.facts()).warnings).toEqual([]);
});

const LARGE_TEXT = 'a line of many, of text that somebody may search\r\n'.repeat(50_000);

it.each([
  ['takes too long', { thread: builtThread, prepareLimits: { deadline: 1 } }, /more than 0\.001 seconds/],
  ['needs too much memory', { thread: builtThread, prepareLimits: { heapMb: 4 } }, /memory/],
  ['breaks', { thread: breaking }, /thread/],
])('stores a message with its header and a defect where its thread %s', async (_, options, reason) => {
  const store = await openIn(temporaryDirectory(), { ...options, large: 100_000 });
  const message = newMessage({ to: [alice], subject: 'quite large', body: LARGE_TEXT });
  const { summary } = await store.messages.add(message);
  expect(summary).toMatchObject({ subject: 'quite large', size: message.raw.length });
  expect((await store.messages.raw(summary.id))!.equals(message.raw)).toBe(true);
  const { defects } = (await store.messages.get(summary.id))!;
  expect(defects).toMatchObject([{ code: 'not-read', message: expect.stringMatching(reason) as string }]);
  const found = await store.messages.list({ limit: 5, query: parseQuery('subject:quite') });
  expect(found.messages).toHaveLength(1);
  expect((await store.facts()).warnings).toEqual([]);
});

/** Returns a message in a file, like a message that is too large for memory. */
function inFile(message: NewMessage): NewMessageFile {
  const { raw, ...facts } = message;
  const file: MessageFile = { file: path.join(temporaryDirectory(), 'held.part'), size: raw.length };
  writeFileSync(file.file, raw);
  return { ...facts, file };
}

it.each([
  ['on disk, in a thread', (directory: string) => openIn(directory, { thread: builtThread, large: 1 })],
  ['on disk, in the calling thread', (directory: string) => openIn(directory, { thread: null })],
  [
    'on disk, synced',
    (directory: string) => openIn(directory, { thread: builtThread, fsync: true, large: 1 }),
  ],
  [
    'on disk, where its thread fails',
    (directory: string) => openIn(directory, { thread: breaking, large: 1 }),
  ],
  ['in memory', () => openMemory({ thread: builtThread, large: 1 })],
])('stores a message from its file, %s', async (_, open) => {
  const directory = temporaryDirectory();
  const store = await open(directory);
  const message = newMessage({ to: [alice], subject: 'in a file', body: LARGE_TEXT });
  const held = inFile(message);
  const { summary } = await store.messages.add(held);
  expect(summary).toMatchObject({ subject: 'in a file', size: message.raw.length });
  expect((await store.messages.raw(summary.id))!.equals(message.raw)).toBe(true);
  expect(existsSync(held.file.file)).toBe(true);
  await store.close();
  // The checksum of the bytes is right, and no other file remains.
  const again = await openIn(directory);
  expect((await again.facts()).warnings).toEqual([]);
});

it('reports a missing file as storage that accepts no mail', async () => {
  const store = await openIn(temporaryDirectory(), { thread: builtThread, large: 1 });
  const { raw, ...facts } = newMessage({ to: [alice] });
  const file = { file: path.join(temporaryDirectory(), 'gone.part'), size: raw.length };
  await expect(store.messages.add({ ...facts, file })).rejects.toMatchObject({ code: 'unwritable' });
  expect((await store.facts()).messages).toBe(0);
});
