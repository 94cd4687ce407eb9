/**
 * Tests of the links check against a local web server: redirects, certificates, private addresses, misbehaving
 * servers.
 */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CheckOutcome } from '../../server/checks/check.ts';
import { CheckedMessage } from '../../server/checks/checked-message.ts';
import { links } from '../../server/checks/links/index.ts';
import { linksRules } from '../../server/checks/links/catalogue.ts';
import { ThreadPool } from '../../server/thread/pool.ts';
import { certificate } from '../helpers/certificate.ts';

const NOBODY = { from: { address: '', parameters: {} }, to: [] };
const shown = new Set<string>();
let web: string;
let tls: string;
let asked: string[];

type Answers = Readonly<
  Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => void>
>;

async function listen(server: http.Server | https.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const redirect =
  (status: number, to: string) =>
  (_request: http.IncomingMessage, response: http.ServerResponse): void =>
    void response.writeHead(status, { Location: to }).end();

beforeEach(async () => {
  asked = [];
  const answers: Answers = {
    '/moved': redirect(301, '/fine'),
    '/temporary': redirect(302, '/fine'),
    '/round': redirect(302, '/round'),
    '/nowhere': redirect(302, 'http://[::bad'),
    '/mailto': redirect(302, 'mailto:a@b.test'),
    '/inside': redirect(302, 'http://10.0.0.1/admin'),
    '/gone': (_request, response) => void response.writeHead(410).end(),
    '/private': (_request, response) => void response.writeHead(401).end(),
    '/get-only': (request, response) =>
      void response.writeHead(request.method === 'GET' ? 200 : 405).end('x'),
    '/verify/1': (request, response) =>
      void response.writeHead(request.method === 'GET' ? 200 : 405).end('x'),
    '/page.png': (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end(),
    '/large.png': (_request, response) =>
      void response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': 2_500_000 }).end(),
    '/endless': (_request, response) => {
      response.writeHead(200).flushHeaders();
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    },
    '/silent': () => undefined,
    '/cut': (request) => void request.socket.destroy(),
  };
  const server = http.createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const answer = answers[new URL(request.url ?? '/', 'http://x').pathname];
    if (answer === undefined) response.writeHead(200).end('fine');
    else answer(request, response);
  });
  web = `http://127.0.0.1:${await listen(server)}`;
  const secure = https.createServer(certificate, redirect(302, `${web}/fine`));
  tls = `https://127.0.0.1:${await listen(secure)}`;
});

function messageWith(html: string): CheckedMessage {
  const header = 'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n';
  return new CheckedMessage(Buffer.from(`${header}${html}\r\n`), NOBODY);
}

async function run(
  html: string,
  options: { allowPrivate?: boolean; patience?: number } = {},
): Promise<CheckOutcome> {
  const check = links({
    allowPrivate: options.allowPrivate ?? true,
    clock: Date.now,
    threads: new ThreadPool({ file: null }),
  });
  const outcome = await check.run(messageWith(html), {}, AbortSignal.timeout(options.patience ?? 15_000));
  for (const { rule } of outcome.findings) shown.add(rule);
  return outcome;
}

const found = ({ findings }: CheckOutcome): string[] =>
  findings.map(({ rule, severity }) => `${severity} ${rule}`);
const link = (path: string, text = 'See'): string =>
  `<p><a href="${path.startsWith('http') ? path : web + path}">${text}</a></p>`;

