/**
 * Tests rules with a real listener: retries, rules for single accounts, counts, failures, restarts, and the displayed
 * rules.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import nodemailer from 'nodemailer';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Facts } from '../../server/rules/facts.ts';
import { RuleError, Rules } from '../../server/rules/engine.ts';
import { signature } from '../../server/rules/webhooks.ts';
import type { Envelope } from '../../server/message/envelope.ts';
import { accountName } from '../../server/store/ids.ts';
import { startCapture, type TestCapture } from '../helpers/capture.ts';
import { sendRaw } from '../helpers/smtp.ts';

const mail = (subject = 'x'): Buffer => Buffer.from(`Subject: ${subject}\r\nFrom: a@x.test\r\n\r\nbody\r\n`);
const envelopeTo = (...to: string[]): Envelope => ({
  from: { address: 'a@x.test', parameters: {} },
  to: to.map((address) => ({ address, parameters: {} })),
});

/** Sends as an application with a queue does: it retries after a 4xx reply. */
async function sendRetrying(server: TestCapture, to: string): Promise<string[]> {
  const transport = nodemailer.createTransport({ host: server.host, port: server.port });
  const answers: string[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    try {
      const { response } = await transport.sendMail({ from: 'a@x.test', to, subject: 'retry', text: 'x' });
      return [...answers, response.slice(0, 3)];
    } catch (error) {
      const { responseCode = 0 } = error as { responseCode?: number };
      answers.push(String(responseCode));
      if (responseCode >= 500) return answers;
    }
  }
  return answers;
}

describe('a script', () => {
  it('lets a retrying client succeed the third time, independently of the rules of another account', async () => {
    const server = await startCapture();
    const script = ['451 4.7.1 later', '451 4.7.1 later', 'accept'];
    await server.capture.rules.put({ on: 'rcpt', account: 'one@x.test', script });
    await server.capture.rules.put({ on: 'rcpt', account: 'two@x.test', then: { reject: 550 } });
    await server.capture.rules.put({ on: 'data', account: 'three@x.test', script: ['452', 'accept'] });
    const outcomes = await Promise.all(
      ['one@x.test', 'two@x.test', 'three@x.test', 'four@x.test'].map((to) => sendRetrying(server, to)),
    );
    expect(outcomes).toEqual([['451', '451', '250'], ['550'], ['452', '250'], ['250']]);
    expect(server.capture.rules.list().map(({ hits }) => hits)).toEqual([3, 1, 2]);
    const [message] = await server.messages('one@x.test');
    expect(message?.notes['rules']).toMatchObject([{ stage: 'rcpt', actions: ['accepts'] }]);
    expect(message?.transcript.some(({ text }) => text.includes('Rule “'))).toBe(true);
  });
});

