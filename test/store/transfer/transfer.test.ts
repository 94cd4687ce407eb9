import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ALL } from '../../../server/store/ids.ts';
import { isProblem } from '../../../server/store/transfer/mail-item.ts';
import { MAIL_FORMATS, openSource } from '../../../server/store/transfer/source.ts';
import { exportItems, importMail, writeMail } from '../../../server/store/transfer/transfer.ts';
import { newMessage } from '../new-message.ts';
import { alice, contents, mailboxOf, openMemory, temporaryDirectory, uids } from '../stores.ts';
import { collect } from './items.ts';

const noProblem = (): never => {
  throw new Error('a message had no bytes');
};

it.each(MAIL_FORMATS)('exports a store as %s and imports it again', async (format) => {
  const store = await openMemory();
  for (let i = 0; i < 3; i++) {
    const raw = Buffer.from(`Subject: ${i}\r\n\r\nFrom here\r\n\r\nFrom ${i} to 2026\r\n`);
    await store.messages.add(newMessage({}, { raw, receivedAt: 1_700_000_000_000 + i * 60_000 }));
  }
  await store.placements.setFlags((await mailboxOf(store, alice)).id, uids(2), 'add', [
    '\\Seen',
    '\\Flagged',
  ]);
  const target = path.join(temporaryDirectory(), 'out');
  expect(await writeMail(target, format, exportItems(store, alice, undefined, noProblem))).toBe(3);

  const other = await openMemory();
  const progress: number[] = [];
  const report = await importMail(other, await openSource(target), alice, (count) => progress.push(count));
  expect(report).toEqual({ imported: 3, problems: [] });
  expect(progress).toEqual([1, 2, 3]);
  const { messages } = await other.messages.list({ account: alice, limit: 9, order: 'oldest' });
  expect(messages.map(({ summary }) => [summary.subject, summary.receivedAt])).toEqual([
    ['0', 1_700_000_000_000],
    ['1', 1_700_000_060_000],
    ['2', 1_700_000_120_000],
  ]);
  expect((await other.messages.raw(messages[1]!.summary.id))?.toString()).toContain(
    '\r\n\r\nFrom 1 to 2026\r\n',
  );
  expect((await other.messages.get(messages[0]!.summary.id))?.origin.kind).toBe('import');
  if (format === 'maildir') {
    expect(messages.map(({ seen, flagged }) => [seen, flagged])).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
  }
});

it('exports the messages that match a query', async () => {
  const store = await openMemory();
  for (const subject of ['keep', 'drop', 'keep']) await store.messages.add(newMessage({ subject }));
  const query = { kind: 'text', field: 'subject', value: 'keep' } as const;
  expect(await collect(exportItems(store, ALL, query, noProblem))).toHaveLength(2);
});

it('reads a Maildir with its flags and folders', async () => {
  const directory = temporaryDirectory();
  for (const folder of ['', '.Projects.Big']) {
    for (const part of ['cur', 'new', 'tmp'])
      mkdirSync(path.join(directory, folder, part), { recursive: true });
  }
  writeFileSync(path.join(directory, 'cur', '1.M1P1.host:2,FSRTDP'), 'Subject: a\n\na\n');
  writeFileSync(path.join(directory, 'new', '2.M1P1.host'), 'Return-Path: <x@y>\nSubject: b\n\nb\n');
  writeFileSync(path.join(directory, 'tmp', '3.half'), 'Subject: no\n\n');
  writeFileSync(path.join(directory, '.Projects.Big', 'cur', '4.M1P1.host;2,S'), 'Subject: c\r\n\r\nc\r\n');
  utimesSync(path.join(directory, 'cur', '1.M1P1.host:2,FSRTDP'), 1_600_000_000, 1_600_000_000);
  mkdirSync(path.join(directory, 'cur', 'a-directory'));
  const store = await openMemory();
  const report = await importMail(store, await openSource(directory), alice);
  expect(report.imported).toBe(3);
  expect(report.problems).toMatchObject([{ problem: 'it is not a file' }]);
  const inbox = await mailboxOf(store, alice);
  expect(await contents(store, inbox.id)).toEqual([
    `1:${['$Forwarded', '\\Answered', '\\Deleted', '\\Draft', '\\Flagged', '\\Seen'].join(' ')}`,
    '2:',
  ]);
  const [first, second] = await store.placements.list(inbox.id);
  expect(first?.receivedAt).toBe(1_600_000_000_000);
  expect((await store.messages.raw(first!.message))?.toString()).toBe('Subject: a\r\n\r\na\r\n');
  expect((await store.messages.summary(second!.message))?.envelope.from).toBe('x@y');
  expect(await contents(store, (await mailboxOf(store, alice, 'Projects/Big')).id)).toEqual(['1:\\Seen']);
});

it('reads single messages and folders of them, byte for byte', async () => {
  const directory = temporaryDirectory();
  mkdirSync(path.join(directory, 'below'));
  const raw = Buffer.from('Subject: mixed\n\r\nbare\nlines\0\xff', 'latin1');
  writeFileSync(path.join(directory, 'below', 'One.EML'), raw);
  writeFileSync(path.join(directory, 'notes.txt'), 'no mail');
  const fromFolder = await collect(await openSource(directory));
  const alone = await collect(await openSource(path.join(directory, 'below', 'One.EML')));
  for (const [item, ...others] of [fromFolder, alone]) {
    expect(others).toEqual([]);
    expect(item && !isProblem(item) && item.raw.equals(raw)).toBe(true);
  }
  await expect(openSource(path.join(directory, 'nothing'))).rejects.toThrow('ENOENT');
});

it('never overwrites existing files', async () => {
  const store = await openMemory();
  await store.messages.add(newMessage());
  const file = path.join(temporaryDirectory(), 'mbox');
  writeFileSync(file, 'mine');
  await expect(writeMail(file, 'mbox', exportItems(store, ALL, undefined, noProblem))).rejects.toThrow(
    'EEXIST',
  );
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

it('restricts folder names to the directory', async () => {
  const directory = temporaryDirectory();
  const item = {
    source: '',
    raw: Buffer.from('x'),
    receivedAt: null,
    flags: [],
    from: null,
    folder: '../../evil/a.b',
  };
  await writeMail(
    path.join(directory, 'md'),
    'maildir',
    (async function* () {
      yield item;
    })(),
  );
  expect(readdirSync(directory)).toEqual(['md']);
  expect(readdirSync(path.join(directory, 'md'))).toEqual(['.__.__.evil.a_b']);
});
