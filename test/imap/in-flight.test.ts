/** Tests APPEND above the limit of message octets in memory: the messages are stored from temporary files. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ImapFlow } from 'imapflow';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ImapServerOptions } from '../../server/imap/server.ts';
import { InFlight } from '../../server/net/in-flight/index.ts';
import { accountName } from '../../server/store/ids.ts';
import { startImap } from '../helpers/imap.ts';

const LIMIT = 100_000;
const message = (octets: number): Buffer =>
  Buffer.from(`Subject: x\r\n\r\n${'0123456\r\n'.repeat(octets / 9)}`);
/** Size and checksum of a message; a test runner compares long buffers slowly. */
const described = (raw: Buffer): string =>
  `${raw.length} octets ${createHash('sha256').update(raw).digest('hex')}`;
/** A message that does not fit into the limit. */
const LARGE = message(180_000);
/** A message that fits into the limit alone, but not together with a second message of the same size. */
const MEDIUM = message(90_000);

async function start(options: Partial<ImapServerOptions> = {}) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'restante-append-'));
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const imap = await startImap({ inFlight, ...options });
  onTestFinished(async () => {
    await imap.close();
    rmSync(directory, { recursive: true, force: true });
  });
  /** Returns a description of each stored message, in the order of their UIDs. */
  const stored = async (): Promise<string[]> => {
    const inbox = await imap.store.mailboxes.find(accountName('a@x.test'), 'INBOX');
    const placements = await imap.store.placements.list(inbox!.id);
    const raws = placements.map(({ message: id }) => imap.store.messages.raw(id));
    return (await Promise.all(raws)).map((raw) => described(raw!));
  };
  return { ...imap, inFlight, stored, files: () => readdirSync(directory) };
}

const literal = (octets: Buffer, prefix = ''): Buffer =>
  Buffer.concat([Buffer.from(`${prefix}{${octets.length}+}\r\n`), octets]);
const command = (...parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

it.each([4, 8])('stores %i messages of real clients without reading them back to memory', async (count) => {
  const { port, inFlight, stored, files } = await start();
  const clients = await Promise.all(
    Array.from({ length: count }, async () => {
      const auth = { user: 'a@x.test', pass: 'any' };
      const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth, logger: false });
      await client.connect();
      return client;
    }),
  );
  await Promise.all(clients.map((client) => client.append('INBOX', LARGE)));
  await Promise.all(clients.map((client) => client.logout()));
  expect(await stored()).toEqual(Array<string>(count).fill(described(LARGE)));
  expect(inFlight.spilled).toBe(count);
  expect(inFlight.most).toBeLessThanOrEqual(LIMIT);
  expect(inFlight.octets).toBe(0);
  expect(files()).toEqual([]);
});

