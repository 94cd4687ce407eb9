/**
 * Tests automatic releases by rules and by auto-relay: the allow list applies, and no recipient gets a message
 * twice.
 */
import { describe, expect, it } from 'vitest';
import type { DeliveryList, Detail, Rule } from '../../contract/index.ts';
import { startMailWorld } from '../helpers/mail-world.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const RAW = Buffer.from('From: app@x.test\r\nTo: ann@one.test\r\nSubject: hello\r\n\r\nHello\r\n');
const AUTOMATIC = Buffer.concat([Buffer.from('Auto-Submitted: auto-replied\r\n'), RAW]);
const UNDECIDED = /queued|deferred|sending/;

async function pair(mode: 'manual' | 'auto', allow: readonly string[] = ['one.test']) {
  const receiver = await startTestSandbox();
  const sandbox = await startTestSandbox({
    relay: mode,
    relayAllow: allow,
    relayRoute: [`*=127.0.0.1:${receiver.smtp.port}`],
  });
  return { receiver, sandbox };
}
const send = async (sandbox: TestSandbox, to: readonly string[], raw = RAW, from = 'app@x.test') =>
  (await sendRaw(sandbox.smtp, [raw], { from, to }))[0] ?? '';
const rule = (sandbox: TestSandbox, body: object): Promise<Rule> =>
  sandbox.json<Rule>('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
/**
 * Returns the recipients with the cause of their deliveries, when `count` deliveries exist and each has its
 * outcome.
 */
async function outcomes(sandbox: TestSandbox, count: number): Promise<string[]> {
  const list = async () => (await sandbox.json<DeliveryList>('deliveries')).deliveries;
  await expect
    .poll(async () => (await list()).filter(({ state }) => !UNDECIDED.test(state)).length, { interval: 5 })
    .toBe(count);
  return (await list()).map(({ to, by, state }) => `${by} ${to} ${state}`).reverse();
}

describe('auto-relay', () => {
  it('relays captured mail to allowed recipients only', async () => {
    const { sandbox, receiver } = await pair('auto');
    await send(sandbox, ['ann@one.test', 'stranger@else.test', 'bob@one.test']);
    await send(sandbox, ['stranger@else.test']);
    await sandbox.json('messages?from=app@x.test&to=carl@one.test', {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: RAW,
    });
    expect(await outcomes(sandbox, 3)).toEqual([
      'auto ann@one.test delivered',
      'auto bob@one.test delivered',
      'auto carl@one.test delivered',
    ]);
    const { messages } = await receiver.json<{ messages: { envelope: { to: string[] } }[] }>('messages');
    expect(messages.map(({ envelope }) => envelope.to)).toEqual([
      ['carl@one.test'],
      ['ann@one.test', 'bob@one.test'],
    ]);
  });

  it('does not relay automatic mail, discarded mail, and mail that clients stored', async () => {
    const { sandbox } = await pair('auto');
    await rule(sandbox, { on: 'rcpt', when: { rcpt: 'drop@*' }, then: { discard: true } });
    await send(sandbox, ['ann@one.test'], AUTOMATIC);
    await send(sandbox, ['ann@one.test'], RAW, '');
    await send(sandbox, ['drop@one.test', 'kept@one.test']);
    expect(await outcomes(sandbox, 1)).toEqual(['auto kept@one.test delivered']);
  });

  it('and a rule do not send a message twice to one recipient', async () => {
    const { sandbox, receiver } = await pair('auto');
    await rule(sandbox, { on: 'stored', then: { relay: true } });
    await rule(sandbox, { on: 'data', then: { relay: { to: ['copy@one.test', 'ann@one.test'] } } });
    for (let index = 0; index < 5; index++) await send(sandbox, ['ann@one.test']);
    const all = await outcomes(sandbox, 10);
    expect(all.filter((line) => line.includes(' ann@one.test delivered'))).toHaveLength(5);
    expect(all.filter((line) => line === 'rule copy@one.test delivered')).toHaveLength(5);
    const to = await receiver.json<{ total: number }>('messages?account=ann@one.test');
    expect(to.total).toBe(5);
  });

  it('continues where the previous process stopped, and does not relay messages of the time when it was off', async () => {
    const world = await startMailWorld({
      'one.test': { MX: ['10 mx.one.test'] },
      'mx.one.test': { A: ['127.0.0.2'] },
    });
    const receiver = await world.receiver(2);
    const first = await world.relay({ mode: 'manual' });
    const { store, capture } = first;
    const open = (mode: 'manual' | 'auto') => world.relay({ mode }, { store });
    await capture(['off@one.test']);
    await first.relay.close();
    const second = await open('auto');
    await second.relay.close();
    await capture(['late@one.test']);
    const third = await open('auto');
    await expect
      .poll(() => third.relay.deliveries({ state: 'delivered' }).map(({ to }) => to))
      .toEqual(['late@one.test']);
    await third.relay.close();
    await (await open('manual')).relay.close();
    await capture(['never@one.test']);
    const fourth = await open('auto');
    await capture(['now@one.test']);
    await expect
      .poll(() => fourth.relay.deliveries({ state: 'delivered' }).map(({ to }) => to))
      .toEqual(['now@one.test', 'late@one.test']);
    expect((await receiver.messages()).map(({ envelope }) => envelope.to[0])).toEqual([
      'late@one.test',
      'now@one.test',
    ]);
  });
});

describe('two sandboxes that relay to each other', () => {
  it('detect the loop when a message returns', async () => {
    const a = await startTestSandbox();
    const open = (name: string, to: number, smtpPort = 0) =>
      startTestSandbox({
        relay: 'auto',
        relayAllow: ['*'],
        relayRoute: [`*=127.0.0.1:${to}`],
        relayHostname: name,
        smtpPort,
      });
    await a.close();
    const b = await open('b.test', a.smtp.port);
    const back = await open('a.test', b.smtp.port, a.smtp.port);
    await send(back, ['ann@one.test']);
    const kept = async () => (await back.json<{ total: number }>('messages')).total;
    await expect.poll(kept, { interval: 5 }).toBe(2);
    // Messages are processed in their order: when this message is sent, the returned message has been processed without
    // being sent.
    await send(back, ['bob@one.test']);
    expect(await outcomes(back, 2)).toEqual(['auto ann@one.test delivered', 'auto bob@one.test delivered']);
  });
});

describe('the allow list', () => {
  it('applies to rules, and a rule relays nothing in manual mode', async () => {
    const auto = await pair('auto');
    const forbidden = { relay: { to: ['ann@one.test', 'boss@else.test'] } };
    await rule(auto.sandbox, { on: 'data', then: forbidden });
    await rule(auto.sandbox, { on: 'stored', then: forbidden });
    await send(auto.sandbox, ['x@else.test']);
    await send(auto.sandbox, ['last@one.test']);
    expect(await outcomes(auto.sandbox, 1)).toEqual(['auto last@one.test delivered']);

    const manual = await pair('manual', ['*']);
    await rule(manual.sandbox, { on: 'stored', then: { relay: true } });
    const id = await send(manual.sandbox, ['ann@one.test']);
    // The detail of the message shows that the rule requested a release which the policy refused.
    const refused = async () => (await manual.sandbox.json<Detail>(`messages/${id}`)).refusedRelay?.code;
    await expect.poll(refused, { interval: 5 }).toBe('manual-only');
    await manual.sandbox.json(`messages/${id}/release`, { method: 'POST' });
    expect(await outcomes(manual.sandbox, 1)).toEqual(['person ann@one.test delivered']);
  });
});
