/**
 * Tests binary content of relayed messages (RFC 3030): it is sent unchanged if the server supports it, otherwise
 * in base64, or not at all.
 */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryList, Released } from '../../contract/index.ts';
import { decodePart } from '../../server/message/part.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { hasBinaryParts, withoutBinaryParts } from '../../server/relay/binary.ts';
import { startTestSandbox, type Address, type TestSandbox } from '../helpers/sandbox.ts';

/** A body with every octet, with line ends of every kind, and with the sequence that ends DATA. */
const OCTETS = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)),
  Buffer.from('\r\n.\r\n\r\r\n\n.\n'),
]);

const header = 'From: a@x.test\r\nSubject: binary\r\nMIME-Version: 1.0\r\n';
function multipart(subtype: string): Buffer {
  return Buffer.concat([
    Buffer.from(
      `${header}Content-Type: multipart/${subtype}; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\n`,
    ),
    Buffer.from('--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n'),
    Buffer.from('--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: BINARY\r\n\r\n'),
    OCTETS,
    Buffer.from('\r\n--b--\r\n'),
  ]);
}
const MIXED = multipart('mixed');

describe('the conversion', () => {
  it('converts binary parts to base64 and changes nothing else', () => {
    const converted = withoutBinaryParts(MIXED)!;
    const { root } = parseStructure(converted);
    expect(root.encoding).toBe('8bit');
    expect(root.children.map(({ encoding }) => encoding)).toEqual(['7bit', 'base64']);
    expect(decodePart(converted, root.children[1]!)).toEqual(OCTETS);
    expect(hasBinaryParts(converted)).toBe(false);
    expect(converted.toString('latin1')).not.toMatch(/[\0]|[^\r]\n|\r[^\n]/);
  });

  it('converts parts of an attached message, and a message of one part', () => {
    const within = Buffer.concat([
      Buffer.from(`${header}Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n`),
      MIXED,
    ]);
    const converted = withoutBinaryParts(within)!;
    expect(decodePart(converted, parseStructure(converted).root.message!.children[1]!)).toEqual(OCTETS);
    const single = Buffer.concat([Buffer.from(`${header}Content-Transfer-Encoding: binary\r\n\r\n`), OCTETS]);
    const lone = withoutBinaryParts(single)!;
    expect(decodePart(lone, parseStructure(lone).root)).toEqual(OCTETS);
  });

  it('does not change signed parts', () => {
    expect(withoutBinaryParts(multipart('signed'))).toBeNull();
  });

  it('is needed only if the octets are not lines', () => {
    const labelled = (body: string): Buffer =>
      Buffer.from(`${header}Content-Transfer-Encoding: binary\r\n\r\n${body}`, 'latin1');
    expect(hasBinaryParts(labelled('lines\r\n\r\nof gr\xfcn\r\n'))).toBe(false);
    for (const body of ['a\0b', 'a\nb', '\n', 'a\rb\r\n', 'a\r\r\n', 'x'.repeat(999)]) {
      expect(hasBinaryParts(labelled(body)), JSON.stringify(body.slice(0, 10))).toBe(true);
    }
    expect(hasBinaryParts(Buffer.from(`${header}\r\na\0b`))).toBe(false);
  });
});

/** Captures a message by BDAT, then releases it; returns the state and the reason of the delivery. */
async function relayed(
  sandbox: TestSandbox,
  raw: Buffer,
): Promise<readonly [state: string, reason: string | null]> {
  const socket = net.connect(sandbox.smtp.port, sandbox.smtp.host);
  socket.resume();
  socket.write('EHLO x.test\r\nMAIL FROM:<a@x.test> BODY=BINARYMIME\r\nRCPT TO:<b@y.test>\r\n');
  socket.write(Buffer.concat([Buffer.from(`BDAT ${raw.length} LAST\r\n`), raw, Buffer.from('QUIT\r\n')]));
  await once(socket, 'close');
  const { id } = await sandbox.json<{ id: string }>('messages/latest?account=b@y.test');
  await sandbox.json<Released>(`messages/${id}/release`, { method: 'POST' });
  const list = (): Promise<DeliveryList> => sandbox.json<DeliveryList>('deliveries');
  await expect.poll(async () => (await list()).deliveries[0]?.state).toMatch(/^(?:delivered|failed)$/);
  const [delivery] = (await list()).deliveries;
  return [delivery!.state, delivery!.reason];
}

const relayTo = ({ host, port }: Address): Promise<TestSandbox> =>
  startTestSandbox({ relay: 'manual', relayAllow: ['*'], relaySmarthost: `smtp://${host}:${port}?tls=none` });

/** Starts a server of another project without CHUNKING; resolves with the messages that it accepts. */
async function plainServer(): Promise<Address & { readonly taken: Buffer[] }> {
  const taken: Buffer[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push(Buffer.concat(chunks));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { host: '127.0.0.1', port: (server.server.address() as AddressInfo).port, taken };
}

describe('the relay', () => {
  it('sends binary parts unchanged to a server with BINARYMIME', async () => {
    const target = await startTestSandbox();
    expect(await relayed(await relayTo(target.smtp), multipart('signed'))).toEqual([
      'delivered',
      expect.stringMatching(/^250/),
    ]);
    const { id, envelope } = await target.json<{ id: string; envelope: object }>(
      'messages/latest?account=b@y.test',
    );
    const raw = Buffer.from(await (await target.api(`messages/${id}/raw`)).arrayBuffer());
    expect(envelope).toMatchObject({ from: 'a@x.test' });
    expect(raw.subarray(-multipart('signed').length)).toEqual(multipart('signed'));
    const transcript = await (await target.api(`messages/${id}/transcript`)).text();
    expect(transcript).toMatch(/BODY=BINARYMIME/);
    expect(transcript).toMatch(/BDAT 0 LAST/);
  });

  it('sends them in base64 to another server', async () => {
    const target = await plainServer();
    const [state] = await relayed(await relayTo(target), MIXED);
    expect(state).toBe('delivered');
    const [raw] = target.taken;
    expect(decodePart(raw!, parseStructure(raw!).root.children[1]!)).toEqual(OCTETS);
  });

  it('fails if a signature covers the part and the server does not accept binary content', async () => {
    const target = await plainServer();
    const [state, reason] = await relayed(await relayTo(target), multipart('signed'));
    expect(state).toBe('failed');
    expect(reason).toContain('BINARYMIME');
    expect(target.taken).toEqual([]);
  });

  it('reports the refusal of a chunk, not the errors that follow from it', async () => {
    const target = await startTestSandbox();
    await target.json('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ on: 'predata', when: { from: 'a@*' }, then: { reject: '554 5.7.1 Not today' } }),
    });
    const [state, reason] = await relayed(await relayTo(target.smtp), MIXED);
    expect([state, reason]).toEqual(['failed', '554 5.7.1 Not today']);
  });
});
