/** Tests that a log that is rewritten while it is in use loses nothing, and shrinks. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { MessageId } from '../../../server/store/ids.ts';
import { dump } from '../dump.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf, openIn, temporaryDirectory, uids } from '../stores.ts';

const logSize = async (directory: string): Promise<number> =>
  (await stat(path.join(directory, 'messages.jsonl'))).size;

/** Returns the change number (seq) of the state at the beginning of the log: 0 until the log is rewritten. */
async function beginsAt(directory: string): Promise<number> {
  const log = await readFile(path.join(directory, 'messages.jsonl'), 'utf8');
  return (JSON.parse(log.slice(0, log.indexOf('\n'))) as { seq: number }).seq;
}

it('is rewritten under load, while everything is read and written', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory, { tolerated: 50_000 });
  await store.accounts.open(alice);
  const sums = new Map<MessageId, string>();
  const writer = async (n: number): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      const message = newMessage({ to: [alice, bob], subject: `${n}-${i}`, body: `${i} `.repeat(i * 10) });
      const { summary } = await store.messages.add(message);
      await store.messages.annotate(summary.id, 'note', { n, text: 'x'.repeat(2000) });
      // From now on, the other writers may read the note of this message.
      sums.set(summary.id, createHash('sha256').update(message.raw).digest('hex'));
      await store.messages.annotate(summary.id, 'note', { n, i });
      await store.messages.tag([summary.id], [`t${i % 3}`], []);
      if (i % 4 === 0) {
        sums.delete(summary.id);
        await store.messages.remove([summary.id], 'all' as never);
      }
      const some = [...sums.keys()].at(-3);
      if (some !== undefined)
        expect((await store.messages.get(some))?.notes).toMatchObject({ note: { n: expect.any(Number) } });
    }
  };
  await Promise.all([1, 2, 3, 4, 5].map(writer));
  // The compaction runs in the background.
  await expect.poll(() => beginsAt(directory)).toBeGreaterThan(0);
  const lived = await dump(store);
  await store.close();
  const again = await openIn(directory);
  expect(await dump(again)).toEqual(lived);
  expect((await again.facts()).warnings).toEqual([]);
  for (const [id, sum] of sums) {
    expect(
      createHash('sha256')
        .update((await again.messages.raw(id))!)
        .digest('hex'),
    ).toBe(sum);
  }
  expect((await readdir(directory)).sort()).toEqual([
    'db.json',
    'lock',
    'messages.jsonl',
    'raw',
    'reserve',
    'search',
  ]);
});

it('keeps the feed, UIDs and expunge histories across itself and a restart', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory, { tolerated: 0 });
  await store.accounts.open(alice);
  for (let i = 0; i < 5; i++) await store.messages.add(newMessage());
  const inbox = await mailboxOf(store, alice);
  const { seq } = store.changes;
  await store.placements.expunge(inbox.id, uids(2, 5));
  const { summary } = await store.messages.add(newMessage({ subject: 'last' }));
  for (let i = 0; i < 50; i++) await store.records.collection('x').put('k', 'y'.repeat(1000));
  // A compaction begins with a write after the previous one is complete.
  const shrunk = async (): Promise<number> => {
    await store.records.collection('x').put('k', 'y');
    await store.records.collection('x').delete('k');
    return logSize(directory);
  };
  await expect.poll(shrunk).toBeLessThan(60_000);
  const since = store.changes.since(seq);
  await store.close();
  const again = await openIn(directory);
  expect(again.changes.since(seq)).toEqual(since);
  expect(await again.placements.expungedSince(inbox.id, seq)).toEqual([2, 5]);
  expect((await mailboxOf(again, alice)).uidNext).toBe(7);
  expect((await again.messages.listed(summary.id, alice))?.summary.subject).toBe('last');
});

it('leaves no incomplete file when the store closes during a compaction', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory, { tolerated: 0 });
  for (let i = 0; i < 300; i++) await store.messages.add(newMessage({ subject: `${i}` }));
  const { messages } = await store.messages.list({ limit: 1 });
  for (let i = 0; i < 600; i++) await store.messages.annotate(messages[0]!.summary.id, 'n', 'x'.repeat(2000));
  const lived = await dump(store);
  await store.close();
  expect(await readdir(directory)).not.toContain('messages.jsonl.part');
  const again = await openIn(directory);
  expect(await dump(again)).toEqual(lived);
});
