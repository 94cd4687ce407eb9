/** Tests that FETCH reads no more of a large message than it needs, and no more than the client receives. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { MessageId } from '../../../server/store/ids.ts';
import { openMemoryStore } from '../../../server/store/memory/index.ts';
import type { Store } from '../../../server/store/store.ts';
import { startImap, type ImapFixture, type ImapTalk } from '../../helpers/imap.ts';

const MB = 1024 * 1024;
const BODY = Buffer.concat([Buffer.from('a\0b'), Buffer.alloc(24 * MB, 'lines of text\r\n')]);
const HEADER = Buffer.from('Subject: large\r\nFrom: a@x.test\r\n\r\n');
const RAW = Buffer.concat([HEADER, BODY]);

/** The number of octets of messages that the server read. */
let read = 0;
let fixture: ImapFixture;
let talk: ImapTalk;

function counted(store: Store): Store {
  const count = (octets: Buffer | undefined): Buffer | undefined => {
    read += octets?.length ?? 0;
    return octets;
  };
  const raw = store.messages.raw.bind(store.messages);
  const rawPart = store.messages.rawPart.bind(store.messages);
  Object.assign(store.messages, {
    raw: async (id: MessageId) => count(await raw(id)),
    rawPart: async (id: MessageId, start: number, end: number) => count(await rawPart(id, start, end)),
  });
  return store;
}

beforeAll(async () => {
  fixture = await startImap({ store: counted(await openMemoryStore()) });
  await fixture.deliver(RAW);
  talk = await fixture.login();
  await talk.ok('SELECT INBOX');
});
afterAll(() => fixture.close());
beforeEach(() => (read = 0));

it.each([
  ['BODY.PEEK[HEADER]', `BODY[HEADER] {${HEADER.length}}\r\n${HEADER.toString()}`, 128 * 1024],
  [
    'BODY.PEEK[HEADER.FIELDS (FROM)]',
    'BODY[HEADER.FIELDS (FROM)] {18}\r\nFrom: a@x.test\r\n\r\n',
    128 * 1024,
  ],
  ['BODY.PEEK[TEXT]<10.5>', 'BODY[TEXT]<10> {5}\r\nf tex', 128 * 1024],
  ['BODY.PEEK[]<8.6>', 'BODY[]<8> {6}\r\n large', 128 * 1024],
  ['BODY.PEEK[1]<0.3>', 'BODY[1]<0> {3}\r\na\ufffdb', RAW.length + 128 * 1024],
  ['BINARY.PEEK[]<0.7>', 'BINARY[]<0> ~{7}\r\nSubject', 2 * RAW.length],
  ['BINARY.SIZE[1]', `BINARY.SIZE[1] ${BODY.length}`, RAW.length],
])('%s', async (item, expected, octets) => {
  const [line] = await talk.ok(`FETCH 1 ${item}`);
  expect(line).toBe(`* 1 FETCH (${expected})`);
  expect(read).toBeLessThanOrEqual(octets);
});

it('sends the whole message, with 0x80 in place of NUL', async () => {
  const socket = net.connect(fixture.port, '127.0.0.1');
  socket.write('a LOGIN a@x.test x\r\nb EXAMINE INBOX\r\nc FETCH 1 BODY.PEEK[]\r\nd LOGOUT\r\n');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  const all = Buffer.concat(chunks);
  const start = all.indexOf(`{${RAW.length}}\r\n`) + `{${RAW.length}}\r\n`.length;
  const sha = (octets: Buffer): string => createHash('sha256').update(octets).digest('hex');
  const wanted = Buffer.from(RAW);
  wanted[wanted.indexOf(0)] = 0x80;
  expect(sha(all.subarray(start, start + RAW.length))).toBe(sha(wanted));
  expect(read).toBeLessThan(RAW.length + MB);
});

it('reads no more than the clients receive', async () => {
  const sockets = Array.from({ length: 5 }, () => net.connect(fixture.port, '127.0.0.1').pause());
  for (const socket of sockets) {
    socket.write('a LOGIN a@x.test x\r\nb EXAMINE INBOX\r\n');
    socket.write('c FETCH 1 BODY.PEEK[]\r\n'.repeat(5));
  }
  let before = -1;
  await expect.poll(() => read > 0 && before === (before = read), { interval: 200 }).toBe(true);
  // The limit is the number of octets that the kernel buffers for a client that does not read, plus one slice.
  expect(read / sockets.length).toBeLessThan(12 * MB);
  for (const socket of sockets) socket.destroy();
});