describe('a message above the limit', () => {
  it.each([
    ['in a literal', [literal(LARGE)], [LARGE]],
    ['in a binary literal', [literal(LARGE, '~')], [LARGE]],
    ['in UTF8', ['UTF8 (', literal(LARGE, '~'), ')'], [LARGE]],
    [
      'before and after others',
      [literal(MEDIUM), ' ', literal(LARGE), ' ', literal(MEDIUM)],
      [MEDIUM, LARGE, MEDIUM],
    ],
    [
      'composed of large texts',
      ['CATENATE (TEXT ', literal(MEDIUM), ' TEXT ', literal(LARGE), ')'],
      [Buffer.concat([MEDIUM, LARGE])],
    ],
    [
      'composed of small texts',
      [
        'CATENATE (',
        literal(message(45_000), 'TEXT '),
        Buffer.concat(Array<Buffer>(3).fill(literal(message(45_000), ' TEXT '))),
        ')',
      ],
      [Buffer.concat(Array<Buffer>(4).fill(message(45_000)))],
    ],
  ] as const)('is stored exactly %s', async (_, parts, expected) => {
    const { login, inFlight, stored, files } = await start();
    const client = await login();
    client.write(command('t APPEND INBOX ', ...parts, '\r\n'));
    expect((await client.until('t')).at(-1)).toMatch(/^OK \[APPENDUID /);
    expect(await stored()).toEqual(expected.map(described));
    expect(inFlight.spilled).toBeGreaterThan(0);
    expect(inFlight.most).toBeLessThanOrEqual(LIMIT);
    // The next response is sent after the messages of the command are released.
    await client.ok('NOOP');
    expect([inFlight.octets, files()]).toEqual([0, []]);
  });

  it('is composed of a stored message and a text', async () => {
    const { login, deliver, inFlight, stored, files } = await start();
    await deliver(LARGE);
    const client = await login();
    await client.ok('SELECT INBOX');
    client.write(command('t APPEND INBOX CATENATE (URL "/;UID=1" TEXT ', literal(LARGE), ')\r\n'));
    expect((await client.until('t')).at(-1)).toMatch(/^OK \[APPENDUID /);
    expect(await stored()).toEqual([LARGE, Buffer.concat([LARGE, LARGE])].map(described));
    expect(inFlight.most).toBeLessThanOrEqual(LIMIT);
    await client.ok('NOOP');
    expect([inFlight.octets, files()]).toEqual([0, []]);
  });

  it.each([
    ['an unknown mailbox', ['Missing ', literal(LARGE)], /^NO \[TRYCREATE\]/],
    [
      'a second message that is too large',
      ['INBOX ', literal(LARGE), ' ', literal(message(450_000))],
      /^NO \[TOOBIG\]/,
    ],
    [
      'a composed message that is too large',
      ['INBOX CATENATE (TEXT ', literal(LARGE), ' TEXT ', literal(LARGE), ')'],
      /^NO \[TOOBIG\]/,
    ],
    ['an unknown URL', ['INBOX CATENATE (TEXT ', literal(LARGE), ' URL "/;UID=9")'], /^NO \[BADURL /],
    ['wrong syntax', ['INBOX ', literal(LARGE), ' nonsense'], /^BAD Expected a literal/],
    [
      'a message as the name of a mailbox',
      [literal(LARGE), ' ', literal(LARGE)],
      /^BAD \[TOOBIG\] Expected a string/,
    ],
  ] as const)('leaves no file after the refusal of %s', async (_, parts, refusal) => {
    const { login, inFlight, stored, files } = await start({ messageLimit: 300_000 });
    const client = await login();
    client.write(command('t APPEND ', ...parts, '\r\n'));
    expect((await client.until('t')).at(-1)).toMatch(refusal);
    await client.ok('NOOP');
    expect(inFlight.spilled).toBeGreaterThan(0);
    expect([inFlight.octets, files()]).toEqual([0, []]);
    expect(await stored()).toEqual([]);
  });

  it.each([
    ['during its literal', [literal(LARGE).subarray(0, 150_000)]],
    ['during the literal after it', [literal(LARGE), ' ', literal(LARGE).subarray(0, 150_000)]],
    ['before the end of its command', [literal(LARGE), ' ']],
  ] as const)('leaves no file when the connection closes %s', async (_, parts) => {
    const { login, inFlight, files, stored } = await start();
    const client = await login();
    client.write(command('t APPEND INBOX ', ...parts));
    await expect.poll(() => files().length).toBe(parts.length > 2 ? 2 : 1);
    client.destroy();
    await expect.poll(() => [inFlight.octets, files()]).toEqual([0, []]);
    expect(await stored()).toEqual([]);
  });

  it('leaves no file when the server stops', async () => {
    const { login, server, inFlight, files } = await start();
    const clients = [await login(), await login()];
    for (const client of clients) {
      client.write(command('t APPEND INBOX ', literal(LARGE), ' ', literal(LARGE).subarray(0, 150_000)));
    }
    await expect.poll(() => files().length).toBe(4);
    await server.close();
    expect([inFlight.octets, files()]).toEqual([0, []]);
  });

  it('is refused without a directory for files, and its command leaves nothing in memory', async () => {
    const inFlight = new InFlight({ limit: LIMIT, directory: null });
    const { login, stored } = await start({ inFlight });
    const client = await login();
    const texts = Array.from({ length: 3 }, () => literal(message(45_000), ' TEXT '));
    for (const part of [literal(LARGE), command('CATENATE (', Buffer.concat(texts).subarray(1), ')')]) {
      client.write(command('t APPEND INBOX ', part, '\r\n'));
      expect((await client.until('t')).at(-1)).toMatch(/^NO \[LIMIT\] There is no room/);
      await client.ok('NOOP');
      expect(inFlight.octets).toBe(0);
    }
    client.write(command('t APPEND INBOX ', literal(MEDIUM), '\r\n'));
    expect((await client.until('t')).at(-1)).toMatch(/^OK/);
    expect(await stored()).toEqual([described(MEDIUM)]);
  });
});
