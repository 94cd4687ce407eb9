/** Tests the segments of a data directory: their content, the return of space, and the start after a kill or damage. */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { ALL, type MessageId } from '../../../server/store/ids.ts';
import { examine } from '../../../server/store/json/doctor.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import type { JsonStoreOptions } from '../../../server/store/json/options.ts';
import { HEADER } from '../../../server/store/raw/record.ts';
import { Segments } from '../../../server/store/raw/segments.ts';
import type { Store } from '../../../server/store/store.ts';
import { soon } from '../../helpers/soon.ts';
import { newMessage } from '../new-message.ts';
import { openIn, temporaryDirectory } from '../stores.ts';

const segmentsOf = (directory: string): string[] =>
  readdirSync(path.join(directory, 'raw'))
    .filter((name) => name.endsWith('.segment'))
    .sort();
const pathOf = (directory: string, name: string): string => path.join(directory, 'raw', name);
const sizeOf = (directory: string): number =>
  segmentsOf(directory).reduce((sum, name) => sum + statSync(pathOf(directory, name)).size, 0);

const add = async (store: Store, subject: string, size = 10): Promise<MessageId> =>
  (await store.messages.add(newMessage({ subject, body: `${subject}.`.repeat(size) }))).summary.id;

/** Adds messages, and returns their bytes by id. */
async function addMany(store: Store, count: number, size?: number): Promise<Map<MessageId, string>> {
  const added = new Map<MessageId, string>();
  for (let n = 0; n < count; n++) {
    const id = await add(store, `m${n}`, size);
    added.set(id, (await store.messages.raw(id))!.toString());
  }
  return added;
}

async function expectContent(store: Store, expected: ReadonlyMap<MessageId, string>): Promise<void> {
  const stored = new Map<MessageId, string | undefined>();
  for (const { summary } of (await store.messages.list({ limit: 10_000 })).messages) {
    stored.set(summary.id, (await store.messages.raw(summary.id))?.toString());
  }
  expect(stored).toEqual(expected);
}

async function made(count = 4, options: JsonStoreOptions = {}) {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory, options);
  const content = await addMany(store, count);
  await store.close();
  return { directory, content, ids: [...content.keys()] };
}

it('appends small messages to a segment, and gives large ones files of their own', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory);
  const small = await add(store, 'small');
  const large = await add(store, 'large', 50_000);
  expect(readdirSync(path.join(directory, 'raw'), { recursive: true }).sort()).toEqual([
    '00000001.segment',
    expect.stringMatching(/^[0-9a-f]{2}$/),
    expect.stringMatching(new RegExp(`^..[/\\\\]${large}.eml$`)),
  ]);
  const raw = (await store.messages.raw(small))!;
  expect(readFileSync(pathOf(directory, '00000001.segment')).subarray(HEADER)).toEqual(raw);
});

it.each([false, true])('starts a new segment when one is full, with fsync %s', async (fsync) => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory, { fsync });
  const content = await addMany(store, 20, 30_000);
  expect(segmentsOf(directory).length).toBeGreaterThan(1);
  await store.close();
  const again = await openIn(directory);
  await expectContent(again, content);
  // After the directory is opened again, messages are appended to the last segment.
  const before = segmentsOf(directory);
  await add(again, 'more');
  expect(segmentsOf(directory)).toEqual(before);
});

it('reads messages of more segments than it has open', () => {
  const segments = new Segments(path.join(temporaryDirectory(), 'raw'), true);
  const refs = Array.from({ length: 80 }, (_, n) => {
    const raw = Buffer.from(`message ${n}`);
    const facts = { id: `0m${n}` as MessageId, sum: crc32(raw) | 0 };
    const place = segments.append({ ...facts, raw, receivedAt: n });
    segments.finish(segments.get(place.segment)!);
    return { ...facts, size: raw.length, raw: place };
  });
  expect(new Set(refs.map(({ raw }) => raw.segment)).size).toBe(80);
  for (const [n, ref] of refs.entries()) expect(segments.read(ref)?.toString()).toBe(`message ${n}`);
  const open = () => refs.filter(({ raw }) => segments.get(raw.segment)!.isOpen).length;
  expect(open()).toBe(64);
  segments.close();
  expect(open()).toBe(0);
});