describe('what a rule does with a message', () => {
  it('adds tags, delivers to other accounts and discards', async () => {
    const server = await startCapture();
    const { rules } = server.capture;
    await rules.putAll([
      { on: 'rcpt', when: { rcpt: 'gone@*' }, then: 'discard' },
      { on: 'rcpt', when: { rcpt: 'tagged@*' }, then: { tag: 'by-rcpt', accept: true } },
      { on: 'data', when: { query: 'subject:copy' }, then: { deliverTo: 'boss@x.test', tag: 'copied' } },
      {
        on: 'data',
        when: { query: 'subject:move' },
        then: { deliverTo: { accounts: ['boss@x.test'], instead: true } },
      },
      { on: 'data', when: { query: 'subject:secret' }, then: 'discard' },
      { on: 'stored', when: { query: 'subject:late' }, then: { tag: 'late' } },
    ]);
    const to = (...addresses: string[]) => ({ from: 'a@x.test', to: addresses });
    const ids = [
      ...(await sendRaw(server, [mail('copy')], to('tagged@x.test', 'gone@x.test'))),
      ...(await sendRaw(server, [mail('move')], to('b@x.test'))),
      ...(await sendRaw(server, [mail('secret')], to('b@x.test'))),
      ...(await sendRaw(server, [mail('alone')], to('gone@x.test'))),
      ...(await sendRaw(server, [mail('late')], to('b@x.test'))),
    ];
    const subjects = async (account: string) =>
      (await server.messages(account)).map(({ subject }) => subject);
    expect(ids).toHaveLength(5);
    expect(await subjects('all')).toEqual(['copy', 'move', 'late']);
    expect(await subjects('boss@x.test')).toEqual(['copy', 'move']);
    expect(await subjects('b@x.test')).toEqual(['late']);
    expect(await subjects('gone@x.test')).toEqual([]);
    expect((await server.messages()).map(({ tags }) => tags)).toEqual([['by-rcpt', 'copied'], [], ['late']]);
    expect((await server.messages())[2]?.notes['rules']).toMatchObject([{ stage: 'stored' }]);
    expect(server.capture.refusals(0).map(({ reply }) => reply)).toEqual([
      expect.stringMatching(/\(discarded\)$/),
      expect.stringMatching(/\(discarded\)$/),
    ]);
  });

  it('waits, and reads slowly', async () => {
    const server = await startCapture();
    await server.capture.rules.putAll([
      { on: 'mail', then: { delay: 60 } },
      { on: 'predata', then: { throttle: 20_000 } },
    ]);
    const started = performance.now();
    await sendRaw(server, [Buffer.from(`Subject: slow\r\n\r\n${'x'.repeat(4000)}\r\n`)]);
    expect(performance.now() - started).toBeGreaterThan(220);
    expect(await server.messages()).toHaveLength(1);
  });

  it('continues when an action fails, and records the failure', async () => {
    const server = await startCapture();
    const rule = await server.capture.rules.put({ on: 'data', then: { relay: true, tag: 'kept' } });
    await sendRaw(server, [mail()]);
    expect((await server.messages())[0]?.tags).toEqual(['kept']);
    expect(server.capture.rules.get(rule.definition.id)?.failure).toBe(
      'relay: relaying is off: start the server with --relay auto to let rules relay',
    );
  });

  it('is skipped when its regex takes too long', async () => {
    const server = await startCapture();
    const slow = { on: 'mail', when: { from: '/^(?=(a+)+$)/' }, then: { reject: 550 } };
    const { definition } = await server.capture.rules.put(slow);
    await sendRaw(server, [mail()], { from: `${'a'.repeat(60)}!@x.test`, to: ['b@x.test'] });
    expect(server.capture.rules.get(definition.id)?.failure).toMatch(/timed out/);
  });
});

describe('the list of rules', () => {
  it('is stored with seeds and expiry times, and loaded again', async () => {
    const { store, capture } = await startCapture();
    const first = await capture.rules.put({
      on: 'mail',
      probability: 0.5,
      expiresIn: '1h',
      then: { reject: 550 },
    });
    await capture.rules.put({ on: 'rcpt', then: { delay: 5 } }, 'second');
    const again = new Rules({ store, clock: Date.now, random: Math.random });
    expect(await again.load()).toEqual([]);
    expect(again.list().map(({ definition }) => definition)).toEqual(
      capture.rules.list().map(({ definition }) => definition),
    );
    expect(first.definition['seed']).toBeTypeOf('number');
    await capture.rules.remove('second');
    await store.records.collection('rules').put('broken', { id: 'broken', name: 'broken', on: 'nowhere' });
    const third = new Rules({ store, clock: Date.now, random: Math.random });
    expect(await third.load()).toEqual([
      expect.stringMatching(/^Rule broken is left out: on must be one of/),
    ]);
    expect(third.list()).toHaveLength(1);
  });

  it('continues the counts of unchanged rules after a restart', async () => {
    const { store, capture } = await startCapture();
    const facts = { stage: 'mail', from: 'a@x.test', rcpt: [] } as unknown as Facts;
    const limited = { on: 'mail', times: 3, then: { reject: 451 } };
    await capture.rules.put(limited, 'limited');
    await capture.rules.put({ on: 'mail', script: ['451', '452', 'accept'] }, 'script');
    for (let n = 0; n < 2; n++) await capture.rules.find(facts);
    await capture.rules.close();
    const again = new Rules({ store, clock: Date.now, random: Math.random });
    onTestFinished(() => again.close());
    await again.load();
    expect(again.get('limited')).toMatchObject({ hits: 2, lastHitAt: expect.any(Number) as number });
    expect((await again.find(facts))?.rule.id).toBe('limited');
    expect((await again.find(facts))?.rule.id).toBe('script');
    await again.close();
    const third = new Rules({ store, clock: Date.now, random: Math.random });
    onTestFinished(() => third.close());
    await third.load();
    expect([third.get('limited')?.hits, third.get('script')?.hits]).toEqual([3, 1]);
    // A replaced rule is counted from 0.
    await third.put({ ...limited, times: 1 }, 'limited');
    expect((await third.find(facts))?.rule.id).toBe('limited');
    expect(third.get('limited')?.hits).toBe(1);
  });

  it('accepts several rules or none', async () => {
    const { capture } = await startCapture();
    const bad = capture.rules.putAll([
      { on: 'rcpt', then: { reject: 550 } },
      { on: 'rcpt', then: { reject: 'x' } },
    ]);
    await expect(bad).rejects.toBeInstanceOf(RuleError);
    await expect(bad).rejects.toMatchObject({ problems: [{ path: '[1].then.reject' }] });
    expect(capture.rules.list()).toEqual([]);
  });

  it('deletes the rules of an account together with the account', async () => {
    const { store, capture } = await startCapture();
    await store.accounts.mint(accountName('bob@x.test'), 'x');
    await capture.rules.put({ on: 'rcpt', account: 'bob@x.test', then: { reject: 550 } });
    await capture.rules.put({ on: 'rcpt', then: { delay: 1 } });
    await store.accounts.remove(accountName('bob@x.test'));
    expect(capture.rules.list()).toHaveLength(1);
    await expect.poll(async () => (await store.records.collection('rules').list()).length).toBe(1);
  });

  it('stops a rule after its expiry time', async () => {
    let now = 0;
    const server = await startCapture({ capture: { clock: () => now } });
    await server.capture.rules.put({ on: 'rcpt', expiresIn: 1000, then: { reject: 550 } });
    const send = () => sendRaw(server, [mail()]);
    await expect(send()).rejects.toThrow(/550/);
    now = 1000;
    await send();
    expect(server.capture.rules.list()[0]?.active).toBe(false);
  });

  it('makes the same choices from the same seed', async () => {
    const choices = async (): Promise<string[]> => {
      const { capture } = await startCapture();
      await capture.rules.put({ on: 'rcpt', probability: 0.5, seed: 3, then: { reject: 450 } });
      const outcome = [];
      for (let n = 0; n < 20; n++) {
        const result = await capture.submit(mail(), envelopeTo(`b${n}@x.test`)).catch(() => null);
        outcome.push(result === null ? 'no' : 'yes');
      }
      return outcome;
    };
    const first = await choices();
    expect(await choices()).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });
});

