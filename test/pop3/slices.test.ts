/**
 * Tests that messages are sent slice by slice: the octets do not depend on the slices, and the server reads no
 * more than the client has received.
 */
import net from 'node:net';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthenticator } from '../../server/auth.ts';
import { DotStuffing, Top } from '../../server/pop3/reply.ts';
import { createPop3Server } from '../../server/pop3/server.ts';
import { accountName, type MessageId } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';

/** A message in which lines, dots and line ends are frequent, and the positions at which it is cut. */
const message = fc.array(fc.constantFrom('.', '\r\n', '\n', '\r', 'a', '\r\n\r\n', '.\r\n'), {
  maxLength: 40,
});
const cuts = fc.array(fc.nat(80), { maxLength: 6 });

function slices(text: string, at: readonly number[]): Buffer[] {
  const ends = [...at.filter((cut) => cut < text.length), text.length].sort((a, b) => a - b);
  return ends.map((end, index) => Buffer.from(text.slice(ends[index - 1] ?? 0, end)));
}

it('doubles dots at the beginning of a line, and ends the last line, wherever the message is cut', () => {
  fc.assert(
    fc.property(message, cuts, (pieces, at) => {
      const text = pieces.join('');
      const stuffing = new DotStuffing();
      const sent = Buffer.concat([...slices(text, at).map((slice) => stuffing.push(slice)), stuffing.end()]);
      const end = text === '' || text.endsWith('\r\n') ? '.\r\n' : '\r\n.\r\n';
      expect(sent.toString()).toBe(text.replace(/(^|\n)\./g, '$1..') + end);
    }),
  );
});

it('does not treat a line that begins with two CRs as the empty line when it is cut between them', () => {
  const top = new Top(0);
  expect(Buffer.concat(slices('\r\r\n\r\nbody', [1]).map((slice) => top.push(slice))).toString()).toBe(
    '\r\r\n\r\n',
  );
});

it('sends the header and the requested number of lines, wherever the message is cut', () => {
  fc.assert(
    fc.property(message, cuts, fc.nat(4), (pieces, at, lines) => {
      const text = pieces.join('');
      const top = new Top(lines);
      const taken = Buffer.concat(slices(text, at).map((slice) => top.push(slice))).toString();
      const header = /^(?:(?!\r?\n)[^\n]*\n)*?\r?\n/.exec(text)?.[0];
      const body = header === undefined ? '' : text.slice(header.length);
      const wanted = body.split('\n').slice(0, lines).join('\n');
      const open = lines > 0 && body.split('\n').length > lines ? '\n' : '';
      expect(taken).toBe(header === undefined ? text : header + wanted + open);
    }),
  );
});

it('reads no more of a large message than the client receives', async () => {
  const store = await openMemoryStore();
  let read = 0;
  const rawPart = store.messages.rawPart.bind(store.messages);
  Object.assign(store.messages, {
    rawPart: async (id: MessageId, start: number, end: number) => {
      const part = await rawPart(id, start, end);
      read += part?.length ?? 0;
      return part;
    },
  });
  const server = createPop3Server({
    ...{ host: '127.0.0.1', port: 0, tls: null, implicitTls: false, requireTls: false, version: '0', store },
    auth: createAuthenticator(store.accounts, new Map()),
    logger: pino({ level: 'silent' }),
    clock: Date.now,
  });
  await server.listen();
  const socket = net.connect(server.address().port, '127.0.0.1').pause();
  onTestFinished(async () => {
    socket.destroy();
    await server.close();
    await store.close();
  });
  const raw = Buffer.alloc(24 * 1024 * 1024, 'lines of text\r\n');
  const envelope = { from: { address: '', parameters: {} }, to: [] };
  const origin = { kind: 'smtp', session: null, peer: null, helo: null, tls: null, user: null } as const;
  await store.messages.add({ raw, envelope, origin, targets: [{ account: accountName('a@x.test') }] });
  socket.write(`USER a@x.test\r\nPASS x\r\n${'RETR 1\r\n'.repeat(5)}`);
  let before = -1;
  await expect.poll(() => read > 0 && before === (before = read), { interval: 200 }).toBe(true);
  expect(read).toBeLessThan(raw.length / 2);
});
