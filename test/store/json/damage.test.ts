/**
 * Tests a log in which bytes were changed, removed or inserted: the store starts, reports the damage, and serves
 * the remaining data.
 */
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ALL } from '../../../server/store/ids.ts';
import { examine } from '../../../server/store/json/doctor.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf, temporaryDirectory, uids } from '../stores.ts';
import { dump } from '../dump.ts';

async function makeStore(directory: string): Promise<Map<string, string>> {
  const store = await openJsonStore(directory);
  await store.accounts.open(alice);
  const kept = new Map<string, string>();
  for (let i = 0; i < 15; i++) {
    const { summary } = await store.messages.add(
      newMessage({ to: [alice, bob], subject: `${i}`, body: `text ${i}` }),
    );
    kept.set(summary.id, (await store.messages.raw(summary.id))!.toString());
  }
  const sent = await mailboxOf(store, alice, 'Sent');
  const inbox = await mailboxOf(store, alice);
  await store.messages.addAll(
    [1, 2].map((n) => newMessage({ body: `filed ${n}` }, { targets: [{ mailbox: sent.id }] })),
  );
  for (const { message } of await store.placements.list(sent.id))
    kept.set(message, (await store.messages.raw(message))!.toString());
  await store.placements.setFlags(inbox.id, uids(1, 2, 3), 'add', ['\\Seen', 'k']);
  await store.placements.move(inbox.id, uids(4, 5), sent.id);
  await store.records.collection('rules').put('r', { name: 'rule' });
  const first = [...kept.keys()][0]!;
  await store.messages.tag([first as never], ['t'], []);
  await store.messages.annotate(first as never, 'n', 1);
  await store.messages.remove([[...kept.keys()][7] as never], ALL);
  kept.delete([...kept.keys()][7]!);
  await store.close();
  return kept;
}

const position = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
interface Wound {
  readonly kind: 'flip' | 'cut' | 'insert' | 'truncate';
  /** The position of the damage, as a share of the log's length. */
  readonly at: number;
  readonly length: number;
}

const wound: fc.Arbitrary<Wound> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: position, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: position, length: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: position, length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('truncate' as const), at: position, length: fc.constant(0) }),
);

function hurt(log: Buffer, { kind, at, length }: Wound, noise: number): Buffer {
  const start = Math.floor(at * log.length);
  if (kind === 'truncate') return log.subarray(0, start);
  const rest = log.subarray(kind === 'insert' ? start : start + length);
  if (kind === 'cut') return Buffer.concat([log.subarray(0, start), rest]);
  const noisy = Buffer.from(
    log.subarray(start, start + length).map((byte, i) => byte ^ ((noise + i) % 255 || 1)),
  );
  return Buffer.concat([log.subarray(0, start), noisy, rest]);
}

it('starts with a damaged log, reports it, and serves every message', async () => {
  const base = temporaryDirectory();
  const original = path.join(base, 'original');
  const kept = await makeStore(original);
  const log = await readFile(path.join(original, 'messages.jsonl'));
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(wound, { minLength: 1, maxLength: 3 }),
      fc.nat(254),
      fc.boolean(),
      async (wounds, noise, withDocument) => {
        const directory = path.join(base, `${run++}`);
        await cp(original, directory, { recursive: true });
        const damaged = wounds.reduce<Buffer>((bytes, each) => hurt(bytes, each, noise), log);
        await writeFile(path.join(directory, 'messages.jsonl'), damaged);
        if (!withDocument) await rm(path.join(directory, 'db.json'));
        const store = await openJsonStore(directory);
        for (const [id, raw] of kept) {
          expect((await store.messages.raw(id as never))?.toString(), id).toBe(raw);
          expect(await store.messages.get(id as never)).toBeDefined();
        }
        const { warnings } = await store.facts();
        if (!damaged.equals(log))
          expect(warnings.length + (cutAtLineEnd(damaged, log) ? 1 : 0)).toBeGreaterThan(0);
        // The store accepts mail: new change numbers are higher than all old ones, and a restart finds nothing to
        // repair.
        const before = await store.messages.list({ limit: 100 });
        const { seq } = await store.messages.add(newMessage({ subject: 'after' }));
        expect(seq).toBeGreaterThan(Math.max(...before.messages.map(({ summary }) => summary.seq)));
        const lived = await dump(store);
        await store.close();
        const again = await openJsonStore(directory);
        expect((await again.facts()).warnings.filter((warning) => !warning.includes('missing'))).toEqual([]);
        expect(await dump(again)).toEqual(lived);
        await again.close();
        await rm(directory, { recursive: true });
      },
    ),
    { numRuns: 25 },
  );
});

/**
 * Returns whether the damage only removes whole lines at the end, which cannot be distinguished from an earlier
 * log.
 */
const cutAtLineEnd = (damaged: Buffer, log: Buffer): boolean =>
  log.subarray(0, damaged.length).equals(damaged) &&
  (damaged.length === 0 || damaged.at(-1) === 10 || log[damaged.length] === 10);

it('reports each complete line that is missing before the last line', async () => {
  const base = temporaryDirectory();
  const original = path.join(base, 'original');
  await makeStore(original);
  const lines = (await readFile(path.join(original, 'messages.jsonl'), 'utf8')).trimEnd().split('\n');
  for (const [at, line] of lines.slice(0, -1).entries()) {
    const directory = path.join(base, `${at}`);
    await cp(original, directory, { recursive: true });
    await writeFile(
      path.join(directory, 'messages.jsonl'),
      lines.toSpliced(at, 1).map((each) => `${each}\n`),
    );
    const problems = (await examine(directory)).problems.map(({ kind }) => kind);
    expect(problems, line).toContain('log-incomplete');
    const store = await openJsonStore(directory);
    const { warnings } = await store.facts();
    expect(warnings.join('\n'), line).toContain('Lines are missing from the message log; the log');
    await store.close();
    const again = await openJsonStore(directory);
    expect((await again.facts()).warnings, line).toEqual([]);
    await again.close();
  }
});

