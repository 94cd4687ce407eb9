/**
 * Tests the actions of rules on stored messages: they are committed with the message, begin after its reply, are
 * limited in number, and never loop.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import type { Detail, MessagePage, RuleList, WebhookList } from '../../contract/index.ts';
import { TRAIL_FIELD } from '../../server/relay/loop-guard.ts';
import { startCapture } from '../helpers/capture.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const mail = (subject = 'x', ...fields: string[]): Buffer =>
  Buffer.from([...fields, `Subject: ${subject}`, 'From: a@x.test', '', 'hi', ''].join('\r\n'));

async function startHttp(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const put = (sandbox: TestSandbox, rule: object): Promise<{ id: string }> =>
  sandbox.json('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });

describe('at stored', () => {
  it('the reply 250 waits neither for a delay nor for a receiver that does not respond', async () => {
    const events: string[] = [];
    const url = await startHttp(() => events.push('request'));
    const server = await startCapture();
    const { rules, webhooks } = server.capture;
    await rules.put({ on: 'stored', when: { rcpt: 'slow@*' }, then: { webhook: url } });
    await rules.put({ on: 'stored', when: { rcpt: 'later@*' }, then: { delay: '1h', webhook: url } });
    const client = net.connect(server.port, server.host);
    onTestFinished(() => void client.destroy());
    client.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('354 ')) client.write(`${mail().toString()}.\r\n`);
      if (text.includes('queued as')) events.push('reply');
    });
    client.write('EHLO x.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<slow@x.test>\r\nDATA\r\n');
    await expect.poll(() => events).toContain('request');
    expect(events).toEqual(['reply', 'request']);
    const sent = Date.now();
    await sendRaw(server, [mail()], { from: 'a@x.test', to: ['later@x.test'] });
    const [later] = await webhooks.list();
    expect(later).toMatchObject({ state: 'waiting', attempts: [] });
    expect(later?.nextAt).toBeGreaterThanOrEqual(sent + 3_600_000);
  });

  it('tags and further accounts are committed with the message', async () => {
    const store = await openMemoryStore();
    const server = await startCapture({ capture: { store } });
    await server.capture.rules.put({
      on: 'stored',
      then: { tag: 'late', deliverTo: 'qa@x.test', webhook: 'http://127.0.0.1:1/' },
    });
    const changes: string[] = [];
    let due = 0;
    store.changes.subscribe(({ kind }) => {
      changes.push(kind);
      if (kind === 'message-added')
        void store.records
          .collection('webhook-deliveries')
          .list()
          .then(({ length }) => (due = length));
    });
    await sendRaw(server, [mail()], { from: 'a@x.test', to: ['b@x.test'] });
    const page = await store.messages.list({ limit: 1 });
    const stored = await store.messages.get(page.messages[0]!.summary.id);
    expect(stored).toMatchObject({ tags: ['late'], notes: { rules: [{ stage: 'stored' }] } });
    const { accounts } = await store.accounts.list({ limit: 9 });
    expect(accounts.map(({ name }) => name)).toEqual(['all', 'qa@x.test', 'b@x.test']);
    expect(changes).not.toContain('tagged');
    expect(changes).not.toContain('annotated');
    expect(due).toBe(1);
  });
});

describe('a loop', () => {
  it('to the API of the sandbox itself ends with the message, and is reported', async () => {
    const sandbox = await startTestSandbox();
    const { port } = new URL(sandbox.url);
    const targets = [
      `http://127.0.0.1:${port}/api/messages`,
      `http://localhost:${port}/api/messages`,
      `http://0.0.0.0:${port}/api/messages`,
      `http://[::ffff:127.0.0.1]:${port}/api/messages`,
      `http://2130706433:${port}/api/messages`,
      `smtp://127.0.0.1:${sandbox.smtp.port}`,
      `smtp://localhost:${sandbox.smtp.port}`,
    ];
    for (const to of targets) {
      const { id: rule } = await put(sandbox, { name: 'circle', on: 'stored', then: { bounce: { to } } });
      const [id = ''] = await sendRaw(sandbox.smtp, [mail(to)], { from: 'a@x.test', to: ['b@x.test'] });
      await expect
        .poll(async () => (await sandbox.json<Detail>(`messages/${id}`)).rules[0]?.failures, { message: to })
        .toEqual([expect.stringMatching(/^bounce: A loop was stopped: .* is this sandbox itself$/)]);
      const { rules } = await sandbox.json<RuleList>('rules');
      expect(rules[0]?.failure).toContain('is this sandbox itself');
      await sandbox.api(`rules/${rule}`, { method: 'DELETE' });
    }
    const hook = await put(sandbox, { name: 'hook', on: 'stored', then: { webhook: targets[0] } });
    await sendRaw(sandbox.smtp, [mail('hook')], { from: 'a@x.test', to: ['b@x.test'] });
    await expect
      .poll(async () => (await sandbox.json<WebhookList>('webhooks')).deliveries)
      .toMatchObject([
        { state: 'failed', attempts: [{ answer: expect.stringContaining('itself') as string }] },
      ]);
    const { messages } = await sandbox.json<MessagePage>('messages?limit=1');
    await expect
      .poll(async () => (await sandbox.json<Detail>(`messages/${messages[0]?.id ?? ''}`)).rules[0]?.failures)
      .toEqual([expect.stringMatching(/^webhook: A loop was stopped: .* itself$/)]);
    await sandbox.api(`rules/${hook.id}`, { method: 'DELETE' });
    expect((await sandbox.json<MessagePage>('messages')).total).toBe(targets.length + 1);
  });

  it('is not detected for a port of the sandbox on another address', async () => {
    const answers: IncomingMessage[] = [];
    const url = await startHttp((request, response) => {
      answers.push(request);
      response.end();
    });
    const sandbox = await startTestSandbox();
    await put(sandbox, { on: 'stored', then: { bounce: { to: url } } });
    await sendRaw(sandbox.smtp, [mail()], { from: 'a@x.test', to: ['b@x.test'] });
    await expect.poll(() => answers.length).toBe(1);
    expect(answers[0]?.headers).toMatchObject({ 'x-envelope-to': 'a@x.test' });
    expect(answers[0]?.headers[TRAIL_FIELD.toLowerCase()]).toMatch(/^hops=1; origin=\w+$/);
  });

  it('between two sandboxes ends: with bounces, automatic replies, and webhooks that trigger mail', async () => {
    const [one, two] = [await startTestSandbox(), await startTestSandbox()];
    // A forwarder that keeps the trail (the record of a chain of generated messages), like a proxy. None
    // of the two sandboxes recognises the address of the forwarder as its own address.
    const forward = (to: TestSandbox) =>
      startHttp((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const trail = String(request.headers[TRAIL_FIELD.toLowerCase()] ?? '');
          const isMail = request.headers['content-type'] === 'message/rfc822';
          const raw = isMail ? Buffer.concat(chunks) : mail('mailed', `${TRAIL_FIELD}: ${trail}`);
          void to
            .api('messages?from=loop@x.test&to=loop@x.test', {
              method: 'POST',
              headers: { 'content-type': 'message/rfc822' },
              body: new Uint8Array(raw),
            })
            // A sandbox that closes at the end of the test ends the connections of the last webhooks.
            .then(
              () => response.end(),
              () => response.destroy(),
            );
        });
      });
    const [toOne, toTwo] = [await forward(one), await forward(two)];
    for (const [sandbox, other] of [[one, toTwo] as const, [two, toOne] as const]) {
      await put(sandbox, { on: 'data', when: { query: 'subject:report' }, then: { bounce: { to: other } } });
      await put(sandbox, { on: 'data', when: { query: 'undelivered' }, then: { bounce: { to: other } } });
      await put(sandbox, {
        on: 'data',
        when: { query: 'subject:answer' },
        then: { autoReply: { text: 'answer', to: other } },
      });
      await put(sandbox, { on: 'data', when: { query: 'subject:mailed' }, then: { webhook: other } });
    }
    const countOf = async (query: string): Promise<number> => {
      const totals = [one, two].map(async (sandbox) => {
        const { total } = await sandbox.json<MessagePage>(`messages?query=${encodeURIComponent(query)}`);
        return total;
      });
      return (await Promise.all(totals)).reduce((sum, total) => sum + total, 0);
    };
    for (const subject of ['report', 'answer', 'mailed']) {
      await sendRaw(one.smtp, [mail(subject)], { from: 'a@x.test', to: ['b@x.test'] });
    }
    // A report is not answered by a report and a reply is not answered by a reply; the chain of mailed messages
    // has five links.
    await expect
      .poll(async () => (await two.json<RuleList>('rules')).rules.map(({ failure }) => failure ?? ''))
      .toEqual([
        expect.anything(),
        expect.stringContaining('is itself a delivery report'),
        '',
        expect.stringContaining('a chain of 5'),
      ]);
    // The actions of one rule run one after the other, the actions of different rules at the same time.
    await expect.poll(() => countOf('subject:mailed')).toBe(6);
    await expect.poll(() => countOf('subject:"Undelivered mail"')).toBe(1);
    await expect.poll(() => countOf('subject:answer')).toBe(2);
  });

  it('of many short branches is stopped by the number of messages', async () => {
    const received: string[] = [];
    const url = await startHttp((request, response) => {
      received.push(request.url ?? '');
      response.end();
    });
    const server = await startCapture();
    await server.capture.rules.put({ name: 'fan', on: 'stored', then: { bounce: { to: url } } });
    const branch = mail('branch', `${TRAIL_FIELD}: hops=1; origin=one`);
    await sendRaw(server, Array<Buffer>(103).fill(branch), { from: 'a@x.test', to: ['b@x.test'] });
    await expect.poll(() => server.capture.rules.list()[0]?.failure).toContain('100 messages and requests');
    await expect
      .poll(async () => (await server.store.records.collection('rule-effects').list()).length)
      .toBe(0);
    expect(received).toHaveLength(100);
  });
});

describe('the response of a receiver', () => {
  it('is read up to a limit, by HTTP and by SMTP', async () => {
    let sent = 0;
    const closed: Promise<unknown>[] = [];
    const endless = Buffer.alloc(65_536, 'x');
    const flood = (socket: net.Socket): void => {
      closed.push(new Promise((resolve) => socket.once('close', resolve)));
      const write = (): void => {
        while (!socket.destroyed && socket.write(endless)) sent += endless.length;
      };
      socket.on('drain', write);
      socket.on('error', () => undefined);
      write();
    };
    const url = await startHttp((request, response) => {
      response.writeHead(200).flushHeaders();
      request.resume();
      flood(response.socket!);
    });
    const smtp = net.createServer((socket) => {
      socket.write('220-');
      flood(socket);
    });
    smtp.listen(0, '127.0.0.1');
    await once(smtp, 'listening');
    onTestFinished(() => void smtp.close());
    const server = await startCapture();
    const port = (smtp.address() as AddressInfo).port;
    await server.capture.rules.putAll([
      { on: 'stored', when: { rcpt: 'hook@*' }, then: { webhook: url } },
      { on: 'stored', when: { rcpt: 'http@*' }, then: { bounce: { to: url } } },
      { on: 'stored', when: { rcpt: 'smtp@*' }, then: { bounce: { to: `smtp://127.0.0.1:${port}` } } },
    ]);
    for (const to of ['hook@x.test', 'http@x.test', 'smtp@x.test']) {
      await sendRaw(server, [mail()], { from: 'a@x.test', to: [to] });
    }
    await expect.poll(() => closed.length).toBe(3);
    await Promise.all(closed);
    // The receivers, which respond without end, could send no more octets than the socket buffers of both sides hold.
    expect(sent).toBeLessThan(64 << 20);
    await expect.poll(() => server.capture.rules.list()[2]?.failure).toMatch(/^bounce: ./);
    const [delivery] = await server.capture.webhooks.list();
    expect(delivery?.attempts[0]?.answer.length).toBeLessThanOrEqual(500);
  });

  it('delays only a limited number of requests; the others wait in the store', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    let served = 0;
    const listener: RequestListener = (_, response) => {
      held.push(() => {
        served++;
        response.end();
      });
      most = Math.max(most, held.length);
    };
    const slow = await startHttp(listener);
    const quick: string[] = [];
    const other = await startHttp((request, response) => {
      quick.push(request.url ?? '');
      response.end();
    });
    const server = await startCapture();
    await server.capture.rules.putAll([
      { on: 'stored', when: { rcpt: 'slow@*' }, then: { webhook: slow } },
      { on: 'stored', when: { rcpt: 'quick@*' }, then: { webhook: other } },
    ]);
    await sendRaw(server, Array<Buffer>(30).fill(mail()), { from: 'a@x.test', to: ['slow@x.test'] });
    await expect.poll(() => held.length).toBe(4);
    // A receiver that does not respond does not delay the requests to another receiver.
    await sendRaw(server, [mail()], { from: 'a@x.test', to: ['quick@x.test'] });
    await expect.poll(() => quick.length).toBe(1);
    const log = await server.capture.webhooks.list();
    expect(log.filter(({ url, state }) => url === slow && state === 'waiting')).toHaveLength(30);
    while (served < 30) {
      await expect.poll(() => held.length).toBeGreaterThan(0);
      held.shift()?.();
    }
    expect(most).toBeLessThanOrEqual(4);
  });
});