it('serves a message of an older directory, and stores new ones in segments', async () => {
  const { directory, content } = await made(3, { rawFiles: true });
  expect(segmentsOf(directory)).toEqual([]);
  const store = await openIn(directory);
  for (const [id, raw] of await addMany(store, 2)) content.set(id, raw);
  expect(segmentsOf(directory)).toHaveLength(1);
  await expectContent(store, content);
});

it('deletes a segment at once when all its messages are removed', async () => {
  const { directory, ids } = await made();
  const store = await openJsonStore(directory);
  await store.messages.remove(ids.slice(1), ALL);
  expect(segmentsOf(directory)).toEqual(['00000001.segment']);
  await store.messages.remove(ids.slice(0, 1), ALL);
  expect(segmentsOf(directory)).toEqual([]);
  await add(store, 'next');
  expect(segmentsOf(directory)).toEqual(['00000002.segment']);
  await store.close();
  expect((await examine(directory)).problems).toEqual([]);
});

it('returns the space of removed messages, and loses none of the others', async () => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory, { tolerated: 100_000 });
  const content = await addMany(store, 60, 20_000);
  const full = sizeOf(directory);
  const removed = [...content.keys()].filter((_, n) => n % 5 !== 0);
  await store.messages.remove(removed, ALL);
  for (const id of removed) content.delete(id);
  await soon(() => expect(sizeOf(directory)).toBeLessThan(full / 3));
  await expectContent(store, content);
  await store.close();
  expect((await examine(directory)).problems).toEqual([]);
  const again = await openIn(directory);
  await expectContent(again, content);
  expect((await again.facts()).warnings).toEqual([]);
});

it('keeps what is removed and added while messages are moved', async () => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory, { tolerated: 0 });
  const content = new Map<MessageId, string>();
  for (let round = 0; round < 30; round++) {
    const added = await addMany(store, 8, 1_000 * (round % 7));
    for (const [id, raw] of added) content.set(id, raw);
    const leaving = [...content.keys()].filter((_, n) => (n + round) % 3 === 0);
    const moves = leaving.map((id) => store.messages.remove([id], ALL));
    for (const id of leaving) content.delete(id);
    await Promise.all(moves);
  }
  await expectContent(store, content);
  await store.close();
  expect((await examine(directory)).problems).toEqual([]);
  const again = await openIn(directory);
  await expectContent(again, content);
  expect((await again.facts()).warnings).toEqual([]);
});

it('does not restore a removed message from its segment when the log has forgotten the removal', async () => {
  const { directory, content, ids } = await made();
  const store = await openJsonStore(directory, { tolerated: 0 });
  await store.messages.remove([ids[1]!], ALL);
  content.delete(ids[1]!);
  await store.close();
  rmSync(path.join(directory, 'messages.jsonl'));
  const again = await openIn(directory);
  await expectContent(again, content);
});

it('removes copies that remained when the process was killed during a move', async () => {
  const { directory, content } = await made();
  // Before the log records the new places, the messages are in two segments.
  cpSync(pathOf(directory, '00000001.segment'), pathOf(directory, '00000002.segment'));
  const store = await openJsonStore(directory);
  await expectContent(store, content);
  expect((await store.facts()).warnings).toEqual([]);
  await store.close();
  expect(segmentsOf(directory)).toEqual(['00000001.segment']);
});

it('finds messages whose move the log does not record', async () => {
  const { directory, content } = await made();
  renameSync(pathOf(directory, '00000001.segment'), pathOf(directory, '00000007.segment'));
  expect((await examine(directory)).problems.map(({ kind }) => kind)).toEqual(['file-displaced']);
  const store = await openJsonStore(directory);
  await expectContent(store, content);
  expect((await store.facts()).warnings).toEqual([
    expect.stringContaining('4 messages found at another place'),
  ]);
  await store.close();
  expect((await examine(directory)).problems).toEqual([]);
  expect(await (await openIn(directory)).facts()).toMatchObject({ messages: 4, warnings: [] });
});