describe('submission', () => {
  it('applies the same rules', async () => {
    const server = await startCapture();
    const { capture } = server;
    await capture.rules.put({ on: 'rcpt', when: { rcpt: 'no@*' }, then: { reject: '550 5.7.1 not here' } });
    const some = await capture.submit(mail(), envelopeTo('no@x.test', 'yes@x.test', 'drop-discard@x.test'));
    expect(some.rejected).toEqual([{ to: 'no@x.test', reply: '550 5.7.1 not here' }]);
    expect((await server.messages())[0]?.envelope.to).toEqual(['yes@x.test', 'drop-discard@x.test']);
    await expect(capture.submit(mail(), envelopeTo('no@x.test'))).rejects.toMatchObject({ code: 550 });
    await expect(capture.submit(mail(), envelopeTo('bob-drop@x.test'))).rejects.toMatchObject({ code: 421 });
  });
});

describe('a dry run', () => {
  it('reports which rule would fire, and why the others would not', async () => {
    const { capture } = await startCapture();
    await capture.rules.putAll([
      { name: 'other', on: 'rcpt', when: { rcpt: 'c@*' }, then: { reject: 550 } },
      {
        name: 'mine',
        on: 'rcpt',
        when: { rcpt: 'b@*' },
        times: 1,
        then: { reject: '450 4.2.1 once', delay: '9ms' },
      },
      { name: 'behind', on: 'rcpt', then: { delay: 1 } },
      { name: 'subject', on: 'data', when: { query: 'subject:hello' }, then: { tag: 'x' } },
      { name: 'login', on: 'auth', then: { reject: 535 } },
      { name: 'off', enabled: false, on: 'mail', then: { reject: 550 } },
    ]);
    const explained = () => capture.explain(mail('hello'), envelopeTo('b@x.test'));
    expect(await explained()).toMatchObject([
      { name: 'other', fires: false, because: 'when.rcpt does not hold: b@x.test' },
      { name: 'mine', fires: true, actions: ['waits 9 ms', 'answers 450 4.2.1 once'] },
      { name: 'behind', fires: false, because: 'the rule mine is applied first' },
      { name: 'subject', fires: true },
      { name: 'login', fires: false, because: 'the trial has no stage auth' },
      { name: 'off', fires: false, because: 'enabled does not hold: false' },
    ]);
    expect(capture.rules.list().every(({ hits }) => hits === 0)).toBe(true);
    await capture.submit(mail(), envelopeTo('b@x.test')).catch(() => null);
    expect((await explained())[1]).toMatchObject({ fires: false, because: 'times is used up' });
  });
});

