/**
 * Tests mail that tries to make the server send requests (SSRF): reading it by every protocol sends none. The
 * links check, which a person starts, is tested in test/checks/links.test.ts; the destinations of the relay in
 * test/relay/policy.test.ts.
 */
import dgram from 'node:dgram';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckReport, Detail } from '../../contract/index.ts';
import { converse } from '../fuzz/converse.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

let sandbox: TestSandbox;
let web: Server;
let dns: dgram.Socket;
/** The requests and connections that the trap server received; empty if the tests pass. */
const asked: string[] = [];

beforeAll(async () => {
  web = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end();
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  dns = dgram.createSocket('udp4').on('message', () => asked.push('a name'));
  await new Promise<void>((resolve) => dns.bind(0, '127.0.0.1', resolve));
  sandbox = await openTestSandbox({
    relay: 'manual',
    relayDns: `127.0.0.1:${dns.address().port}`,
  });
});
afterAll(async () => {
  await sandbox.close();
  web.close();
  dns.close();
});

function hostile(trap: string): Buffer {
  const html = [
    `<link rel=stylesheet href="${trap}/sheet.css"><style>@import url(${trap}/import.css);@font-face{font-family:f;src:url(${trap}/f)}</style>`,
    `<base href="${trap}/base/"><img src="${trap}/i.png" srcset="${trap}/2.png 2x"><img src="relative.png"><iframe src="${trap}/frame"></iframe>`,
    `<video poster="${trap}/poster"><source src="${trap}/v"></video><object data="${trap}/o"></object><body background="${trap}/bg">`,
    `<a href="${trap}/link">a</a><form action="${trap}/form"></form><meta http-equiv=refresh content="0;url=${trap}/refresh">`,
    `<!DOCTYPE x [<!ENTITY e SYSTEM "${trap}/entity">]><svg><image href="${trap}/svg"/><use href="${trap}/use#a"/></svg>`,
  ].join('');
  const part = (header: string, body: string): string => `--b\r\n${header}\r\n\r\n${body}\r\n`;
  return Buffer.from(
    [
      'From: a@trap.test\r\nTo: b@x.test\r\nSubject: x\r\n',
      `List-Unsubscribe: <${trap}/unsubscribe>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`,
      `BIMI-Selector: v=BIMI1; s=default\r\nX-Face-URL: ${trap}/face\r\nDisposition-Notification-To: a@trap.test\r\n`,
      `DKIM-Signature: v=1; a=rsa-sha256; d=trap.test; s=s; h=from; bh=AA==; b=AA==\r\n`,
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n',
      part('Content-Type: text/html; charset=utf-8', html),
      part('Content-Type: text/x-amp-html', `<html amp4email><script src="${trap}/amp"></script>`),
      part(`Content-Type: message/external-body; access-type=URL; URL="${trap}/external"`, ''),
      part('Content-Type: image/svg+xml', `<svg><image href="${trap}/part"/></svg>`),
      part(
        'Content-Type: text/calendar',
        `BEGIN:VCALENDAR\r\nATTACH:${trap}/attach\r\nIMAGE:${trap}/image\r\nEND:VCALENDAR`,
      ),
      '--b--\r\n',
    ].join(''),
  );
}

it('no request is sent because of a message, however it is read', async () => {
  const trap = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const [id = ''] = await sendRaw(sandbox.smtp, [hostile(trap)], { from: 'a@trap.test', to: ['b@x.test'] });
  const detail = await sandbox.json<Detail>(`messages/${id}`);
  expect(detail.links.map(({ href }) => href)).toContain(`${trap}/link`);
  for (const path of [
    'html',
    'html?remote=true',
    'text',
    'raw',
    'transcript',
    'checks',
    'parts/1',
    'parts/4',
  ])
    await (await sandbox.api(`messages/${id}/${path}`)).arrayBuffer();
  const { checks } = await sandbox.json<CheckReport>(`messages/${id}/checks`);
  // The checks that contact other servers run only on request of a person.
  expect(
    checks
      .filter(({ live, state }) => live && state !== 'not-run' && state !== 'unavailable')
      .map(({ check }) => check),
  ).toEqual([]);
  await sandbox.api(`messages/wait?query=subject:x&timeout=0`);
  const login = 'a LOGIN b@x.test x\r\nb SELECT INBOX\r\n';
  const fetched = await converse(
    sandbox.imap.port,
    Buffer.from(`${login}c FETCH 1 (BODYSTRUCTURE ENVELOPE BODY[] PREVIEW)\r\nd LOGOUT\r\n`),
  );
  expect(fetched).toContain('c OK');
  await converse(sandbox.pop3.port, Buffer.from('USER b@x.test\r\nPASS x\r\nRETR 1\r\nQUIT\r\n'));
  expect(asked).toEqual([]);
});

it('the links check requests no private address, and no other call requests a URL of the caller', async () => {
  const trap = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const [id = ''] = await sendRaw(sandbox.smtp, [hostile(trap)]);
  const run = await sandbox.api(`messages/${id}/checks/links`, { method: 'POST' });
  expect(run.status).toBe(200);
  const { findings } = (await run.json()) as CheckReport;
  expect(findings.map(({ rule }) => rule)).toContain('private-address');
  for (const path of ['proxy', 'fetch', 'image', 'screenshot'])
    expect((await sandbox.api(`${path}?url=${encodeURIComponent(trap)}`)).status).toBe(404);
  // If a request line contains the URL of another server in absolute form, the server sends no request to that URL.
  const absolute = await converse(
    Number(new URL(sandbox.url).port),
    Buffer.from(`GET ${trap}/absolute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
  );
  expect(absolute).toMatch(/^HTTP\/1\.1 [24]/);
  const tunnel = net.connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  tunnel.end(`CONNECT ${trap.slice(7)} HTTP/1.1\r\nHost: localhost\r\n\r\nGET /tunnel HTTP/1.1\r\n\r\n`);
  await new Promise((resolve) => tunnel.on('error', resolve).on('close', resolve).resume());
  expect(asked).toEqual([]);
});
