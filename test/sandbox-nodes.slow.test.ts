/** Two sandboxes on one PostgreSQL share all state, so that a client may use either of them for each request. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SandboxConfig } from '../server/config/index.ts';
import type { World } from '../server/sandbox/index.ts';
import { DatabaseProxy } from './helpers/database-proxy.ts';
import { emptyDatabase, postgresServer } from './helpers/postgres.ts';
import { startTestSandbox, type Address, type TestSandbox } from './helpers/sandbox.ts';
import { smallUi } from './helpers/small-ui.ts';
import { sendRaw } from './helpers/smtp.ts';

const server = await postgresServer();

type Nodes = readonly [TestSandbox, TestSandbox];

async function startNodes(
  options: Partial<SandboxConfig> = {},
  worlds: readonly [Partial<World>, Partial<World>] = [{}, {}],
): Promise<Nodes> {
  const store = await emptyDatabase();
  const one = await startTestSandbox({ store, ...options }, worlds[0]);
  return [one, await startTestSandbox({ store, ...options }, worlds[1])];
}

const mail = (subject: string): Buffer => Buffer.from(`Subject: ${subject}\r\n\r\ntext\r\n`);
const alice = { from: 'a@x.test', to: ['alice@x.test'] };

/** Sends a message; returns `accepted`, or the code of the reply that refused it. */
const attempt = ({ smtp }: TestSandbox, envelope = alice): Promise<string> =>
  sendRaw(smtp, [mail('hello')], envelope).then(
    () => 'accepted',
    (error: unknown) => /(?:^|: )(\d{3}) /.exec((error as Error).message)?.[1] ?? String(error),
  );

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

interface Rules {
  readonly rules: readonly { readonly id: string; readonly hits: number }[];
}

/** Opens a connection, and returns a function that sends a line and resolves with the reply. */
async function converse({ host, port }: Address): Promise<(line: string) => Promise<string>> {
  const socket = net.connect(port, host).setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'data');
  return async (line) => {
    const reply = once(socket, 'data');
    socket.write(`${line}\r\n`);
    return String((await reply)[0]);
  };
}

