/**
 * Tests a full disk: the search index is deleted before mail is refused. The test needs a file system of its own, and
 * therefore root and Linux.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ALL, type MessageId } from '../../../server/store/ids.ts';
import { examine } from '../../../server/store/json/doctor.ts';
import { parseQuery } from '../../../server/store/find/language/parse.ts';
import { fillDisk, mountSmallDisk } from '../../helpers/small-disk.ts';
import { soon } from '../../helpers/soon.ts';
import { newMessage } from '../new-message.ts';
import { packSegments } from '../pack-segments.ts';
import { openIn } from '../stores.ts';

/** The tests compute how much space is free, so segments must not be compressed meanwhile. */
const UNPACKED = { packAfter: 2_000_000_000 };

it('costs the search index, and no mail', async ({ skip }) => {
  const disk = mountSmallDisk();
  if (disk === null) {
    skip('no disk can be mounted here');
    return;
  }
  const directory = path.join(disk, 'data');
  const first = await openIn(directory, UNPACKED);
  const message = newMessage({ body: 'some words to search\r\n'.repeat(900) });
  for (let n = 0; n < 60; n++) await first.messages.add(message);
  // Closing the store writes the search index.
  await first.close();
  const store = await openIn(directory, UNPACKED);
  const find = async () =>
    (await store.messages.list({ limit: 1, query: parseQuery('body:"words to"') })).total;
  expect(await find()).toBe(60);
  const segments = () => readdirSync(path.join(directory, 'search'));
  expect(segments()).not.toEqual([]);

  const { bavail, bsize } = statfsSync(directory);
  writeFileSync(path.join(disk, 'filler'), Buffer.alloc((bavail - 1) * bsize));
  for (let n = 0; n < 5; n++) await store.messages.add(message);
  expect(segments()).toEqual([]);
  expect(await find()).toBe(65);
  expect((await store.facts()).warnings).toEqual([expect.stringContaining('The disk is full')]);

  const more = statfsSync(directory);
  writeFileSync(path.join(disk, 'more'), Buffer.alloc(Math.max(0, more.bavail - 1) * more.bsize));
  await expect(store.messages.add(message)).rejects.toMatchObject({ code: 'unwritable', isDiskFull: true });
  expect(existsSync(path.join(directory, 'messages.jsonl'))).toBe(true);
});

it('has space again after a part of the mail is removed, in all segments alike', async ({ skip }) => {
  const disk = mountSmallDisk();
  if (disk === null) {
    skip('no disk can be mounted here');
    return;
  }
  const directory = path.join(disk, 'data');
  const store = await openIn(directory, UNPACKED);
  const message = newMessage({ body: 'some words to search\r\n'.repeat(900) });
  const ids: MessageId[] = [];
  const fill = async (): Promise<void> => {
    for (;;) ids.push((await store.messages.add(message)).summary.id);
  };
  await expect(fill()).rejects.toMatchObject({ code: 'unwritable', isDiskFull: true });
  const removed = ids.filter((_, n) => n % 3 === 0);
  await store.messages.remove(removed, ALL);
  // After some attempts, there is space for the file `reserve` again, so mail is accepted.
  await soon(() => store.messages.add(message));
  for (const id of ids.filter((each) => !removed.includes(each))) {
    expect((await store.messages.raw(id))?.equals(message.raw)).toBe(true);
  }
  await store.close();
  expect((await examine(directory)).problems).toEqual([]);
});

it('leaves a segment as it is when there is no space for the compressed one', async ({ skip }) => {
  const disk = mountSmallDisk();
  if (disk === null) {
    skip('no disk can be mounted here');
    return;
  }
  const directory = path.join(disk, 'data');
  const store = await openIn(directory, UNPACKED);
  // Hexadecimal digits are compressed to about half of their size.
  const raw = newMessage({ body: randomBytes(50_000).toString('hex') });
  const { summary } = await store.messages.add(raw);
  await store.close();
  fillDisk(disk);
  await expect(packSegments(directory)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(readdirSync(path.join(directory, 'raw'))).toEqual(['00000001.segment']);
  const again = await openIn(directory, { access: 'read' });
  expect((await again.messages.raw(summary.id))?.equals(raw.raw)).toBe(true);
  expect((await examine(directory)).problems).toEqual([]);
});

it('leaves a part of the reserve to removals when there is no space to move messages out of a segment', async ({
  skip,
}) => {
  const disk = mountSmallDisk(8);
  if (disk === null) {
    skip('no disk can be mounted here');
    return;
  }
  const directory = path.join(disk, 'data');
  const store = await openIn(directory, UNPACKED);
  const make = () => newMessage({ body: randomBytes(70_000).toString('base64') });
  const ids: MessageId[] = [];
  for (let n = 0; n < 20; n++) ids.push((await store.messages.add(make())).summary.id);
  fillDisk(disk);
  await expect(store.messages.add(make())).rejects.toMatchObject({ isDiskFull: true });
  // The other messages of the segment, 1.7 MB, would have to be copied.
  await store.messages.remove(ids.slice(0, 2), ALL);
  await store.close();
  expect(statSync(path.join(directory, 'reserve')).size).toBeGreaterThanOrEqual(1 << 18);
});