it('keeps two damaged pieces of the log that it finds in the same millisecond', async () => {
  const directory = temporaryDirectory();
  await makeStore(directory);
  const file = path.join(directory, 'messages.jsonl');
  const log = await readFile(file);
  await writeFile(file, log.subarray(3, -3));
  const store = await openJsonStore(directory, { clock: () => 1_800_000_000_000 });
  const warnings = (await store.facts()).warnings.join('\n');
  expect(warnings).toMatch(/octets, kept as messages\.jsonl\.damaged-20270115T080000000Z/);
  expect(warnings).toMatch(/before the repair: messages\.jsonl\.damaged-20270115T080000001Z/);
  await store.close();
  const again = await openJsonStore(directory);
  expect((await again.facts()).warnings).toEqual([]);
  await again.close();
});

it('skips a damaged line and no other, and keeps the damaged log', async () => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory);
  for (let i = 0; i < 5; i++) await store.messages.add(newMessage({ subject: `${i}` }));
  await store.close();
  const file = path.join(directory, 'messages.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes('"subject":"2"'));
  lines[at] = lines[at]!.replace('"subject":"2"', '"subject":"9"');
  await writeFile(file, lines.join('\n'));
  const again = await openJsonStore(directory, { clock: () => 1_800_000_000_000 });
  const { messages } = await again.messages.list({ limit: 9 });
  // The message is restored from its file with an unknown envelope, as the newest message.
  expect(messages.map(({ summary }) => summary.subject)).toEqual(['2', '4', '3', '1', '0']);
  expect(await again.messages.get(messages[0]!.summary.id)).toMatchObject({
    origin: { kind: 'recovered' },
    fullEnvelope: { from: { address: '' }, to: [] },
  });
  expect(messages[1]!.summary.envelope.from).toBe('shop@example.test');
  const { warnings } = await again.facts();
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('1 message without a line in the log');
  const kept = /messages\.jsonl\.damaged-\S+/.exec(warnings[1]!)?.[0];
  expect(await readFile(path.join(directory, kept!), 'utf8')).toContain('"subject":"9"');
  await again.close();
});

it.each([
  ['no JSON', ',"do":"tag","seq":99'],
  ['an unknown entry', ',"do":"dance","seq":99}'],
  ['a batch of nothing', ',"do":"batch","entries":7}'],
  ['an entry without its fields', ',"do":"flag","seq":99}'],
  ['a message of no message', ',"do":"add","seq":99,"message":null,"places":[]}'],
])('skips a line whose checksum is right over %s', async (_what, covered) => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory);
  await store.messages.add(newMessage({ subject: 'kept' }));
  await store.close();
  const file = path.join(directory, 'messages.jsonl');
  const sum = crc32(Buffer.from(covered)).toString(16).padStart(8, '0');
  await appendFile(file, `{"sum":"${sum}"${covered}\n`);
  const again = await openJsonStore(directory, { clock: () => 1_800_000_000_000 });
  const { messages } = await again.messages.list({ limit: 9 });
  expect(messages.map(({ summary }) => summary.subject)).toEqual(['kept']);
  const { warnings } = await again.facts();
  expect(warnings.join('\n')).toMatch(/^One line of the message log damaged/);
  const added = await again.messages.add(newMessage({ subject: 'more' }));
  expect((await again.messages.summary(added.summary.id))?.subject).toBe('more');
  await again.close();
});

it('removes an incomplete last line with a warning', async () => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory);
  await store.messages.add(newMessage({ subject: 'kept' }));
  await store.close();
  const file = path.join(directory, 'messages.jsonl');
  const whole = await readFile(file);
  await writeFile(file, Buffer.concat([whole, Buffer.from('{"sum":"00000000","do":"fl')]));
  const again = await openJsonStore(directory);
  const { warnings } = await again.facts();
  expect(warnings).toEqual([expect.stringContaining('incomplete')]);
  const kept = /messages\.jsonl\.damaged-\w+/.exec(warnings[0]!)?.[0];
  expect(await readFile(path.join(directory, kept!), 'utf8')).toBe('{"sum":"00000000","do":"fl');
  await again.close();
  const third = await openJsonStore(directory);
  expect(await third.facts()).toMatchObject({ messages: 1, warnings: [] });
  await third.close();
});

it('accepts a last line that lacks only its line ending', async () => {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory);
  const { summary } = await store.messages.add(newMessage());
  await store.close();
  const file = path.join(directory, 'messages.jsonl');
  await writeFile(file, (await readFile(file)).subarray(0, -1));
  const again = await openJsonStore(directory);
  await again.messages.add(newMessage());
  await again.close();
  const third = await openJsonStore(directory);
  expect(await third.facts()).toMatchObject({ messages: 2, warnings: [] });
  expect(await third.messages.get(summary.id)).toMatchObject({ origin: { kind: 'smtp' } });
  await third.close();
});

it('starts without a log, from the raw files alone', async () => {
  const directory = temporaryDirectory();
  const kept = await makeStore(directory);
  await rm(path.join(directory, 'messages.jsonl'));
  await rm(path.join(directory, 'db.json'));
  await mkdir(path.join(directory, 'raw', 'zz'), { recursive: true });
  await writeFile(path.join(directory, 'raw', 'zz', 'not-ours.eml'), 'x');
  const store = await openJsonStore(directory);
  expect((await store.facts()).messages).toBe(kept.size);
  await store.close();
});
