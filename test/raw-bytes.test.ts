/**
 * Tests that messages are stored unchanged: the SHA-256 hash of the bytes after DATA equals the hash of the
 * returned bytes.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from './helpers/sandbox.ts';
import { sendRaw } from './helpers/smtp.ts';
import { temporaryDirectory } from './helpers/program.ts';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function comesBack(sandbox: TestSandbox, raw: Buffer): Promise<void> {
  const [id] = await sendRaw(sandbox.smtp, [raw]);
  const back = new Uint8Array(await (await sandbox.api(`messages/${id!}/raw`)).arrayBuffer());
  expect(digest(back)).toBe(digest(raw));
}

const header = 'From: a@x.test\r\nTo: b@x.test\r\nSubject: bytes\r\n\r\n';
const body = (...pieces: (string | number[])[]): Buffer =>
  Buffer.concat([header, ...pieces, '\r\n'].map((piece) => Buffer.from(piece as string, 'latin1')));

it.each([
  ['7-bit text', body('hello\r\nworld')],
  [
    '8-bit octets without a charset',
    body(
      Buffer.from(Array.from({ length: 246 }, (_, i) => i + 10).filter((b) => b !== 13)).toString('latin1'),
    ),
  ],
  ['NUL octets', body('a\0b\r\n\0')],
  ['a line of 100,000 octets', body('x'.repeat(100_000))],
  ['bare line feeds', body('one\ntwo\n\n.\nthree')],
  ['bare carriage returns', body('one\rtwo\r\r')],
  ['lines that begin with dots', body('.\r\n..\r\n.a\r\n...')],
  ['a first line that begins with a dot', Buffer.from('.leading\r\n\r\nbody\r\n')],
  ['no header at all', Buffer.from('just words\r\n')],
  ['nothing but an empty line', Buffer.from('\r\n')],
  ['trailing white space and tabs', body('a  \t \r\n \t\r\n')],
  ['UTF-8 in headers', Buffer.from('Subject: Grüße 😀\r\nFrom: Jörg <jörg@exämple.test>\r\n\r\nhallo\r\n')],
])('keeps %s', async (_name, raw) => {
  await comesBack(await startTestSandbox(), raw);
});

it('stores them on disk', async () => {
  await comesBack(
    await startTestSandbox({ data: temporaryDirectory() }),
    body('\xff\xfe\0', 'x'.repeat(5000)),
  );
});

it('stores 20 MB', async () => {
  await comesBack(await startTestSandbox(), body(`${'0123456789abcdef'.repeat(64)}\r\n`.repeat(20_000)));
});

it('stores any octets', async () => {
  const sandbox = await startTestSandbox();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (octets) => {
      // SMTP itself sets two limits: CRLF.CRLF would end the message, and a message ends with CRLF.
      const text = Buffer.from(octets)
        .toString('latin1')
        .replaceAll(/\r\n\.\r\n/g, '');
      await comesBack(sandbox, Buffer.from(`${text}\r\n`, 'latin1'));
    }),
    { numRuns: 60 },
  );
});
