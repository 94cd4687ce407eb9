/**
 * Tests the API and the UI over TLS: the same responses as over HTTP, with the checks of Host and Origin for
 * https.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { SandboxConfig } from '../../server/config/index.ts';
import type { Info } from '../../contract/index.ts';
import { certificate } from '../helpers/certificate.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { smallUi } from '../helpers/small-ui.ts';
import { sendRaw } from '../helpers/smtp.ts';

const ca = certificate.cert;

async function startWithTls(options: Partial<SandboxConfig> = {}) {
  const folder = temporaryDirectory();
  const [tlsCert, tlsKey] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  writeFileSync(tlsCert, certificate.cert);
  writeFileSync(tlsKey, certificate.key);
  const sandbox = await startTestSandbox({ tlsCert, tlsKey, ...options }, { ui: smallUi() });
  const endpoint = sandbox.sandbox.endpoints.find(({ protocol }) => protocol === 'https');
  return { ...sandbox, https: endpoint?.url ?? '', port: endpoint?.port ?? 0 };
}

function get(url: URL, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { ca, headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      })
      .on('error', reject);
  });
}

it('serves the UI and the API, and is listed among the endpoints', async () => {
  const sandbox = await startWithTls({ basePath: '/mail/' });
  expect(sandbox.https).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/mail\/$/);
  const { status, body } = await get(new URL('api/info', sandbox.https));
  expect(status).toBe(200);
  const { endpoints } = JSON.parse(body) as Info;
  expect(endpoints.filter(({ protocol }) => protocol.startsWith('http'))).toMatchObject([
    { protocol: 'http', tls: 'none' },
    { protocol: 'https', tls: 'implicit', port: sandbox.port, url: sandbox.https },
  ]);
  expect((await get(new URL(sandbox.https))).body).toContain('<div id="app">');
  expect((await get(new URL('/mail', sandbox.https))).status).toBe(302);
});

it('accepts requests of its own pages by https, and requests for parts by their token', async () => {
  const sandbox = await startWithTls();
  const { origin } = new URL(sandbox.https);
  const statusFrom = async (from: string) =>
    (await get(new URL('api/messages', sandbox.https), { origin: from })).status;
  expect(await statusFrom(origin)).toBe(200);
  // A page that was loaded by HTTP may have been changed on its way.
  expect(await statusFrom(origin.replace('https', 'http'))).toBe(403);
  expect(await statusFrom(new URL(sandbox.url).origin)).toBe(403);

  const related =
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=r\r\n\r\n' +
    '--r\r\nContent-Type: text/html\r\n\r\n<img src="cid:a">\r\n--r\r\nContent-Type: image/png\r\nContent-ID: <a>\r\n\r\nx\r\n--r--\r\n';
  const [id] = await sendRaw(sandbox.smtp, [Buffer.from(related)]);
  const preview = new URL(`api/messages/${id!}/html`, sandbox.https);
  const [, part = ''] = /src="([^"]*)"/.exec((await get(preview)).body) ?? [];
  const nobody = { origin: 'null', 'sec-fetch-site': 'cross-site' };
  expect((await get(new URL(part, preview), nobody)).status).toBe(200);
  expect((await get(new URL('parts/2', preview), nobody)).status).toBe(403);
});

it('streams events over wss, and ignores any other upgrade', async () => {
  const sandbox = await startWithTls();
  const socket = new WebSocket(new URL('api/events', sandbox.https.replace('https', 'wss')), {
    ca,
    origin: new URL(sandbox.https).origin,
  });
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(data.toString())).toMatchObject({ type: 'hello' });
  socket.terminate();
  const h2c = { upgrade: 'h2c', connection: 'Upgrade, HTTP2-Settings', 'http2-settings': 'AAMAAABk' };
  expect((await get(new URL('livez', sandbox.https), h2c)).status).toBe(200);
});

it('closes although clients keep their connections open, also during a handshake', async () => {
  const sandbox = await startWithTls();
  const agent = new https.Agent({ keepAlive: true });
  await new Promise((resolve) => {
    https.get(new URL('livez', sandbox.https), { ca, agent }, (response) =>
      response.resume().on('end', resolve),
    );
  });
  const socket = tls.connect({ host: '127.0.0.1', port: sandbox.port, ca });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  await sandbox.close();
  agent.destroy();
});

it('is available only if TLS is configured and its port is not off; HTTP can be off', async () => {
  const protocols = (sandbox: { sandbox: { endpoints: readonly { protocol: string }[] } }) =>
    sandbox.sandbox.endpoints.map(({ protocol }) => protocol).filter((name) => name.startsWith('http'));
  expect(protocols(await startTestSandbox())).toEqual(['http']);
  expect(protocols(await startWithTls({ httpsPort: null }))).toEqual(['http']);
  const alone = await startWithTls({ httpPort: null });
  expect(protocols(alone)).toEqual(['https']);
  expect(alone.sandbox.url).toBe(alone.https);
  expect((await get(new URL('readyz', alone.https))).status).toBe(200);
  const clear = await fetch(`http://127.0.0.1:${alone.port}/livez`);
  expect(clear.status).toBe(400);
  expect(await clear.json()).toMatchObject({ type: 'urn:restante:https' });
});

describe('a request in clear text to the HTTPS port', () => {
  async function ask(
    port: number,
    host: string,
    target: string,
    accept = 'text/html,*/*;q=0.8',
  ): Promise<string> {
    const socket = net.connect(port, '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAccept: ${accept}\r\n\r\n`);
    return text(socket);
  }
  const linkIn = (page: string): string | undefined => /<a href="([^"]*)"/.exec(page)?.[1];

  it('gets a page with a link for a browser, and a problem document for a program', async () => {
    const { port } = await startWithTls();
    const page = await ask(port, `localhost:${port}`, '/inbox/all?q=a&b');
    expect(page).toMatch(/^HTTP\/1\.1 400 /);
    expect(page).toContain('This port accepts HTTPS only');
    expect(page).toContain('write https:// in place of http:// in its URL');
    expect(page).toMatch(/content-security-policy: default-src 'none'/i);
    expect(linkIn(page)).toBe(`https://localhost:${port}/inbox/all?q=a&amp;b`);
    const problem = await ask(port, `localhost:${port}`, '/', 'application/json');
    expect(problem).toContain('application/problem+json');
    expect(problem).toContain('urn:restante:https');
  });

  it.each([
    ['evil.example', '/'],
    ['a@b"><script>', '/'],
    ['localhost', '*'],
    ['localhost', 'http://evil.example/'],
  ])('gets no link for the host %s and the target %s', async (host, target) => {
    const { port } = await startWithTls();
    const page = await ask(port, host, target);
    expect(page).toMatch(/^HTTP\/1\.1 400 /);
    expect(linkIn(page)).toBeUndefined();
    expect(page).not.toContain('<script>');
  });

  it('gets a link with an escaped target', async () => {
    const { port } = await startWithTls({ allowOrigin: ['https://mail.team.example'] });
    const page = await ask(port, `mail.team.example:${port}`, `/"><script>alert('1')</script>`);
    expect(page).not.toContain('<script>');
    expect(linkIn(page)).toBe(`https://mail.team.example:${port}/%22%3E%3Cscript%3Ealert('1')%3C/script%3E`);
  });

  it('is not expected from a client that sends TLS in small pieces', async () => {
    const { port } = await startWithTls();
    const relay = net.createServer((client) => {
      const server = net.connect(port, '127.0.0.1');
      server.on('data', (chunk) => client.write(chunk)).on('error', () => client.destroy());
      client.setNoDelay(true).on('error', () => server.destroy());
      server.setNoDelay(true);
      client.on('data', (chunk) => {
        for (const octet of chunk) server.write(Buffer.from([octet]));
      });
      client.on('close', () => server.destroy());
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    onTestFinished(() => void relay.close());
    const { status } = await get(
      new URL(`https://localhost:${(relay.address() as net.AddressInfo).port}/livez`),
    );
    expect(status).toBe(200);
  });
});
