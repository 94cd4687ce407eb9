/** Damages random files of a data directory, and checks the conditions that must hold after any damage. */
import { existsSync, lstatSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { examine, type ProblemKind } from '../../server/store/json/doctor.ts';
import { ALL, type MessageId } from '../../server/store/ids.ts';
import { openJsonStore } from '../../server/store/json/index.ts';
import { parseQuery } from '../../server/store/find/language/parse.ts';
import { HEADER, nextHeader, readHeader } from '../../server/store/raw/record.ts';
import type { Store } from '../../server/store/store.ts';
import { newMessage } from './new-message.ts';
import { packSegments } from './pack-segments.ts';
import { alice, bob, mailboxOf } from './stores.ts';

/** Returns a generator of numbers in [0, 1), uniformly distributed and the same for each seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface OriginalMessage {
  /** Path of the file with the message, relative to the data directory. */
  readonly file: string;
  /** The octets of the file that belong to the message: the whole file, or its record in a segment. */
  readonly octets: Buffer;
  readonly raw: Buffer;
  /** A query that only this message matches. */
  readonly needle: string;
}

export interface Original {
  readonly directory: string;
  readonly messages: ReadonlyMap<MessageId, OriginalMessage>;
  /** The messages of each account's INBOX by UIDVALIDITY and UID, which clients may have stored. */
  readonly uids: ReadonlyMap<string, MessageId>;
}

const uidKey = (account: string, validity: number, uid: number): string => `${account} ${validity} ${uid}`;

async function addSample(store: Store, n: number, hay: string): Promise<MessageId> {
  const to = n % 2 === 0 ? [alice] : [alice, bob];
  const sample = { to, subject: `s${n}`, body: `needle<${n}> and ${hay}` };
  return (await store.messages.add(newMessage(sample))).summary.id;
}

/** Body of the messages for packed segments, which is large because smaller segments are not packed. */
const MUCH_HAY = 'hay and straw '.repeat(1_500);

/**
 * Creates a directory by typical operations of a store. Some messages have files of their own, the other messages are
 * in a segment.
 * @param isPacked whether the segment is packed
 */
export async function makeOriginal(directory: string, isPacked = false): Promise<Original> {
  const hay = isPacked ? MUCH_HAY : 'hay';
  const ids: MessageId[] = [];
  const files = await openJsonStore(directory, { rawFiles: true });
  await files.accounts.open(alice);
  await files.accounts.open(bob);
  for (let n = 0; n < 3; n++) ids.push(await addSample(files, n, hay));
  await files.close();
  const store = await openJsonStore(directory, { tolerated: 1 });
  for (let n = 3; n < 8; n++) ids.push(await addSample(store, n, hay));
  const inbox = await mailboxOf(store, alice);
  const { uid } = (await store.placements.list(inbox.id))[0]!;
  await store.placements.setFlags(inbox.id, [uid], 'add', ['\\Seen', 'kept']);
  await store.placements.copy(inbox.id, [uid], (await mailboxOf(store, alice, 'Sent')).id);
  await store.records.collection('rules').put('r', { name: 'rule' });
  await store.messages.tag(ids.slice(0, 2), ['tagged'], []);
  await store.messages.annotate(ids[1]!, 'n', { value: 1 });
  await store.messages.remove([ids[7]!], ALL);
  const uids = new Map<string, MessageId>();
  for (const account of [alice, bob, ALL]) {
    const { id, uidValidity } = await mailboxOf(store, account);
    for (const each of await store.placements.list(id))
      uids.set(uidKey(account, uidValidity, each.uid), each.message);
  }
  const raws = await Promise.all(ids.slice(0, 7).map((id) => store.messages.raw(id)));
  await store.close();
  if (isPacked) await packSegments(directory);
  const messages = new Map<MessageId, OriginalMessage>();
  for (const [n, raw] of raws.entries()) {
    const id = ids[n]!;
    messages.set(id, { ...(await fileOf(directory, id, raw!)), raw: raw!, needle: `body:"needle<${n}>"` });
  }
  return { directory, messages, uids };
}

