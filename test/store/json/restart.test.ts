/**
 * Tests that stores in memory and on disk agree after any operations, and that a restart or a compaction changes
 * nothing.
 */
import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { openMemoryStore } from '../../../server/store/memory/index.ts';
import { dump } from '../dump.ts';
import { newMessage } from '../new-message.ts';
import { operations, perform } from '../operations.ts';
import { alice, bob, openIn, temporaryDirectory } from '../stores.ts';

/** Returns a clock and a random generator that are the same every time. */
const world = () => {
  let now = 1_800_000_000_000;
  let chance = 1;
  return {
    clock: () => (now += 100),
    random: () => (chance = (chance * 16_807) % 2_147_483_647) / 2_147_483_647,
  };
};

it.each([
  ['', {}],
  [', compacting all the time', { tolerated: 0 }],
  [', with a file for each message', { rawFiles: true }],
])('shows the same in memory, on disk, and after a restart%s', async (_, options) => {
  const directory = temporaryDirectory();
  await fc.assert(
    fc.asyncProperty(operations, async (list) => {
      await rm(directory, { recursive: true, force: true });
      const memory = await openMemoryStore(world());
      await perform(memory, list);
      const expected = await dump(memory);
      // The lock uses the clock and the random generator, so the store needs its own clock and its own generator.
      const disk = await openJsonStore(directory, { ...world(), ...options });
      await perform(disk, list);
      const lived = await dump(disk);
      await disk.close();
      const again = await openJsonStore(directory, { clock: () => 1_900_000_000_000 });
      const restarted = await dump(again);
      const { warnings } = await again.facts();
      await again.close();
      expect(warnings).toEqual([]);
      expect(restarted).toEqual(lived);
      expect(withoutWorld(lived)).toEqual(withoutWorld(expected));
    }),
    { numRuns: 40 },
  );
});

/** Removes ids and times, which differ between two stores because of their clocks and random generators. */
function withoutWorld(dumped: unknown): unknown {
  const ids = new Map<string, string>();
  const text = JSON.stringify(dumped)
    .replace(/"0[0-9a-z]{15}"/g, (id) => {
      ids.set(id, ids.get(id) ?? `"message ${ids.size}"`);
      return ids.get(id) ?? id;
    })
    .replace(/"(createdAt|receivedAt|savedAt|uidValidity)":\d+/g, '"$1":0');
  return JSON.parse(text) as unknown;
}

it('continues seqs, UIDs, cursors and streams after a restart', async () => {
  const directory = temporaryDirectory();
  const first = await openIn(directory);
  for (let i = 0; i < 5; i++) await first.messages.add(newMessage({ subject: `${i}` }));
  const { next } = await first.messages.list({ limit: 2 });
  const { seq } = first.changes;
  await first.close();
  const second = await openIn(directory);
  expect(second.changes.seq).toBe(seq);
  const added = await second.messages.add(newMessage({ subject: '5' }));
  expect(added.seq).toBe(seq + 1);
  expect(added.places).toMatchObject([{ account: alice, uid: 6 }, { uid: 6 }]);
  expect(second.changes.since(seq)).toHaveLength(1);
  const page = await second.messages.list({ limit: 9, cursor: next! });
  expect(page.messages.map(({ summary }) => summary.subject)).toEqual(['2', '1', '0']);
});

it('counts the age of messages from now where their time is in the future', async () => {
  const directory = temporaryDirectory();
  const start = 1_800_000_000_000;
  let now = start;
  const options = { clock: () => now, retention: { maxAge: 60_000 } };
  const first = await openIn(directory, options);
  await first.messages.add(newMessage({ subject: 'before' }));
  now = start + 3 * 86_400_000;
  await first.messages.add(newMessage({ subject: 'ahead' }, { targets: [{ account: bob }] }));
  await first.close();
  now = start + 10_000;
  const second = await openIn(directory, { clock: () => now });
  await second.messages.add(newMessage({ subject: 'after' }));
  await second.close();
  now = start + 60_000;
  const third = await openIn(directory, options);
  const subjects = async () =>
    (await third.messages.list({ limit: 9 })).messages.map(({ summary }) => summary.subject);
  await third.messages.add(newMessage({ subject: 'one' }));
  expect(await subjects()).toEqual(['one', 'after', 'ahead']);
  now = start + 70_000;
  await third.messages.add(newMessage({ subject: 'two' }));
  expect(await subjects()).toEqual(['two', 'one']);
});
