/**
 * Tests that full segments are compressed, that no message is lost by the compression, and that damage to compressed
 * segments is found.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ALL, type MessageId } from '../../../server/store/ids.ts';
import { examine } from '../../../server/store/json/doctor.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { HEADER, nextHeader } from '../../../server/store/raw/record.ts';
import type { Store } from '../../../server/store/store.ts';
import { soon } from '../../helpers/soon.ts';
import { newMessage } from '../new-message.ts';
import { packSegments } from '../pack-segments.ts';
import { openIn, temporaryDirectory } from '../stores.ts';

const FIRST = path.join('raw', '00000001.segment');
const isPacked = (directory: string): boolean =>
  readFileSync(path.join(directory, FIRST)).toString('latin1', 1, 4) === 'PCK';

/** Adds messages of about `size` octets with different bytes, and returns the bytes by id. */
async function addMany(store: Store, count: number, size: number): Promise<Map<MessageId, Buffer>> {
  const added = new Map<MessageId, Buffer>();
  for (let n = 0; n < count; n++) {
    const body = Array.from({ length: size / 10 }, (_, i) => `${((i + n) * 7919) % 9973} `).join('');
    const { summary } = await store.messages.add(newMessage({ subject: `m${n}`, body }));
    added.set(summary.id, (await store.messages.raw(summary.id))!);
  }
  return added;
}

async function expectContent(store: Store, expected: ReadonlyMap<MessageId, Buffer>): Promise<void> {
  const { messages } = await store.messages.list({ limit: 10_000 });
  expect(messages.map(({ summary }) => summary.id).sort()).toEqual([...expected.keys()].sort());
  for (const [id, raw] of expected) expect((await store.messages.raw(id))?.equals(raw), id).toBe(true);
}

/** Creates a directory whose only segment is packed. */
async function madePacked(count = 5) {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory);
  const content = await addMany(store, count, 30_000);
  await store.close();
  const size = statSync(path.join(directory, FIRST)).size;
  await packSegments(directory);
  return { directory, content, ids: [...content.keys()], size };
}

it('compresses a full segment while the store is open', async () => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory, { packAfter: 1 });
  const content = await addMany(store, 12, 240_000);
  await soon(() => expect(isPacked(directory)).toBe(true));
  await expectContent(store, content);
  for (const [id, raw] of await addMany(store, 2, 1_000)) content.set(id, raw);
  const [first] = content.keys();
  await store.messages.remove([first!], ALL);
  content.delete(first!);
  await store.close();
  expect(readdirSync(path.join(directory, 'raw')).filter((name) => name.endsWith('.part'))).toEqual([]);
  expect((await examine(directory)).problems).toEqual([]);
  const again = await openIn(directory);
  await expectContent(again, content);
  expect((await again.facts()).warnings).toEqual([]);
});

it('appends new messages to another segment, and needs less space', async () => {
  const { directory, content, size } = await madePacked();
  expect(statSync(path.join(directory, FIRST)).size).toBeLessThan(size * 0.7);
  const store = await openIn(directory);
  for (const [id, raw] of await addMany(store, 1, 1_000)) content.set(id, raw);
  expect(existsSync(path.join(directory, 'raw', '00000002.segment'))).toBe(true);
  await expectContent(store, content);
});

it('deletes the unfinished file of a killed process', async () => {
  const { directory, content } = await madePacked();
  const part = `${path.join(directory, FIRST)}.part`;
  cpSync(path.join(directory, FIRST), part);
  expect((await examine(directory)).problems).toEqual([]);
  expect(existsSync(part)).toBe(true);
  const store = await openIn(directory);
  await expectContent(store, content);
  expect(existsSync(part)).toBe(false);
  expect((await store.facts()).warnings).toEqual([]);
});

it('does not restore a removed message when the log has forgotten the removal', async () => {
  const { directory, content, ids } = await madePacked();
  const store = await openJsonStore(directory);
  await store.messages.remove([ids[1]!], ALL);
  content.delete(ids[1]!);
  await store.close();
  rmSync(path.join(directory, 'messages.jsonl'));
  const again = await openIn(directory);
  await expectContent(again, content);
});

it('frees the space of removed messages in a packed segment', async () => {
  const { directory, content, ids } = await madePacked(8);
  const packed = statSync(path.join(directory, FIRST)).size;
  const store = await openJsonStore(directory, { packAfter: 1 });
  for (const id of ids.slice(0, 5)) {
    await store.messages.remove([id], ALL);
    content.delete(id);
  }
  await soon(() => expect(statSync(path.join(directory, FIRST)).size).toBeLessThan(packed / 2));
  await expectContent(store, content);
  await store.close();
  expect((await examine(directory)).problems).toEqual([]);
  const again = await openIn(directory);
  await expectContent(again, content);
});

it('finds one damaged octet anywhere, and serves all other messages', async () => {
  const { directory, content } = await madePacked(3);
  const file = path.join(directory, FIRST);
  const whole = readFileSync(file);
  const first = nextHeader(whole, 0, whole.length);
  const second = nextHeader(whole, first + 1, whole.length);
  const damages: readonly (readonly [at: number, lost: number])[] = [
    [3, 0], // Damages the description at the start of the file.
    [15, 0],
    [first + 20, 0], // Damages the header of a record.
    [first + HEADER + 1, 0], // Damages the place of a record.
    [first + HEADER + 9, 0],
    [first + HEADER + 500, 1], // Damages the message of a record.
    [second - 1, 1],
    [whole.length - 30, 0], // Damages the table.
    [whole.length - 28, 0], // Damages the description at the end of the file.
    [whole.length - 1, 0],
  ];
  for (const [at, lost] of damages) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1;
    writeFileSync(file, damaged);
    expect((await examine(directory)).problems, `octet ${at}`).not.toEqual([]);
    const store = await openIn(directory, { access: 'read' });
    const wrong: MessageId[] = [];
    for (const [id, raw] of content) {
      if ((await store.messages.raw(id).catch(() => undefined))?.equals(raw) !== true) wrong.push(id);
    }
    expect(wrong, `octet ${at}`).toEqual([...content.keys()].slice(0, lost));
    await store.close();
  }
  await examine(directory, { repair: true });
  expect((await examine(directory)).problems).toEqual([]);
  await expectContent(await openIn(directory), content);
});