describe('the links check', () => {
  it('accepts links that respond, and requests each address once with HEAD', async () => {
    const outcome = await run(
      `${link('/fine')}${link('/fine#part')}${link('/temporary')}<a href="mailto:a@b.test">x</a>`,
    );
    expect(found(outcome)).toEqual([]);
    expect(asked.sort()).toEqual(['HEAD /fine', 'HEAD /fine', 'HEAD /temporary']);
    expect(outcome.details).toMatchObject({
      links: [
        { url: `${web}/fine`, state: 'answered', status: 200, redirects: [] },
        { url: `${web}/temporary`, redirects: [{ status: 302, to: `${web}/fine` }] },
      ],
    });
  });

  it.each([
    ['/gone', 'error broken-link'],
    ['/private', 'info link-refused'],
    ['/moved', 'info moved-link'],
    ['/round', 'error redirect-loop'],
    ['/nowhere', 'error bad-redirect'],
    ['/mailto', 'error bad-redirect'],
    ['/cut', 'error unreachable'],
    ['http://nowhere.invalid/', 'error unreachable'],
  ])('%s: %s', async (path, finding) => {
    const outcome = await run(link(path));
    expect(found(outcome)).toEqual([finding]);
    expect(outcome.findings[0]?.where).toMatchObject({ line: 5, column: 4 });
  });

  it('falls back to GET, except for addresses whose request has an effect', async () => {
    expect(found(await run(link('/get-only')))).toEqual([]);
    expect(found(await run(link('/verify/1', 'Confirm your address')))).toEqual(['info not-asked']);
    expect(asked).toEqual(['HEAD /get-only', 'GET /get-only', 'HEAD /verify/1']);
  });

  it('checks images', async () => {
    const outcome = await run(`<img src="${web}/page.png"><img src="${web}/large.png">`);
    expect(found(outcome)).toEqual(['error not-an-image', 'warning heavy-image']);
    expect(outcome.findings[1]?.message).toContain('2.5 MB');
  });

  it('reports untrusted certificates', async () => {
    const outcome = await run(link(`${tls}/`));
    expect(found(outcome)).toEqual(['error bad-certificate']);
    expect(outcome.findings[0]?.message).toMatch(/self-signed/);
  });

  it('reports a redirect from HTTPS to HTTP', async () => {
    const known = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(found(await run(link(`${tls}/`)))).toEqual(['warning redirect-without-tls']);
    } finally {
      if (known === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = known;
    }
  });

  it.each([
    () => web,
    () => web.replace('127.0.0.1', 'localhost'),
    () => web.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    () => web.replace('127.0.0.1', '2130706433'),
    () => 'http://169.254.169.254/latest/meta-data/',
    () => 'http://[fd00::1]/',
  ])('does not touch private addresses: %#', async (address) => {
    const outcome = await run(`<a href="${address()}">x</a>`, { allowPrivate: false });
    expect(found(outcome)).toEqual(['warning private-address']);
    expect(asked).toEqual([]);
  });

  it('reads no body, and gives up on servers that do not respond', async () => {
    const outcome = await run(`${link('/endless')}${link('/silent')}`, { patience: 400 });
    expect(found(outcome)).toEqual(['warning slow-link']);
  });

  it('caches its results', async () => {
    const check = links({ allowPrivate: true, clock: Date.now, threads: new ThreadPool({ file: null }) });
    const signal = AbortSignal.timeout(10_000);
    await check.run(messageWith(link('/fine')), {}, signal);
    await check.run(messageWith(link('/fine')), {}, signal);
    expect(asked).toEqual(['HEAD /fine']);
  });

  it('requests at most a hundred addresses, and one at a time per host', async () => {
    const html = Array.from({ length: 120 }, (_, index) => link(`/page?${index}`)).join('');
    expect(found(await run(html))).toEqual(['info more-links']);
    expect(asked).toHaveLength(100);
    expect(asked).toEqual(Array.from({ length: 100 }, (_, index) => `HEAD /page?${index}`));
  });

  it('does not send the credentials in an address', async () => {
    const server = http.createServer((request, response) => {
      asked.push(request.headers.authorization ?? 'nothing');
      response.end();
    });
    const port = await listen(server);
    await run(`<a href="http://ann:secret@127.0.0.1:${port}/">x</a>`);
    expect(asked).toEqual(['nothing']);
  });

  it('does not follow a redirect into a private network', async () => {
    // The first address counts as public for the check; the target of its redirect does not.
    const outcome = await run(link('/inside'), { allowPrivate: false });
    expect(found(outcome)).toEqual(['warning private-address']);
  });

  it('has reported every rule in these tests', () => {
    expect(Object.keys(linksRules).filter((rule) => !shown.has(rule))).toEqual([]);
  });
});
