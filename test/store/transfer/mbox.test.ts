import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { isProblem, type MailItem } from '../../../server/store/transfer/mail-item.ts';
import { readMbox, readMboxFrom, writeMbox } from '../../../server/store/transfer/mbox.ts';
import { collect, itemsOf } from './items.ts';

function temporaryFile(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'restante-mbox-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return path.join(directory, 'mbox');
}

async function read(text: string) {
  const file = temporaryFile();
  writeFileSync(file, text);
  const items = await collect(readMbox(file));
  return items.map((item) =>
    isProblem(item)
      ? item.problem
      : { from: item.from, at: item.receivedAt, flags: item.flags, raw: item.raw.toString() },
  );
}

const at = Date.UTC(2026, 10, 23, 15, 0, 0);

it('reads separators, dates, senders and status', async () => {
  expect(
    await read(
      'From app@example.test Mon Nov 23 15:00:00 2026\nSubject: one\nStatus: RO\nX-Status: AF\n\nbody\n\n' +
        'From - Mon Nov 23 16:00:00 2026 +0100\nReturn-Path: <back@example.test>\n\ntwo\n',
    ),
  ).toEqual([
    {
      from: 'app@example.test',
      at,
      flags: ['\\Seen', '\\Answered', '\\Flagged'],
      raw: 'Subject: one\r\nStatus: RO\r\nX-Status: AF\r\n\r\nbody\r\n',
    },
    { from: 'back@example.test', at, flags: [], raw: 'Return-Path: <back@example.test>\r\n\r\ntwo\r\n' },
  ]);
});

it('treats a From line as a separator only after an empty line and with a year', async () => {
  const [first, ...others] = await read(
    'From a@x Mon Nov 23 15:00:00 2026\nSubject: x\n\ntext\nFrom here on 2026 it is text\n\nFrom the start it was text\n>From quoted\n>>From twice\n',
  );
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    raw: 'Subject: x\r\n\r\ntext\r\nFrom here on 2026 it is text\r\n\r\nFrom the start it was text\r\nFrom quoted\r\n>From twice\r\n',
  });
});

it('follows a Content-Length that leads to the next message (mboxcl2)', async () => {
  const body = 'text\n\nFrom b@x Mon Nov 23 15:00:00 2026\n>From kept\n';
  const items = await read(
    `From a@x Mon Nov 23 15:00:00 2026\nContent-Length: ${body.length}\n\n${body}\nFrom c@x Mon Nov 23 15:00:00 2026\nSubject: c\n\nc\n`,
  );
  expect(items).toHaveLength(2);
  expect(items[0]).toMatchObject({
    raw: expect.stringContaining('From b@x Mon Nov 23 15:00:00 2026\r\n>From kept\r\n'),
  });
  expect(items[1]).toMatchObject({ from: 'c@x' });
});

it.each([3, 60, 99_999])(
  'does not follow a Content-Length that does not lead to a message: %d',
  async (length) => {
    const items = await read(
      `From a@x Mon Nov 23 15:00:00 2026\nContent-Length: ${length}\n\nfirst body\n\nFrom b@x Mon Nov 23 15:00:00 2026\nSubject: b\n\nsecond body\n\nFrom c@x Mon Nov 23 15:00:00 2026\n\nthird\n`,
    );
    expect(items.map((item) => (typeof item === 'string' ? item : item.from))).toEqual(['a@x', 'b@x', 'c@x']);
    expect(items[0]).toMatchObject({ raw: `Content-Length: ${length}\r\n\r\nfirst body\r\n` });
  },
);

it('reports a file that is not an mbox', async () => {
  expect(await read('just text\n')).toEqual(['text before the first From line']);
  expect(await read('')).toEqual([]);
  expect(await collect(readMbox('/nowhere/mbox'))).toMatchObject([
    { problem: expect.stringContaining('ENOENT') },
  ]);
});

it('writes files that it reads back: any lines, in order', async () => {
  const line = fc.oneof(
    fc.constantFrom('', 'From x', '>From x', '>>From y', 'From a@x Mon Nov 23 15:00:00 2026', 'text', 'é'),
    fc.string({ maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '')),
  );
  const message = fc
    .array(line, { maxLength: 8 })
    .map((lines) => Buffer.from(['Subject: x', '', ...lines, 'end', ''].join('\r\n')));
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 4 }), async (raws) => {
      const file = temporaryFile();
      const items = raws.map((raw, i): MailItem => ({
        ...blank,
        raw,
        receivedAt: at + i * 1000,
        from: `s${i}@x`,
      }));
      expect(await writeMbox(file, itemsOf(items))).toBe(raws.length);
      expect(readFileSync(file, 'latin1')).not.toContain('\r');
      const back = (await collect(readMbox(file))) as MailItem[];
      expect(back.map(({ raw }) => raw.toString())).toEqual(raws.map(String));
      expect(back.map(({ from, receivedAt }) => [from, receivedAt])).toEqual(
        items.map(({ from, receivedAt }) => [from, receivedAt]),
      );
    }),
    { numRuns: 60 },
  );
});

const blank = { source: '', flags: [], folder: null };

/** Returns the number of octets read from an mbox of small messages. */
async function octetsRead(messages: number, contentLength: (bodyLength: number) => number): Promise<number> {
  const body = 'A short body.\n';
  const message = `From a@x Mon Nov 23 15:00:00 2026\nSubject: x\nContent-Length: ${contentLength(body.length)}\n\n${body}\n`;
  const bytes = Buffer.from(message.repeat(messages));
  let octets = 0;
  const read = async (position: number, length: number): Promise<Buffer> => {
    const some = Buffer.from(bytes.subarray(position, position + length));
    octets += some.length;
    return some;
  };
  const items = await collect(readMboxFrom({ size: bytes.length, read }, 'mbox'));
  expect(items).toHaveLength(messages);
  expect(
    items.every((item) => !isProblem(item) && item.raw.toString().endsWith('\r\n\r\nA short body.\r\n')),
  ).toBe(true);
  return octets / messages;
}

it.each<[string, (length: number) => number]>([
  ['right', (length) => length],
  ['beyond the file', () => 99_999_999],
  ['into another message', (length) => length + 30],
  ['short', (length) => length - 3],
])(
  'reads as many octets for each message whether there are many or few, with a Content-Length that is %s',
  async (_, length) => {
    const few = await octetsRead(1_000, length);
    const many = await octetsRead(8_000, length);
    expect(many).toBeLessThan(few * 1.5);
  },
);

it('finds separators at any position relative to the blocks that are read', async () => {
  const separator = 'From a@x Mon Nov 23 15:00:00 2026\n';
  for (let off = 0; off < 60; off++) {
    const filler = 'x'.repeat((1 << 20) - 100 + off);
    const bytes = Buffer.from(`${separator}S: 1\n\n${filler}\n\n${separator}S: 2\n\nend\n`);
    const read = async (position: number, length: number) =>
      Buffer.from(bytes.subarray(position, position + length));
    const items = (await collect(readMboxFrom({ size: bytes.length, read }, 'mbox'))) as MailItem[];
    expect(items.map(({ raw }) => raw.length)).toEqual([filler.length + 10, 13]);
  }
});