describe.skipIf(server === null)('two sandboxes on one database', () => {
  it('apply a rule of either at once, and use each step of its script once', async () => {
    const [one, other] = await startNodes();
    const script = ['451', '452', 'accept'];
    const { id } = await one.json<{ id: string }>('rules', post({ on: 'rcpt', script }));
    const replies = [];
    for (const node of [other, one, other, one]) replies.push(await attempt(node));
    expect(replies).toEqual(['451', '452', 'accepted', 'accepted']);
    for (const node of [one, other]) {
      expect((await node.json<Rules>('rules')).rules).toMatchObject([{ id, hits: 3 }]);
    }
    await other.api(`rules/${id}`, { method: 'DELETE' });
    await other.json('rules', post({ on: 'rcpt', times: 5, then: { reject: 450 } }));
    const many = await Promise.all(Array.from({ length: 24 }, (_, i) => attempt(i % 2 === 0 ? one : other)));
    expect(many.filter((reply) => reply === '450')).toHaveLength(5);
    expect(many.filter((reply) => reply === 'accepted')).toHaveLength(19);
    await one.api('rules', { method: 'DELETE' });
    expect(await attempt(other)).toBe('accepted');
  });

  it('apply the rules in the order that either has set', async () => {
    const [one, other] = await startNodes();
    const put = (code: number) =>
      one.json<{ id: string }>('rules', post({ on: 'rcpt', then: { reject: code } })).then(({ id }) => id);
    const [first, second] = [await put(450), await put(451)];
    expect(await attempt(other)).toBe('450');
    const { rules } = await other.json<Rules>('rules');
    expect(rules.map(({ id }) => id)).toEqual([first, second]);
    await one.json('rules/order', post({ ids: [second, first] }));
    expect(await attempt(other)).toBe('451');
  });

  it('share greylists', async () => {
    let now = Date.now();
    const world = { clock: () => now };
    const [one, other] = await startNodes({}, [world, world]);
    await one.json('rules', post({ on: 'rcpt', then: { greylist: { delay: '1h', expiry: '2h' } } }));
    expect(await attempt(one)).toBe('451');
    expect(await attempt(other)).toBe('451');
    now += 3_600_000;
    expect(await attempt(other)).toBe('accepted');
    expect(await attempt(one)).toBe('accepted');
    now += 3_600_000;
    expect(await attempt(other), 'the triplet has expired').toBe('451');
  });

  it('apply a quota to the mail that all of them have captured', async () => {
    const [one, other] = await startNodes();
    await one.json('rules', post({ on: 'rcpt', then: { quota: { messages: 2 } } }));
    expect(await attempt(one)).toBe('accepted');
    expect(await attempt(other)).toBe('accepted');
    expect(await attempt(one)).toBe('452');
    expect(await attempt(other)).toBe('452');
    expect((await other.api('messages/latest', { method: 'DELETE' })).status).toBe(204);
    expect(await attempt(one)).toBe('accepted');
    expect(await attempt(other)).toBe('452');
  });

  it('report the open and the refused sessions of each other', async () => {
    const [one, other] = await startNodes();
    const say = await converse(one.smtp);
    for (const line of ['EHLO x.test', 'MAIL FROM:<a@x.test>', 'RCPT TO:<alice@x.test>']) {
      expect(await say(line)).toMatch(/^250/);
    }
    const sessions = 'sessions?account=alice@x.test';
    expect(await other.json(sessions)).toMatchObject({
      sessions: [{ from: 'a@x.test', to: ['alice@x.test'] }],
    });
    expect(await other.json('connections')).toMatchObject({ connections: [{ protocol: 'smtp' }] });
    await other.json('rules', post({ name: 'closed', on: 'data', then: { reject: 554 } }));
    expect(await attempt(one)).toBe('554');
    const report = await other.api('messages/wait?account=alice@x.test&timeout=1');
    expect(await report.json()).toMatchObject({ refused: [{ to: ['alice@x.test'], rule: 'closed' }] });
    await say('QUIT');
    await expect.poll(() => other.json(sessions)).toMatchObject({ sessions: [] });
  });

  it('restore on one of them what was deleted on the other, once', async () => {
    const [one, other] = await startNodes();
    await sendRaw(one.smtp, [mail('precious')], alice);
    const { undo } = await one.json<{ undo: string }>('messages?all=true&undo=60', { method: 'DELETE' });
    expect(await other.json('messages')).toMatchObject({ total: 0 });
    await other.json(`undo/${undo}`, { method: 'POST' });
    expect(await one.json('messages')).toMatchObject({ total: 1, messages: [{ subject: 'precious' }] });
    for (const node of [one, other]) {
      expect((await node.api(`undo/${undo}`, { method: 'POST' })).status).toBe(404);
    }
  });

  it('accept the credentials that either has minted', async () => {
    const [one, other] = await startNodes();
    const { password } = await one.json<{ password: string }>('accounts', post({ address: 'm@x.test' }));
    const say = await converse(other.pop3);
    expect(await say('USER m@x.test')).toMatch(/^\+OK/);
    expect(await say('PASS wrong')).toMatch(/^-ERR/);
    expect(await say('USER m@x.test')).toMatch(/^\+OK/);
    expect(await say(`PASS ${password}`)).toMatch(/^\+OK/);
  });

  it('have one certificate authority, also when they start at the same time', async () => {
    const store = await emptyDatabase();
    const nodes = await Promise.all([1, 2, 3].map(() => startTestSandbox({ store, tls: 'auto' })));
    const authorities = await Promise.all(nodes.map(async (node) => (await node.api('ca.crt')).text()));
    expect(new Set(authorities).size).toBe(1);
    const [ca] = authorities as [string];
    for (const { sandbox } of nodes) {
      const { host, port } = sandbox.endpoints.find(({ protocol }) => protocol === 'smtps')!;
      const socket = tls.connect({ host, port: port, ca, servername: 'localhost' });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
    }
  });

  it('show the pictures of previews that the other has made', async () => {
    const [one, other] = await startNodes();
    const raw = [
      'Content-Type: multipart/related; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<img src="cid:logo">',
      '--b',
      'Content-Type: image/gif',
      'Content-ID: <logo>',
      'Content-Transfer-Encoding: base64',
      '',
      'R0lGODlhAQABAAAAACw=',
      '--b--',
      '',
    ].join('\r\n');
    const [id] = await sendRaw(one.smtp, [Buffer.from(raw)], alice);
    const html = await (await one.api(`messages/${id!}/html`)).text();
    const source = /<img[^>]*src="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const picture = new URL(source, new URL(`api/messages/${id!}/html`, other.url));
    picture.host = new URL(other.url).host;
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
    const shown = await fetch(picture, { headers });
    expect([shown.status, shown.headers.get('cross-origin-resource-policy')]).toEqual([200, 'cross-origin']);
    picture.search = picture.search.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const forged = await fetch(picture, { headers });
    expect(forged.headers.get('cross-origin-resource-policy')).not.toBe('cross-origin');
  });

  it('serve the files of the UI of another version', async () => {
    const newer = mkdtempSync(path.join(os.tmpdir(), 'restante-ui-'));
    onTestFinished(() => rmSync(newer, { recursive: true, force: true }));
    cpSync(smallUi(), newer, { recursive: true });
    writeFileSync(path.join(newer, 'assets', 'View-Ab3_d-Xy.js'), 'export const version = 2;\n');
    const [one, other] = await startNodes({}, [{ ui: smallUi() }, { ui: newer }]);
    const get = (node: TestSandbox, name: string) => fetch(new URL(`assets/${name}`, node.url));
    const file = await get(one, 'View-Ab3_d-Xy.js');
    expect([file.status, file.headers.get('content-type')]).toEqual([
      200,
      'application/javascript; charset=utf-8',
    ]);
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect(await file.text()).toBe('export const version = 2;\n');
    expect((await get(other, 'View-Ab3_d-Xy.js')).status).toBe(200);
    for (const name of ['View-Unknown1.js', 'no-such.js']) {
      expect((await get(one, name)).status).toBe(404);
    }
  });

  it('sign webhooks with the secret of a rule that the other has created, and do not show it', async () => {
    const [one, other] = await startNodes();
    const receiver = await startReceiver();
    receiver.accept();
    const secret = 'the secret of the webhook';
    await one.json('rules', post({ on: 'stored', then: { webhook: { url: receiver.url, secret } } }));
    for (const node of [other, one]) await sendRaw(node.smtp, [mail('signed')], alice);
    await expect.poll(() => receiver.signed).toHaveLength(2);
    for (const { header, body } of receiver.signed) {
      const [, seconds = '', digest = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
      expect(digest).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
    }
    expect(await (await other.api('webhooks')).text()).not.toContain(secret);
  });

  it('send the delayed bounce of a node that has ended, once', async () => {
    const [one, other] = await startNodes();
    const then = { delay: '3s', bounce: { action: 'failed', status: '5.1.1' } };
    await other.json('rules', post({ on: 'stored', when: { rcpt: 'alice@*' }, then }));
    await sendRaw(one.smtp, [mail('returned')], alice);
    await one.close();
    const bounces = () => other.json<{ total: number }>('messages?account=a@x.test');
    await expect.poll(bounces).toMatchObject({ total: 1 });
    // The bounce of a later message would arrive after a second bounce of the first message, so there is no second
    // bounce.
    await sendRaw(other.smtp, [mail('returned later')], alice);
    await expect.poll(bounces).toMatchObject({ total: 2 });
  });

  it('continue the webhooks of a node that has ended', async () => {
    const [one, other] = await startNodes();
    const receiver = await startReceiver();
    await other.json('rules', post({ on: 'stored', then: { webhook: receiver.url } }));
    await sendRaw(one.smtp, [mail('hook')], alice);
    await expect.poll(() => receiver.attempts.length).toBeGreaterThan(0);
    await one.close();
    receiver.accept();
    await expect.poll(() => stateOfWebhook(other)).toBe('delivered');
    expect(receiver.attempts, 'no attempt is made twice').toEqual(
      receiver.attempts.map((_, i) => `${i + 1}`),
    );
  });

  it('continue the webhooks of a node that is cut off, which does not send them again', async () => {
    const store = await emptyDatabase();
    const proxy = await DatabaseProxy.start(store);
    const one = await startTestSandbox({ store: proxy.url });
    onTestFinished(() => proxy.heal());
    const other = await startTestSandbox({ store });
    const receiver = await startReceiver();
    await other.json('rules', post({ on: 'stored', then: { webhook: receiver.url } }));
    await sendRaw(one.smtp, [mail('hook')], alice);
    await expect.poll(() => receiver.attempts.length).toBeGreaterThan(0);
    await expect.poll(() => stateOfWebhook(other)).toBe('waiting');
    proxy.cut();
    receiver.accept();
    await expect.poll(() => stateOfWebhook(other)).toBe('delivered');
    const { length } = receiver.attempts;
    proxy.heal();
    await expect.poll(() => stateOfWebhook(one)).toBe('delivered');
    await sendRaw(one.smtp, [mail('again')], alice);
    await expect.poll(() => receiver.attempts.slice(length)).toEqual(['1']);
  });
});

interface Receiver {
  readonly url: string;
  /** The number of the attempt in each request. */
  readonly attempts: readonly string[];
  /** The signature and the body of each signed request. */
  readonly signed: readonly { readonly header: string; readonly body: string }[];
  /** Answers further requests with 200 instead of 500. */
  accept(): void;
}

async function startReceiver(): Promise<Receiver> {
  const attempts: string[] = [];
  const signed: { header: string; body: string }[] = [];
  let isUp = false;
  const receiver = http.createServer((request, response) => {
    attempts.push(String(request.headers['restante-attempt']));
    const header = request.headers['restante-signature'];
    void text(request).then((body) => {
      if (typeof header === 'string') signed.push({ header, body });
      response.writeHead(isUp ? 200 : 500).end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => void receiver.close());
  const { port } = receiver.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, attempts, signed, accept: () => (isUp = true) };
}

/** Returns the state of the first webhook delivery; `undefined` while the node cannot answer. */
async function stateOfWebhook(node: TestSandbox): Promise<string | undefined> {
  const response = await node.api('webhooks');
  if (!response.ok) return undefined;
  const { deliveries } = (await response.json()) as { deliveries: { state: string }[] };
  return deliveries.at(-1)?.state;
}
