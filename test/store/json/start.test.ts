/** Tests the start of a store with various states of its files; other tests damage its log. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { examine } from '../../../server/store/json/doctor.ts';
import { ALL, type MessageId, type Seq } from '../../../server/store/ids.ts';
import { encodeLine } from '../../../server/store/json/entry-line.ts';
import { shardOf } from '../../../server/store/raw/raw-files.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { LOG_VERSION } from '../../../server/store/json/migrations.ts';
import type { Store } from '../../../server/store/store.ts';
import { dump } from '../dump.ts';
import { newMessage } from '../new-message.ts';
import { alice, mailboxOf, openIn, temporaryDirectory } from '../stores.ts';

const rawFile = (directory: string, id: MessageId): string =>
  path.join(directory, 'raw', shardOf(id), `${id}.eml`);

/** Returns all data of a store except the numbers that the store assigns next. */
async function mailOf(store: Store): Promise<unknown> {
  const { list, details, records } = (await dump(store)) as Record<string, unknown>;
  return { list, details, records };
}

async function madeStore(count = 3): Promise<{ directory: string; ids: MessageId[] }> {
  const directory = temporaryDirectory();
  const store = await openJsonStore(directory, { rawFiles: true });
  const ids: MessageId[] = [];
  for (let i = 0; i < count; i++)
    ids.push((await store.messages.add(newMessage({ subject: `${i}` }))).summary.id);
  await store.accounts.open(alice);
  await store.records.collection('rules').put('r', { name: 'first' });
  await store.close();
  return { directory, ids };
}

it('lists a message whose file is missing without content, and reports it', async () => {
  const { directory, ids } = await madeStore();
  await rm(rawFile(directory, ids[1]!));
  // The index still knows the text of the message.
  await rm(path.join(directory, 'search'), { recursive: true });
  const store = await openIn(directory);
  expect((await store.messages.list({ limit: 9 })).total).toBe(3);
  expect(await store.messages.raw(ids[1]!)).toBeUndefined();
  expect(await store.messages.get(ids[1]!)).toMatchObject({ subject: '1' });
  expect((await store.facts()).warnings).toEqual([expect.stringContaining(ids[1]!)]);
  const found = await store.messages.list({
    limit: 9,
    query: { kind: 'text', field: 'body', value: 'Some text' },
  });
  expect(found.total).toBe(2);
});

it('does not restore a removed message, even if its file still exists', async () => {
  const { directory, ids } = await madeStore();
  const raw = await readFile(rawFile(directory, ids[0]!));
  const store = await openJsonStore(directory);
  await store.messages.remove([ids[0]!], ALL);
  await store.close();
  await writeFile(rawFile(directory, ids[0]!), raw);
  const again = await openIn(directory);
  expect(await again.facts()).toMatchObject({ messages: 2, warnings: [] });
});

it('applies manual edits of db.json', async () => {
  const { directory } = await madeStore();
  const file = path.join(directory, 'db.json');
  const edited = (await readFile(file, 'utf8'))
    .replace('"name":"first"', '"name":"edited"')
    .replace(
      '"minted":false,"password":null,"mailboxes":[{"id":"m3"',
      '"minted":true,"password":"mine","mailboxes":[{"id":"m3"',
    );
  await writeFile(file, edited);
  const store = await openIn(directory);
  expect(await store.records.collection('rules').get('r')).toEqual({ name: 'edited' });
  expect(await store.accounts.credentials(alice)).toMatchObject({ password: 'mine' });
  expect((await mailboxOf(store, alice, 'Sent')).role).toBe('sent');
});

it.each(['', '{', '{"version":1}', '{"version":9,"seq":1,"accounts":[],"records":{}}'])(
  'sets aside a db.json that cannot be parsed: %j',
  async (text) => {
    const { directory } = await madeStore();
    const store = await openJsonStore(directory);
    const before = await mailOf(store);
    await store.close();
    await writeFile(path.join(directory, 'db.json'), text);
    const again = await openIn(directory);
    expect(await mailOf(again)).toEqual(before);
    const { warnings } = await again.facts();
    expect(warnings).toEqual([expect.stringContaining('db.json')]);
    const aside = (await readdir(directory)).find((name) => name.startsWith('db.json.damaged'));
    expect(await readFile(path.join(directory, aside!), 'utf8')).toBe(text);
  },
);

it('reads a log of an older version through its steps, and rewrites it', async () => {
  const directory = temporaryDirectory();
  const old = [
    encodeLine([{ do: 'log', version: 0, seq: 0 as never }]),
    encodeLine([{ do: 'entry-of-old', seq: 1, collection: 'rules', key: 'r', value: 1 } as never]),
    encodeLine([{ do: 'dropped', seq: 2 } as never]),
  ];
  await writeFile(path.join(directory, 'messages.jsonl'), Buffer.concat(old));
  const migrations = {
    0: (entry: Record<string, unknown>) =>
      entry['do'] === 'entry-of-old' ? { ...entry, do: 'record' } : undefined,
  };
  const store = await openJsonStore(directory, { migrations });
  expect(await store.records.collection('rules').get('r')).toBe(1);
  await store.messages.add(newMessage());
  await store.close();
  expect(await readFile(path.join(directory, 'messages.jsonl'), 'utf8')).toContain(
    `"do":"log","version":${LOG_VERSION}`,
  );
  const again = await openIn(directory);
  expect(await again.records.collection('rules').get('r')).toBe(1);
  expect((await again.facts()).messages).toBe(1);
});