/** Finds the file of a message, and the octets of the file that belong to the message. */
async function fileOf(
  directory: string,
  id: MessageId,
  raw: Buffer,
): Promise<Pick<OriginalMessage, 'file' | 'octets'>> {
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    if (path.basename(name) === `${id}.eml`) return { file: name, octets: raw };
    if (!/^raw\W\d+\.segment$/.test(name)) continue;
    const segment = await readFile(path.join(directory, name));
    for (let at = nextHeader(segment, 0, segment.length); at < segment.length;) {
      if (readHeader(segment, at)?.id === id) {
        const isPacked = segment.toString('latin1', 1, 4) === 'PCK';
        // The length of a packed message is after the header, and after the offset of the record.
        const length = isPacked ? 12 + segment.readUInt32LE(at + HEADER + 4) : raw.length;
        return { file: name, octets: segment.subarray(at, at + HEADER + length) };
      }
      at = nextHeader(segment, at + 1, segment.length);
    }
  }
  throw new Error(`the bytes of message ${id} are in no file`);
}

type Random = () => number;
type Damage = (file: string, random: Random, others: readonly string[]) => Promise<unknown>;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Returns a function that changes the bytes of a file; a directory is replaced by a file. */
const rewriting =
  (change: (bytes: Buffer, random: Random) => Buffer): Damage =>
  async (file, random) => {
    const bytes = lstatSync(file).isDirectory() ? Buffer.alloc(0) : await readFile(file);
    await rm(file, { recursive: true });
    await writeFile(file, change(bytes, random));
  };

/** The kinds of damage by their names; each is a function that damages a file. */
export const damages: Readonly<Record<string, Damage>> = {
  truncate: rewriting((bytes, random) => bytes.subarray(0, below(random, bytes.length))),
  'zero tail': rewriting((bytes, random) => Buffer.from(bytes).fill(0, below(random, bytes.length))),
  'append zeros': rewriting((bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + below(random, 5000))])),
  flip: rewriting((bytes, random) => {
    const flipped = Buffer.from(bytes);
    for (let n = 0; n <= below(random, 5) && flipped.length > 0; n++) {
      flipped[below(random, flipped.length)]! ^= 1 << below(random, 8);
    }
    return flipped;
  }),
  'NULs within': rewriting((bytes, random) => {
    const start = below(random, bytes.length);
    return Buffer.from(bytes).fill(0, start, Math.min(bytes.length, start + below(random, 600)));
  }),
  empty: rewriting(() => Buffer.alloc(0)),
  'lines twice': rewriting((bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    const at = below(random, lines.length);
    lines.splice(below(random, lines.length), 0, ...lines.slice(at, at + 1 + below(random, 4)));
    return Buffer.from(lines.join('\n'), 'latin1');
  }),
  'segments swapped': rewriting((bytes, random) => {
    const [a = 0, b = 0, c = 0] = [0, 0, 0].map(() => below(random, bytes.length)).sort((x, y) => x - y);
    return Buffer.concat([
      bytes.subarray(0, a),
      bytes.subarray(b, c),
      bytes.subarray(a, b),
      bytes.subarray(c),
    ]);
  }),
  'lines swapped': rewriting((bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    const [line = ''] = lines.splice(below(random, lines.length), 1);
    lines.splice(below(random, lines.length), 0, line);
    return Buffer.from(lines.join('\n'), 'latin1');
  }),
  noise: rewriting((bytes, random) => Buffer.from(bytes.map(() => below(random, 256)))),
  letter: rewriting(() => Buffer.from('Dear aunt,\nthis is not yours.\n'.repeat(40))),
  'another file': async (file, random, others) => {
    const other = others[below(random, others.length)]!;
    const bytes = lstatSync(other).isFile() ? await readFile(other) : Buffer.alloc(0);
    await rm(file, { recursive: true });
    await writeFile(file, bytes);
  },
  directory: async (file) => {
    await rm(file, { recursive: true });
    await mkdir(path.join(file, 'within'), { recursive: true });
  },
  link: async (file, _random, others) => {
    await rm(file, { recursive: true });
    await symlink(path.resolve(others[0]!), file);
  },
  'dangling link': async (file) => {
    await rm(file, { recursive: true });
    await symlink('/nowhere/at/all', file);
  },
  missing: (file) => rm(file, { recursive: true }),
  'no permission': (file) => chmod(file, 0),
};

const entriesOf = async (directory: string): Promise<string[]> =>
  (await readdir(directory, { recursive: true })).map((name) => path.join(directory, name)).sort();

