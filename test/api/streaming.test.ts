/**
 * Tests large messages over HTTP: they are streamed at the speed of the client, one after another on a connection.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

/** The size of the message in octets: more than the socket buffers of both sides hold. */
const SIZE = 24_000_000;
const PIPELINED = 40;

async function onDisk(size: number): Promise<{ sandbox: TestSandbox; id: string; raw: Buffer }> {
  const data = mkdtempSync(path.join(tmpdir(), 'restante-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const sandbox = await startTestSandbox({ data });
  const head = Buffer.from('From: a@x.test\r\nTo: b@x.test\r\nSubject: large\r\n\r\n');
  const raw = Buffer.concat([
    head,
    Buffer.alloc(size - head.length, 'line of seventy-six octets, or nearly\r\n'),
  ]);
  const response = await sandbox.api('messages?from=a@x.test&to=b@x.test', {
    method: 'POST',
    body: raw,
    headers: { 'content-type': 'message/rfc822' },
  });
  return { sandbox, id: ((await response.json()) as { id: string }).id, raw };
}

/** Counts the octets of raw mail that the server reads. */
function countReads({ sandbox }: TestSandbox): { octets: number; whole: number; perId: () => number } {
  const { store } = sandbox;
  const count = { octets: 0, whole: 0, perId: () => part.mock.calls.length };
  const readPart = store.messages.rawPart.bind(store.messages);
  const part = vi.spyOn(store.messages, 'rawPart').mockImplementation(async (...call) => {
    const octets = await readPart(...call);
    count.octets += octets?.length ?? 0;
    return octets;
  });
  const readWhole = store.messages.raw.bind(store.messages);
  vi.spyOn(store.messages, 'raw').mockImplementation((id) => {
    count.whole++;
    return readWhole(id);
  });
  return count;
}

it('stops reading the message while the client does not read', async () => {
  const { sandbox, id } = await onDisk(SIZE);
  const reads = countReads(sandbox);
  const socket = net.connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write(`GET /api/messages/${id}/raw HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(PIPELINED));
  let seen = -1;
  await expect
    .poll(() => {
      const before = seen;
      seen = reads.octets;
      return seen > 0 && seen === before;
    })
    .toBe(true);
  // Only one response is in progress, and its octets fit into the buffers.
  expect(reads.octets).toBeLessThan(SIZE);
  expect(reads.whole).toBe(0);
});

it('sends the exact bytes, several times over one connection', async () => {
  const { sandbox, id, raw } = await onDisk(1_000_000);
  const answers = await Promise.all([1, 2, 3].map(() => sandbox.api(`messages/${id}/raw`)));
  for (const answer of answers) {
    expect(answer.headers.get('content-length')).toBe(String(raw.length));
    expect(Buffer.from(await answer.arrayBuffer()).equals(raw)).toBe(true);
  }
});

it('reads nothing for HEAD, or for a client whose cached copy is current', async () => {
  const { sandbox, id, raw } = await onDisk(1_000_000);
  const reads = countReads(sandbox);
  const head = await sandbox.api(`messages/${id}/raw`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe(String(raw.length));
  const etag = head.headers.get('etag') ?? '';
  const known = await sandbox.api(`messages/${id}/raw`, { headers: { 'if-none-match': etag } });
  expect(known.status).toBe(304);
  // The server reads one octet for each request, to check that the file exists.
  expect(reads.octets).toBe(2);
});

it('ends a response early if the message is deleted while it is being sent', async () => {
  const { sandbox, id } = await onDisk(SIZE);
  const response = await sandbox.api(`messages/${id}/raw`);
  await sandbox.api(`messages/${id}`, { method: 'DELETE' });
  await expect(response.arrayBuffer()).rejects.toThrow();
});
