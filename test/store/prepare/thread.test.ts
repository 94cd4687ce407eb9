/** Messages that a thread prepares are those that are prepared on the spot; and they come when it does not. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { MessageId } from '../../../server/store/ids.ts';
import { candidateOf, owned, readMessage } from '../../../server/store/prepare/read-message.ts';
import { PrepareThread } from '../../../server/store/prepare/thread.ts';
import { parseQuery } from '../../../server/store/query/parse.ts';
import { signatureOf } from '../../../server/store/search/signature.ts';
import type { NewMessage, Store } from '../../../server/store/store.ts';
import { newMessage } from '../new-message.ts';
import { alice, builtThread, openIn, openMemory, temporaryDirectory } from '../stores.ts';

const breaking = path.join(import.meta.dirname, 'breaking-worker.mjs');
const seeds = path.join(import.meta.dirname, '..', '..', 'fuzz', 'seeds', 'mime');

/** Several in a turn of the loop. */
async function crowd(store: Store, messages: readonly NewMessage[]): Promise<MessageId[]> {
  const adding: Promise<{ summary: { id: MessageId } }>[] = [];
  for (const [i, message] of messages.entries()) {
    adding.push(store.add(message));
    if (i % 4 === 3) await nextTurn();
  }
  return (await Promise.all(adding)).map(({ summary }) => summary.id);
}

const numbered = (count: number): NewMessage[] =>
  Array.from({ length: count }, (_, n) =>
    newMessage({ to: [alice], subject: `number ${n}`, body: `word${n}x` }),
  );

it('reads, signs and describes as is done on the spot', async () => {
  const thread = new PrepareThread(builtThread, { directory: null, fsync: false });
  onTestFinished(() => thread.close());
  const { envelope, origin } = newMessage({ to: [alice] });
  const message = { envelope, origin, tags: ['b', 'a', 'b'] };
  await Promise.all(
    readdirSync(seeds).map(async (name, n) => {
      const raw = readFileSync(path.join(seeds, name));
      const id = `seed${n}` as MessageId;
      const read = readMessage(message, raw, id, 5);
      const answer = await thread.prepare({ id, now: 5, message, raw: new Uint8Array(raw) });
      expect(answer!.summary).toEqual(owned(read.summary));
      expect(answer!.detail).toBe(read.detail);
      expect([...answer!.signature!]).toEqual([...signatureOf(candidateOf(read, raw))]);
    }),
  );
});

it('is not answered for by one that ended', async () => {
  const thread = new PrepareThread(builtThread, { directory: null, fsync: false });
  onTestFinished(() => thread.close());
  const { envelope, origin, raw } = newMessage({ to: [alice] });
  const ask = (id: string) =>
    thread.prepare({ id: id as MessageId, now: 5, message: { envelope, origin }, raw: new Uint8Array(raw) });
  expect(await ask('first')).not.toBeNull();
  const ended = thread.close();
  expect(await ask('second')).not.toBeNull();
  await ended;
});

it.each([
  ['on disk', () => openIn(temporaryDirectory(), { thread: builtThread, large: 1 })],
  ['in memory', () => openMemory({ thread: builtThread, large: 1 })],
  ['on disk, when the thread breaks', () => openIn(temporaryDirectory(), { thread: breaking, large: 1 })],
])('keeps and finds what comes in a crowd, %s', async (_, open) => {
  const store = await open();
  const messages = numbered(300);
  const ids = await crowd(store, messages);
  for (const [n, id] of ids.entries()) {
    expect((await store.raw(id))?.equals(messages[n]!.raw)).toBe(true);
    expect((await store.summary(id))?.subject).toBe(`number ${n}`);
  }
  for (const n of [0, 150, 299]) {
    const { messages: found } = await store.list({ limit: 5, query: parseQuery(`body:word${n}x`) });
    expect(found.map(({ summary }) => summary.id)).toEqual([ids[n]]);
  }
});

it('is not confused when a large message is overtaken', async () => {
  const store = await openIn(temporaryDirectory(), { thread: builtThread, large: 1 });
  const large = newMessage({ to: [alice], subject: 'large', body: 'a long line\r\n'.repeat(50_000) });
  const messages = numbered(200).map((message, n) => (n > 100 && n % 9 === 0 ? large : message));
  const ids = await crowd(store, messages);
  for (const [n, id] of ids.entries()) {
    expect((await store.raw(id))?.equals(messages[n]!.raw)).toBe(true);
    expect((await store.summary(id))?.subject).toBe(messages[n] === large ? 'large' : `number ${n}`);
  }
});

it('lets others have their turn while a large message is read', async () => {
  const store = await openMemory({ thread: builtThread, large: 1 });
  // The thread is up.
  await crowd(store, numbered(120));
  const body = 'a line of many, of text that somebody may search\r\n'.repeat(200_000);
  let turns = 0;
  const counting = setInterval(() => turns++);
  await store.add(newMessage({ to: [alice], subject: 'large', body }));
  clearInterval(counting);
  expect(turns).toBeGreaterThan(20);
});

it('ends with what was asked of it done', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory, { thread: builtThread, large: 1 });
  const adding = crowd(store, numbered(200));
  const ids = await adding;
  await store.close();
  const again = await openIn(directory);
  expect((await again.facts()).messages).toBe(ids.length);
  expect((await again.facts()).warnings).toEqual([]);
});