/** Returns the messages whose files still exist at their places. */
function undamaged({ messages }: Original, directory: string): MessageId[] {
  return [...messages].flatMap(([id, { file }]) => {
    const parts = [path.join(directory, 'raw'), path.join(directory, path.dirname(file))];
    if (parts.some((part) => lstatSync(part, { throwIfNoEntry: false })?.isDirectory() !== true)) return [];
    return lstatSync(path.join(directory, file), { throwIfNoEntry: false })?.isFile() === true ? [id] : [];
  });
}

async function expectServed(store: Store, { messages }: Original, ids: readonly MessageId[]): Promise<void> {
  const listed = new Set(
    (await store.messages.list({ limit: 100 })).messages.map(({ summary }) => summary.id),
  );
  for (const id of ids) {
    const { raw, needle } = messages.get(id)!;
    expect(listed, id).toContain(id);
    expect((await store.messages.raw(id))?.equals(raw), id).toBe(true);
    expect(await store.messages.get(id), id).toBeDefined();
    const found = await store.messages.list({ limit: 100, query: parseQuery(needle) });
    expect(
      found.messages.map(({ summary }) => summary.id),
      needle,
    ).toContain(id);
  }
}

/** Checks that no UID that a client knows refers to another message now. */
async function expectNoUidTwice(store: Store, { uids }: Original): Promise<void> {
  for (const account of [alice, bob, ALL]) {
    const inbox = await store.mailboxes.find(account, 'INBOX');
    if (inbox === undefined) continue;
    for (const { uid, message } of await store.placements.list(inbox.id)) {
      const known = uids.get(uidKey(account, inbox.uidValidity, uid));
      if (known !== undefined) expect(message, `UID ${uid} of ${account}`).toBe(known);
    }
  }
}

/**
 * Returns whether damage to a file cannot be noticed, because the store creates a missing file of this name again.
 */
const isUnseen = (name: string): boolean => name === 'reserve' || name.startsWith('search');

/** Problems that a start may not notice, because no mail is lost by them. */
const UNNOTICED = new Set<ProblemKind>([
  'cache-damaged',
  'reserve-damaged',
  'segment-damaged',
  'file-displaced',
]);

/** Damages one or two files of a copy, and checks the results of a start, of doctor and of its repair. */
export async function damageRound(original: Original, directory: string, seed: number): Promise<void> {
  const random = randomOf(seed);
  await cp(original.directory, directory, { recursive: true });
  const names: string[] = [];
  for (let n = 0; n < 1 + below(random, 2); n++) {
    const entries = await entriesOf(directory);
    // One random choice selects all files of messages or one of the other files, because there are many files of
    // messages.
    const kinds = [
      entries.filter((each) => each.endsWith('.eml')),
      ...entries.filter((each) => !each.endsWith('.eml')).map((each) => [each]),
    ];
    const kind = kinds[below(random, kinds.length)]!;
    const file = kind[below(random, kind.length)];
    if (file === undefined || !existsSync(file)) continue;
    const damage = Object.keys(damages)[below(random, Object.keys(damages).length)]!;
    await damages[damage]!(
      file,
      random,
      entries.filter((each) => each !== file),
    );
    names.push(path.relative(directory, file));
  }
  const intact: MessageId[] = [];
  for (const id of undamaged(original, directory)) {
    const { file, octets } = original.messages.get(id)!;
    const found = await readFile(path.join(directory, file));
    if (file.endsWith('.eml') ? found.equals(octets) : found.includes(octets)) intact.push(id);
  }
  const before = await examine(directory);
  const store = await openJsonStore(directory, { random });
  await expectServed(store, original, intact);
  await expectNoUidTwice(store, original);
  for (const id of original.messages.keys()) await store.messages.raw(id).catch(() => undefined);
  const { warnings } = await store.facts();
  const isSerious = before.problems.some(({ kind }) => !UNNOTICED.has(kind));
  if (isSerious && !names.every(isUnseen)) expect(warnings).not.toEqual([]);
  const added = await store.messages.add(newMessage({ subject: 'after', body: 'added later' }));
  await expectNoUidTwice(store, original);
  expect((await store.messages.list({ limit: 9, query: parseQuery('body:"added later"') })).total).toBe(1);
  await store.close();

  await examine(directory, { repair: true });
  expect((await examine(directory)).problems).toEqual([]);
  const again = await openJsonStore(directory, { random });
  await expectServed(again, original, intact);
  await expectNoUidTwice(again, original);
  expect((await again.messages.raw(added.summary.id))?.toString()).toContain('added later');
  expect((await again.facts()).warnings).toEqual([]);
  await again.close();
}