it('refuses a log of a newer version and does not change it', async () => {
  const directory = temporaryDirectory();
  const newer = encodeLine([{ do: 'log', version: 99, seq: 0 as never }]);
  await writeFile(path.join(directory, 'messages.jsonl'), newer);
  await expect(openJsonStore(directory)).rejects.toMatchObject({
    code: 'newer',
    message: expect.stringContaining('newer'),
  });
  expect(await readdir(directory)).toEqual(['messages.jsonl']);
  expect(await readFile(path.join(directory, 'messages.jsonl'))).toEqual(newer);
});

it('applies a limit that was lowered while the server was stopped', async () => {
  const { directory } = await madeStore(450);
  const store = await openIn(directory, { retention: { maxMessages: 10 } });
  await new Promise<void>((resolve) => {
    const stop = store.changes.subscribe(() => {
      void store.facts().then(({ messages }) => {
        if (messages > 10) return;
        stop();
        resolve();
      });
    });
  });
  const { messages } = await store.messages.list({ limit: 20 });
  expect(messages.map(({ summary }) => Number(summary.subject))).toEqual(
    Array.from({ length: 10 }, (_, i) => 449 - i),
  );
});

it('rejects an add whose bytes cannot be written, and stores nothing of it', async () => {
  const directory = temporaryDirectory();
  const store = await openIn(directory);
  await writeFile(path.join(directory, 'raw'), 'in the way');
  const { seq } = store.changes;
  for (const size of [10, 300_000]) {
    await expect(store.messages.add(newMessage({ body: 'x'.repeat(size) }))).rejects.toMatchObject({
      code: 'unwritable',
      message: 'The data directory cannot be written: a file has the name of a directory',
    });
  }
  expect(store.changes.seq).toBe(seq);
  expect(await store.facts()).toMatchObject({ messages: 0 });
  await rm(path.join(directory, 'raw'));
  await store.messages.add(newMessage());
  expect(await store.facts()).toMatchObject({ messages: 1 });
});

it('finds what it indexed before, and messages that were added later', async () => {
  const { directory } = await madeStore();
  const store = await openIn(directory);
  await store.messages.add(newMessage({ body: 'a needle' }));
  const needle = { kind: 'text', field: 'body', value: 'needle' } as const;
  expect((await store.messages.list({ limit: 9, query: needle })).total).toBe(1);
  await store.close();
  await mkdir(directory, { recursive: true });
  const [segment = 'none'] = await readdir(path.join(directory, 'search'));
  const again = await openIn(directory);
  expect((await again.messages.list({ limit: 9, query: needle })).total).toBe(1);
  await again.close();
  await writeFile(path.join(directory, 'search', segment), 'no index');
  const third = await openIn(directory);
  expect((await third.messages.list({ limit: 9, query: needle })).total).toBe(1);
});

it('reports a missing db.json beside a log, and assigns no UID twice even if lines of the log are lost, too', async () => {
  const { directory } = await madeStore();
  const store = await openJsonStore(directory);
  const inbox = await mailboxOf(store, alice);
  await store.close();
  const log = path.join(directory, 'messages.jsonl');
  const whole = await readFile(log, 'utf8');
  const opened = await openJsonStore(directory);
  await opened.messages.add(newMessage({ to: [alice], subject: 'lost' }));
  const before = await mailboxOf(opened, alice);
  await opened.close();
  await writeFile(log, whole);
  await rm(path.join(directory, 'db.json'));
  await rm(path.join(directory, 'raw'), { recursive: true });

  expect((await examine(directory)).problems.map(({ kind }) => kind)).toContain('document-missing');
  const again = await openJsonStore(directory);
  expect((await again.facts()).warnings).toContain(
    'db.json is missing: accounts, mailboxes and records are restored from the message log',
  );
  const after = await mailboxOf(again, alice);
  expect(after.uidValidity).toBe(inbox.uidValidity);
  expect(after.uidNext).toBeGreaterThanOrEqual(before.uidNext);
  await again.close();
  const last = await openIn(directory);
  expect((await last.facts()).warnings.join('\n')).not.toContain('db.json');
  expect(await last.records.collection('rules').get('r')).toEqual({ name: 'first' });
});

it('writes db.json before it accepts the first mail', async () => {
  const directory = temporaryDirectory();
  await openIn(directory);
  expect(await readdir(directory)).toContain('db.json');
});

it('finds no problem in a directory whose first start was killed', async () => {
  const directory = temporaryDirectory();
  await writeFile(
    path.join(directory, 'messages.jsonl'),
    encodeLine([{ do: 'log', version: LOG_VERSION, seq: 0 as Seq }]),
  );
  expect((await examine(directory)).problems).toEqual([]);
  expect((await (await openIn(directory)).facts()).warnings).toEqual([]);
});