it('removes the beginning of a message that was being written when the process was killed', async () => {
  const { directory, content } = await made();
  const file = pathOf(directory, '00000001.segment');
  const whole = readFileSync(file);
  for (const length of [1, 30, HEADER, HEADER + 20]) {
    writeFileSync(file, Buffer.concat([whole, whole.subarray(0, length)]));
    const store = await openJsonStore(directory);
    expect((await store.facts()).warnings, `${length}`).toEqual([
      expect.stringContaining('1 part of messages that were never accepted'),
    ]);
    await expectContent(store, content);
    await store.close();
    expect(readFileSync(file)).toEqual(whole);
  }
});

it('indexes a message again whose line in the log is missing', async () => {
  const { directory, content, ids } = await made();
  const log = path.join(directory, 'messages.jsonl');
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  writeFileSync(log, `${lines.filter((line) => !line.includes(`"id":"${ids[2]!}"`)).join('\n')}\n`);
  const store = await openIn(directory);
  await expectContent(store, content);
  expect(await store.messages.get(ids[2]!)).toMatchObject({ origin: { kind: 'recovered' } });
});

it('serves the other messages of a damaged segment, and replaces it', async () => {
  const { directory, content, ids } = await made();
  const file = pathOf(directory, '00000001.segment');
  const damaged = readFileSync(file);
  // Damages the header of the second message and a part of the third message, and adds octets after the last message.
  const second = damaged.indexOf('Subject: m1');
  damaged.fill(0, second - 100, second - 70);
  damaged.write('XXXXX', damaged.indexOf('m2.m2.'));
  writeFileSync(file, Buffer.concat([damaged, Buffer.from('this is no message')]));
  const found = (await examine(directory)).problems;
  expect(found.map(({ kind }) => kind)).toEqual(['file-changed', 'segment-damaged']);
  const store = await openJsonStore(directory);
  expect((await store.facts()).warnings).toEqual([
    expect.stringMatching(/segment 00000001\.segment is damaged.* kept as 00000001\.segment\.damaged-/),
  ]);
  for (const id of ids) {
    const raw = (await store.messages.raw(id))?.toString();
    if (id === ids[2]) expect(raw).toContain('XXXXX.m2.');
    else expect(raw).toBe(content.get(id));
  }
  await store.close();
  expect(existsSync(file)).toBe(false);
  expect((await examine(directory)).problems.map(({ kind }) => kind)).toEqual(['file-changed']);
  expect(await examine(directory, { repair: true })).toMatchObject({ problems: [], accepted: 1 });
  expect(await (await openIn(directory)).facts()).toMatchObject({ messages: 4, warnings: [] });
});

it('changes nothing in a directory that is only read', async () => {
  const { directory, content } = await made();
  const file = pathOf(directory, '00000001.segment');
  const whole = readFileSync(file);
  writeFileSync(file, Buffer.concat([whole, Buffer.from('this is no message')]));
  cpSync(file, pathOf(directory, '00000002.segment'));
  const before = readdirSync(directory, { recursive: true });
  const store = await openIn(directory, { access: 'read' });
  await expectContent(store, content);
  await store.close();
  expect(readdirSync(directory, { recursive: true })).toEqual(before);
  expect(readFileSync(file).subarray(0, whole.length)).toEqual(whole);
});

it('stores messages in a new segment when the directory raw/ was deleted', async () => {
  const { directory } = await made();
  const store = await openIn(directory);
  rmSync(path.join(directory, 'raw'), { recursive: true });
  const id = await add(store, 'later');
  expect(segmentsOf(directory)).toEqual(['00000002.segment']);
  await store.close();
  const again = await openIn(directory);
  expect((await again.messages.raw(id))?.toString()).toContain('later.');
});