describe('a webhook', () => {
  interface Received {
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }

  /** Starts a receiver that responds with each status in turn, then with 204. */
  async function startReceiver(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
    const received: Received[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(statuses.shift() ?? 204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
  }

  it('is signed, retried until the receiver accepts it, logged and replayed', async () => {
    let ahead = 0;
    const { url, received } = await startReceiver(500, 503);
    const server = await startCapture({ capture: { clock: () => Date.now() + ahead } });
    const target = { url, secret: 'hush', raw: true };
    await server.capture.rules.put({ name: 'hook', on: 'stored', then: { webhook: target } });
    const [id] = await sendRaw(server, [mail('hooked')]);
    await expect.poll(() => received.length).toBe(1);
    await expect.poll(() => received.length).toBe(2);
    // The test does not wait five seconds for the third attempt: the log shows when the third attempt is due, and a
    // replay starts at once.
    await expect.poll(async () => (await server.capture.webhooks.list())[0]?.attempts.length).toBe(2);
    const [waiting] = await server.capture.webhooks.list();
    expect(waiting).toMatchObject({ state: 'waiting', url, message: id, rule: { name: 'hook' } });
    expect(waiting?.attempts.map(({ status }) => status)).toEqual([500, 503]);
    expect(waiting).not.toHaveProperty('secret');
    ahead = 1;
    await server.capture.webhooks.replay(waiting!.id);
    await expect.poll(async () => (await server.capture.webhooks.list())[0]?.state).toBe('delivered');
    const { headers, body } = received[0]!;
    const seconds = Number(/^t=(\d+),/.exec(String(headers['restante-signature']))?.[1]);
    expect(headers['restante-signature']).toBe(signature('hush', seconds, body));
    expect(JSON.parse(body)).toMatchObject({
      event: 'message',
      rule: { name: 'hook' },
      message: { id, subject: 'hooked' },
      raw: mail('hooked').toString('base64'),
    });
  });

  it('stops after the status 410, and does not delay mail if nobody listens', async () => {
    const { url } = await startReceiver(410);
    const server = await startCapture();
    await server.capture.rules.putAll([
      { on: 'data', when: { query: 'subject:gone' }, then: { webhook: url } },
      { on: 'stored', when: { query: 'subject:nobody' }, then: { webhook: 'http://127.0.0.1:1/' } },
    ]);
    await sendRaw(server, [mail('gone'), mail('nobody')]);
    await expect
      .poll(async () =>
        (await server.capture.webhooks.list()).map(({ state, attempts }) => [state, attempts[0]?.status]),
      )
      .toEqual([
        ['waiting', null],
        ['failed', 410],
      ]);
    expect(await server.messages()).toHaveLength(2);
  });
});

describe('the order', () => {
  it('is the order in which the rules were put until it is changed, and stays after a restart', async () => {
    const { store, capture } = await startCapture();
    const put = (name: string) =>
      capture.rules.put({ id: name, name, on: 'rcpt', then: { reject: `550 ${name}` } }, name);
    for (const name of ['one', 'two', 'three']) await put(name);
    await capture.rules.reorder(['three', 'one']);
    const names = (rules: Rules) => rules.list().map(({ definition }) => definition.name);
    expect(names(capture.rules)).toEqual(['three', 'one', 'two']);
    const acting = (await capture.explain(mail(), envelopeTo('b@x.test'))).filter(({ fires }) => fires);
    expect(acting.map(({ name }) => name)).toEqual(['three']);

    // A rule that is deleted and put again has its previous place.
    await capture.rules.remove('three');
    await put('three');
    await put('four');
    expect(names(capture.rules)).toEqual(['three', 'one', 'two', 'four']);
    const again = new Rules({ store, clock: Date.now, random: Math.random });
    await again.load();
    expect(names(again)).toEqual(['three', 'one', 'two', 'four']);
    await again.close();
    await expect(capture.rules.reorder(['one', 'five'])).rejects.toThrow(RuleError);
    expect(names(capture.rules)).toEqual(['three', 'one', 'two', 'four']);
  });
});
