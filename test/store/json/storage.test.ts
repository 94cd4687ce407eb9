/** Tests data directories that cannot be written: full, read-only, deleted or replaced while the store uses them. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { examine } from '../../../server/store/json/doctor.ts';
import { ALL } from '../../../server/store/ids.ts';
import { RESERVE, RESERVE_SIZE } from '../../../server/store/json/reserve.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { fillDisk, mountSmallDisk } from '../../helpers/small-disk.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf, openIn, temporaryDirectory, uids } from '../stores.ts';

it('reads and deletes on a full disk, refuses mail, starts, and accepts mail again when there is space', async ({
  skip,
}) => {
  const disk = mountSmallDisk();
  if (disk === null) return skip('no disk can be mounted here');
  const directory = path.join(disk, 'data');
  const reports: string[] = [];
  // The test computes how much space is free, so segments must not be compressed meanwhile.
  const options = { report: (text: string) => void reports.push(text), packAfter: 2_000_000_000 };
  const store = await openJsonStore(directory, options);
  const large = newMessage({ to: [alice, bob], body: 'x'.repeat(50_000) });
  for (let n = 0; n < 20; n++) await store.messages.add(large);
  const filler = fillDisk(disk);
  await expect(store.messages.add(large)).rejects.toMatchObject({ code: 'unwritable', isDiskFull: true });
  expect(store.refusal).toBe('the disk is full');

  // A first login, a SELECT, flags, an EXPUNGE: none of them needs more than the reserve.
  await store.accounts.open(alice);
  const inbox = await mailboxOf(store, alice);
  expect(await store.mailboxes.claimRecent(inbox.id)).toBe(1);
  await store.placements.setFlags(inbox.id, uids(1, 2), 'add', ['\\Seen', '\\Deleted']);
  expect(await store.placements.expunge(inbox.id, uids(1))).toEqual([1]);
  expect(await store.messages.raw((await store.placements.list(inbox.id))[0]!.message)).toBeDefined();
  await store.close();

  const again = await openIn(directory, options);
  expect(again.refusal).toBe('the disk is full');
  expect(reports.at(-1)).toBe('No mail is accepted: the disk is full');
  expect((await again.facts()).warnings[0]).toBe('No mail is accepted: the disk is full');
  expect(await again.mailboxes.find(alice, 'Sent')).toBeDefined();
  await again.accounts.open(bob);
  await expect(again.messages.add(newMessage())).rejects.toMatchObject({ isDiskFull: true });
  const { messages } = await again.messages.list({ limit: 5 });
  expect(
    await again.messages.remove(
      messages.map(({ summary }) => summary.id),
      ALL,
    ),
  ).toBe(5);
  expect((await examine(directory)).problems.filter(({ kind }) => kind !== 'reserve-damaged')).toEqual([]);

  rmSync(filler);
  await again.messages.add(large);
  expect(again.refusal).toBeNull();
  expect(readFileSync(path.join(directory, RESERVE))).toHaveLength(RESERVE_SIZE);
});

it('serves a read-only directory, and accepts no mail', async ({ skip }) => {
  const directory = temporaryDirectory();
  const first = await openJsonStore(directory);
  for (let n = 0; n < 3; n++) await first.messages.add(newMessage({ to: [alice], subject: `${n}` }));
  await first.close();
  const mounted = spawnSync('mount', ['--bind', directory, directory]).status === 0;
  if (!mounted) return skip('nothing can be mounted here');
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  execFileSync('mount', ['-o', 'remount,bind,ro', directory]);
  const files = readdirSync(directory);

  const store = await openIn(directory);
  expect(store.refusal).toContain('its file system is read-only');
  await store.accounts.open(alice);
  expect(await store.mailboxes.claimRecent((await mailboxOf(store, alice)).id)).toBe(1);
  expect((await store.messages.list({ limit: 9 })).messages.map(({ summary }) => summary.subject)).toEqual([
    '2',
    '1',
    '0',
  ]);
  await expect(store.messages.add(newMessage())).rejects.toMatchObject({ code: 'unwritable' });
  await expect(
    store.messages.remove([(await store.messages.list({ limit: 1 })).messages[0]!.summary.id], ALL),
  ).rejects.toMatchObject({
    code: 'unwritable',
  });
  await store.close();
  expect(readdirSync(directory)).toEqual(files);
  expect((await examine(directory)).problems).toEqual([]);
  await expect(openJsonStore(directory, { access: 'write' })).rejects.toMatchObject({ code: 'EROFS' });
});

it('refuses mail with the reason while raw/ cannot be written, and accepts it afterwards', async ({
  skip,
}) => {
  const directory = temporaryDirectory();
  const store = await openIn(directory);
  await store.messages.add(newMessage());
  const raw = path.join(directory, 'raw');
  if (spawnSync('mount', ['--bind', raw, raw]).status !== 0) return skip('nothing can be mounted here');
  execFileSync('mount', ['-o', 'remount,bind,ro', raw]);
  // A message with a file of its own is refused first; from then on, all messages are refused.
  for (const size of [300_000, 10]) {
    await expect(store.messages.add(newMessage({ body: 'x'.repeat(size) }))).rejects.toMatchObject({
      message: 'The data directory cannot be written: its file system is read-only',
    });
  }
  expect(store.refusal).toBe('its file system is read-only');
  execFileSync('umount', ['-l', raw]);
  await store.messages.add(newMessage());
  expect(store.refusal).toBeNull();
});

it.each(['deleted', 'moved', 'replaced'])(
  'acknowledges nothing when its directory is %s, and writes nothing in its place',
  async (how) => {
    const base = temporaryDirectory();
    const directory = path.join(base, 'data');
    const reports: string[] = [];
    const store = await openJsonStore(directory, { report: (text) => reports.push(text) });
    const { summary } = await store.messages.add(newMessage());
    if (how === 'deleted') rmSync(directory, { recursive: true });
    else renameSync(directory, path.join(base, 'elsewhere'));
    const second = how === 'replaced' ? await openIn(directory) : null;
    for (const size of [10, 300_000]) {
      await expect(store.messages.add(newMessage({ body: 'x'.repeat(size) }))).rejects.toMatchObject({
        code: 'unwritable',
      });
    }
    await expect(store.messages.remove([summary.id], ALL)).rejects.toMatchObject({ code: 'unwritable' });
    expect(store.refusal).toContain('was deleted, moved or replaced');
    expect(reports).toEqual([expect.stringContaining(`No mail is accepted: ${directory}`)]);
    if (how === 'moved') {
      renameSync(path.join(base, 'elsewhere'), directory);
      await store.messages.add(newMessage());
      expect((await store.facts()).messages).toBe(2);
    }
    const before = existsSync(directory) ? readdirSync(directory) : null;
    await store.close();
    if (how === 'deleted') expect(before).toBeNull();
    if (second === null) return;
    expect(readdirSync(directory)).toEqual(before);
    await second.messages.add(newMessage());
    expect(await second.facts()).toMatchObject({ messages: 1, warnings: [] });
  },
);

it('follows no link within raw/', async () => {
  const base = temporaryDirectory();
  const directory = path.join(base, 'data');
  const store = await openJsonStore(directory, { rawFiles: true });
  const { summary } = await store.messages.add(newMessage());
  const name = readdirSync(path.join(directory, 'raw'), { recursive: true, encoding: 'utf8' }).find((each) =>
    each.endsWith('.eml'),
  )!;
  const file = path.join(directory, 'raw', name);
  const secret = path.join(base, 'secret');
  writeFileSync(secret, 'secret');
  rmSync(file);
  symlinkSync(secret, file);
  await expect(store.messages.raw(summary.id)).rejects.toMatchObject({ code: 'io' });
  expect((await examine(directory)).problems.map(({ kind }) => kind)).toEqual([
    'file-missing',
    'file-foreign',
  ]);
  // A symbolic link in place of the folder of the file is not followed either.
  const folder = path.dirname(file);
  renameSync(folder, path.join(base, 'folder'));
  rmSync(path.join(base, 'folder', path.basename(file)));
  writeFileSync(path.join(base, 'folder', path.basename(file)), 'secret');
  symlinkSync(path.join(base, 'folder'), folder);
  await expect(store.messages.raw(summary.id)).rejects.toMatchObject({ code: 'io' });
  await store.close();
  const again = await openIn(directory);
  expect(await again.messages.raw(summary.id)).toBeUndefined();
  expect(readFileSync(secret, 'utf8')).toBe('secret');
  mkdirSync(folder, { recursive: true });
});
