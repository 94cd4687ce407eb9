/**
 * Tests BDAT: octets are stored exactly, however they are split into chunks, and rules are evaluated at their
 * stages.
 */
import { once } from 'node:events';
import net from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startCapture, type TestCapture } from '../helpers/capture.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

const OPENING = 'EHLO app.example.test\r\nMAIL FROM:<a@x.test> BODY=BINARYMIME\r\nRCPT TO:<b@x.test>\r\n';

/** Content with every octet, and with every sequence that ends a line or a message in other protocols. */
const BINARY = Buffer.concat([
  Buffer.from('Subject: binary\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: binary\r\n\r\n'),
  Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)),
  Buffer.from('\r\n.\r\nQUIT\r\n\r\r\n\n\n.\n'),
]);

/** Returns the commands and chunks of one message, cut after the given numbers of octets. */
function chunked(raw: Buffer, cuts: readonly number[]): Buffer {
  const edges = [...new Set([0, ...cuts.map((cut) => Math.min(cut, raw.length)), raw.length])].sort(
    (a, b) => a - b,
  );
  const pieces = edges.slice(1).map((end, index) => raw.subarray(edges[index], end));
  return Buffer.concat(
    pieces.flatMap((piece, index) => [
      Buffer.from(`BDAT ${piece.length}${index === pieces.length - 1 ? ' LAST' : ''}\r\n`),
      piece,
    ]),
  );
}

/** Sends octets, in writes cut after the given numbers of octets, and returns all replies. */
async function converse(
  { host, port }: { readonly host: string; readonly port: number },
  sent: Buffer,
  cuts: readonly number[] = [],
): Promise<string> {
  const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
  let said = '';
  socket.setEncoding('latin1').on('data', (text: string) => (said += text));
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    await new Promise<void>((resolve) => socket.write(sent.subarray(from, cut), () => resolve()));
    from = Math.max(from, Math.min(cut, sent.length));
  }
  socket.end(sent.subarray(from));
  await once(socket, 'close');
  return said;
}

describe('BDAT', () => {
  it('stores octets exactly, whatever the chunks and the writes', async () => {
    const server = await startCapture();
    let captured = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(BINARY.length), { maxLength: 5 }),
        fc.array(fc.nat(BINARY.length + 200), { maxLength: 5 }),
        async (chunks, writes) => {
          const said = await converse(
            server,
            Buffer.concat([Buffer.from(OPENING), chunked(BINARY, chunks)]),
            writes,
          );
          expect(said).toMatch(/queued as \w+\r\n$/);
          expect(await server.raw(captured++)).toEqual(BINARY);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('causes no finding, while the same octets after DATA do', async () => {
    const server = await startCapture();
    await converse(server, Buffer.concat([Buffer.from(OPENING), chunked(BINARY, [])]));
    const found = (await server.messages())[0]?.findings.map(({ rule }) => rule) ?? [];
    expect(found.filter((rule) => /^(?:bare|nul|8bit|smuggling|line|dot)/.test(rule))).toEqual([]);
  });

  it('returns the same octets by HTTP', async () => {
    const sandbox = await startTestSandbox();
    await converse(sandbox.smtp, Buffer.concat([Buffer.from(OPENING), chunked(BINARY, [10, 100])]));
    const { id } = await sandbox.json<{ id: string }>('messages/latest?account=b@x.test');
    const raw = await (await sandbox.api(`messages/${id}/raw`)).arrayBuffer();
    expect(Buffer.from(raw)).toEqual(BINARY);
  });

  const said = async (server: TestCapture, script: string): Promise<string> =>
    (await converse(server, Buffer.from(OPENING + script))).split('\r\n').slice(-4, -1).join('\n');

  it('evaluates the rules before the first chunk and after the last', async () => {
    const server = await startCapture();
    server.capture.rules.setFileRules([
      { on: 'predata', when: { from: 'a@*' }, times: 1, then: { reject: '451 4.7.1 Later' } },
      { on: 'data', when: { from: 'a@*' }, times: 1, then: { reject: '554 5.7.1 No' } },
    ]);
    expect(await said(server, 'BDAT 2\r\nA:BDAT 2 LAST\r\nbb')).toMatch(
      /451 4\.7\.1 Later\n503 5\.5\.1 Need MAIL command$/,
    );
    expect(await said(server, 'BDAT 2\r\nA:BDAT 2 LAST\r\nbb')).toMatch(
      /250 2\.0\.0 2 octets received\n554 5\.7\.1 No$/,
    );
    expect(await said(server, 'BDAT 2\r\nA:BDAT 2 LAST\r\nbb')).toMatch(/queued as \w+$/);
    expect(await server.messages()).toHaveLength(1);
  });

  it('sends a reply for each recipient over LMTP, after the last chunk only', async () => {
    const server = await startCapture({ smtp: { lmtp: true } });
    const script =
      'LHLO x.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nRCPT TO:<c@x.test>\r\nBDAT 2\r\nA:BDAT 2 LAST\r\nbb';
    const replies = (await converse(server, Buffer.from(script))).trim().split('\r\n').slice(-3);
    expect(replies.map((line) => line.replace(/\w+$/, ''))).toEqual([
      '250 2.0.0 2 octets ',
      '250 2.0.0 Ok: queued as ',
      '250 2.0.0 Ok: queued as ',
    ]);
  });

  it('reports a message whose last chunk did not arrive', async () => {
    const server = await startCapture();
    await converse(server, Buffer.from(`${OPENING}BDAT 10\r\nhalf`));
    await expect
      .poll(() => server.capture.refusals(0).map(({ reply }) => reply))
      .toEqual(['The connection ended before the message']);
    expect(await server.messages()).toEqual([]);
  });
});
