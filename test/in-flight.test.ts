/** Tests that the limit of message octets in memory applies to SMTP, APPEND and the API together. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestSandbox, type TestSandbox } from './helpers/sandbox.ts';

const LIMIT = 80_000;
const SMALL = Buffer.from(`Subject: small\r\n\r\n${'0123456\r\n'.repeat(2_000)}`);
const LARGE = Buffer.from(`Subject: large\r\n\r\n${'0123456\r\n'.repeat(10_000)}`);

function folder(): string {
  const data = mkdtempSync(path.join(os.tmpdir(), 'restante-in-flight-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  return data;
}

/** Returns the reply to APPEND. The message is sent without waiting for a continuation. */
async function append({ imap }: TestSandbox, raw: Buffer): Promise<string> {
  const socket = net.connect(imap.port, imap.host);
  let said = '';
  socket.setEncoding('latin1').on('data', (text: string) => (said += text));
  socket.write(`a LOGIN b@x.test any\r\nb APPEND INBOX {${raw.length}+}\r\n`);
  socket.write(Buffer.concat([raw, Buffer.from('\r\nc LOGOUT\r\n')]));
  await new Promise<void>((resolve) => socket.on('close', () => resolve()));
  return /^b .*$/m.exec(said)?.[0] ?? said;
}

const post = (sandbox: TestSandbox, raw: Buffer): Promise<Response> =>
  sandbox.api('messages?from=a@x.test&to=b@x.test', {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: new Uint8Array(raw),
  });

const rawOf = async (sandbox: TestSandbox): Promise<Buffer> => {
  const { id } = await sandbox.json<{ id: string }>('messages/latest');
  return Buffer.from(await (await sandbox.api(`messages/${id}/raw`)).arrayBuffer());
};

describe('a message above the limit of octets in flight', () => {
  it('waits in a file', async () => {
    const data = folder();
    const sandbox = await startTestSandbox({ data, maxInFlight: LIMIT });
    expect(await append(sandbox, LARGE)).toMatch(/^b OK/);
    expect(await rawOf(sandbox)).toEqual(LARGE);
    expect((await post(sandbox, LARGE)).status).toBe(201);
    expect(await rawOf(sandbox)).toEqual(LARGE);
    await expect.poll(() => readdirSync(path.join(data, 'incoming'))).toEqual([]);
  });

  it('is temporarily rejected if there is no directory for files; other messages are accepted', async () => {
    const sandbox = await startTestSandbox({ maxInFlight: LIMIT });
    expect(await append(sandbox, LARGE)).toMatch(/^b NO \[LIMIT\] There is no room/);
    const refused = await post(sandbox, LARGE);
    expect([refused.status, await refused.json()]).toMatchObject([503, { type: 'urn:restante:no-storage' }]);
    // The octets of the message are released in each round.
    for (let round = 0; round < 4; round++) {
      expect(await append(sandbox, SMALL)).toMatch(/^b OK/);
      expect((await post(sandbox, SMALL)).status).toBe(201);
    }
  });

  it('is composed from JSON, or sent to the application, only if memory is available', async () => {
    const data = folder();
    const received: Buffer[] = [];
    const application = createServer((request, response) => {
      void buffer(request).then((body) => {
        received.push(body);
        response.end();
      });
    });
    await once(application.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void application.close());
    const { port } = application.address() as net.AddressInfo;
    const sandbox = await startTestSandbox({
      data,
      maxInFlight: LIMIT,
      app: `http://127.0.0.1:${port}/mail`,
    });
    const compose = (text: string) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'a@x.test', to: 'b@x.test', subject: 'x', text }),
    });
    const bring = (to: string, raw: Buffer) =>
      sandbox.api(`${to}?from=a@x.test&to=b@x.test`, {
        method: 'POST',
        headers: { 'content-type': 'message/rfc822' },
        body: new Uint8Array(raw),
      });
    for (let round = 0; round < 3; round++) {
      const refused = await Promise.all([
        sandbox.api('messages', compose(LARGE.toString())),
        sandbox.api('application', compose(LARGE.toString())),
        bring('application', LARGE),
      ]);
      for (const response of refused) {
        expect([response.status, await response.json()]).toMatchObject([
          503,
          { type: 'urn:restante:no-storage' },
        ]);
      }
      expect((await sandbox.api('messages', compose('small'))).status).toBe(201);
      expect((await bring('application', SMALL)).status).toBe(200);
    }
    expect(received).toHaveLength(3);
    expect(received[0]!.equals(SMALL)).toBe(true);
    expect(await readdir(path.join(data, 'incoming')).catch(() => [])).toEqual([]);
  });

  it('is rejected as too large above the size limit of a message', async () => {
    const sandbox = await startTestSandbox({ maxMessageSize: 10_000 });
    expect((await post(sandbox, SMALL)).status).toBe(413);
    expect((await post(sandbox, LARGE)).status).toBe(413);
    expect(await append(sandbox, LARGE)).toMatch(/^b NO \[TOOBIG\]/);
  });
});
