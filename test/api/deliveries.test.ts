/** Tests the API calls for releases and deliveries, between two whole sandboxes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Delivery,
  DeliveryDetail,
  DeliveryList,
  Info,
  Problem,
  Released,
} from '../../contract/index.ts';
import { createClient } from '../../sdk/client.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const RAW = Buffer.from('From: app@x.test\r\nTo: ann@one.test\r\nSubject: hello\r\n\r\nHello\r\n');
let receiver: TestSandbox;
let sandbox: TestSandbox;

beforeAll(async () => {
  receiver = await openTestSandbox();
  sandbox = await openTestSandbox({
    relay: 'manual',
    relayAllow: ['one.test', 'closed.test'],
    relayDeny: ['boss@one.test'],
    relayRoute: [`one.test=127.0.0.1:${receiver.smtp.port}`, 'closed.test=127.0.0.1:1'],
    relayHostname: 'relay.test',
  });
});
afterAll(() => Promise.all([receiver.close(), sandbox.close()]));

const captured = async (...to: string[]): Promise<string> => {
  const [id = ''] = await sendRaw(sandbox.smtp, [RAW], { from: 'app@x.test', to });
  return id;
};
const post = (path: string, body?: unknown): Promise<Response> =>
  sandbox.api(path, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
const release = async (id: string, body?: unknown): Promise<Released> => {
  const response = await post(`messages/${id}/release`, body);
  expect(response.status).toBe(202);
  return (await response.json()) as Released;
};
const refusal = async (id: string, body: unknown): Promise<Problem> => {
  const response = await post(`messages/${id}/release`, body);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await response.json()) as Problem;
};
const detail = (id: string): Promise<DeliveryDetail> => sandbox.json<DeliveryDetail>(`deliveries/${id}`);
const inState = (id: string, state: string): Promise<void> =>
  expect.poll(async () => (await detail(id)).state, { interval: 5 }).toBe(state);
const received = async (): Promise<number> =>
  (await receiver.json<{ total: number }>('messages?limit=1')).total;

describe('a release', () => {
  it('answers 202 with one delivery for each recipient, which arrive', async () => {
    const id = await captured('ann@one.test', 'bob@one.test');
    const before = await received();
    const released = await release(id, {});
    expect(released.deliveries.map(({ to, by, resent, message }) => [to, by, resent, message])).toEqual([
      ['ann@one.test', 'person', false, id],
      ['bob@one.test', 'person', false, id],
    ]);
    for (const delivery of released.deliveries) await inState(delivery.id, 'delivered');
    expect(await received()).toBe(before + 1);
    const { log, ...delivery } = await detail(released.deliveries[0]?.id ?? '');
    expect(delivery).toMatchObject({
      release: released.release,
      status: '2.0.0',
      host: '127.0.0.1',
      attempts: 1,
    });
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ round: 1, outcome: 'delivered', port: receiver.smtp.port, tls: null });
    expect(log[0]?.transcript.map(({ text }) => text)).toContain('RCPT TO:<ann@one.test>');
  });

  it('accepts no body, the id `latest`, and other recipients', async () => {
    const id = await captured('stranger@elsewhere.test', 'ann@one.test');
    const { deliveries } = await release(`latest`, { to: ['carl@one.test'] });
    expect(deliveries.map(({ to, message, resent }) => [to, message, resent])).toEqual([
      ['carl@one.test', id, true],
    ]);
    await captured('dora@one.test');
    expect((await release('latest')).deliveries.map(({ to }) => to)).toEqual(['dora@one.test']);
  });

  it('that the policy refuses responds with 403 and the reason, and nothing of it is sent', async () => {
    const id = await captured('ann@one.test', 'stranger@elsewhere.test');
    const { counts } = await sandbox.json<DeliveryList>('deliveries');
    expect(await refusal(id, {})).toEqual({
      type: 'urn:restante:relay-refused',
      title: 'The release is refused',
      status: 403,
      detail: 'stranger@elsewhere.test is not on the allow list',
      code: 'not-allowed',
      recipients: [
        {
          to: 'stranger@elsewhere.test',
          code: 'not-allowed',
          reason: 'stranger@elsewhere.test is not on the allow list',
        },
      ],
    });
    expect(await refusal(id, { to: ['ann@one.test', 'Boss@one.test'] })).toMatchObject({
      status: 403,
      code: 'denied',
    });
    const after = await sandbox.json<DeliveryList>(`deliveries?message=${id}`);
    expect(after.deliveries).toEqual([]);
    const sum = (of: object): number => Object.values(of).reduce((a: number, b) => a + Number(b), 0);
    expect(sum(after.counts)).toBe(sum(counts));
  });

  it('can be rehearsed, which sends nothing', async () => {
    const id = await captured('ann@one.test', 'stranger@elsewhere.test');
    const response = await post(`messages/${id}/release/rehearsal`, {});
    expect(await response.json()).toEqual({
      refusal: { code: 'not-allowed', reason: 'stranger@elsewhere.test is not on the allow list' },
      recipients: [
        { to: 'ann@one.test', refusal: null },
        {
          to: 'stranger@elsewhere.test',
          refusal: { code: 'not-allowed', reason: 'stranger@elsewhere.test is not on the allow list' },
        },
      ],
    });
    const { deliveries } = await sandbox.json<DeliveryList>(`deliveries?message=${id}`);
    expect(deliveries).toEqual([]);
  });

  it('with an invalid request responds with 400 or 404', async () => {
    const id = await captured('ann@one.test');
    expect(await refusal(id, { to: [] })).toMatchObject({ status: 400, code: 'no-recipients' });
    expect(await refusal(id, { to: ['nobody'] })).toMatchObject({ status: 400, code: 'bad-address' });
    expect(await refusal(id, { to: 'ann@one.test' })).toMatchObject({ status: 400 });
    expect(await refusal(id, { recipients: ['ann@one.test'] })).toMatchObject({ status: 400 });
    expect(await refusal('missing', {})).toMatchObject({ status: 404 });
  });

  it('responds with 403 while relaying is off, regardless of the request', async () => {
    const off = await startTestSandbox({
      relayAllow: ['*'],
      relayRoute: [`*=127.0.0.1:${receiver.smtp.port}`],
    });
    const [id = ''] = await sendRaw(off.smtp, [RAW]);
    const response = await off.api(`messages/${id}/release`, { method: 'POST' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'off',
      detail: 'Relaying is off: start the server with --relay manual or --relay auto',
    });
    expect((await off.json<Info>('info')).relay).toMatchObject({ mode: 'off', allow: ['*'] });
  });
});

describe('a delivery', () => {
  it('waits after a failure, is retried on request, and can be cancelled', async () => {
    const { deliveries } = await release(await captured('ann@closed.test'));
    const { id = '', release: group = '' } = deliveries[0] ?? {};
    await inState(id, 'deferred');
    const deferred = await detail(id);
    expect(deferred).toMatchObject({ rounds: 1, reason: 'Cannot connect to 127.0.0.1 port 1: refused' });
    expect(Date.parse(deferred.nextAttemptAt ?? '')).toBeGreaterThan(Date.parse(deferred.updatedAt));
    const listed = await sandbox.json<DeliveryList>(`deliveries?release=${group}&state=deferred`);
    expect(listed.deliveries.map((delivery) => delivery.id)).toEqual([id]);
    expect(listed.counts.deferred).toBe(1);

    expect((await post(`deliveries/${id}/retry`)).status).toBe(202);
    await expect.poll(async () => (await detail(id)).rounds).toBe(2);
    await inState(id, 'deferred');
    const cancelled = await post(`deliveries/${id}/cancel`);
    expect((await cancelled.json()) as Delivery).toMatchObject({ state: 'cancelled', nextAttemptAt: null });
    expect((await post(`deliveries/${id}/retry`)).status).toBe(202);
    await inState(id, 'deferred');
    await post(`deliveries/${id}/cancel`);
  });

  it('that is complete can be neither retried nor cancelled; an unknown id responds with 404', async () => {
    const { deliveries } = await release(await captured('eve@one.test'));
    const id = deliveries[0]?.id ?? '';
    await inState(id, 'delivered');
    for (const act of ['retry', 'cancel']) {
      const response = await post(`deliveries/${id}/${act}`);
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({
        type: 'urn:restante:delivery-state',
        detail: `The delivery to eve@one.test cannot be ${act === 'retry' ? 'retried' : 'cancelled'}: its state is delivered`,
      });
      expect((await post(`deliveries/x/${act}`)).status).toBe(404);
    }
    expect((await sandbox.api('deliveries/x')).status).toBe(404);
    expect((await sandbox.api('deliveries?state=lost')).status).toBe(400);
    const { deliveries: listed } = await sandbox.json<DeliveryList>('deliveries?to=Eve@one.test');
    expect(listed.map((delivery) => delivery.id)).toEqual([id]);
  });
});

it('can be used by the SDK', async () => {
  const client = createClient({ url: sandbox.url });
  const { deliveries } = await client.release(await captured('ann@one.test'), { to: ['fay@closed.test'] });
  const id = deliveries[0]?.id ?? '';
  await inState(id, 'deferred');
  await client.retryDelivery(id);
  await expect.poll(async () => (await client.delivery(id)).log.length, { interval: 5 }).toBe(2);
  await inState(id, 'deferred');
  expect(await client.cancelDelivery(id)).toMatchObject({ state: 'cancelled' });
  const { deliveries: listed } = await client.deliveries({ to: 'fay@closed.test', state: 'cancelled' });
  expect(listed.map((delivery) => delivery.id)).toEqual([id]);
  const refused = client.release(await captured('x@else.test'));
  await expect(refused).rejects.toMatchObject({ problem: { status: 403, code: 'not-allowed' } });
});

it('shows the current policy', async () => {
  const { relay } = await sandbox.json<Info>('info');
  expect(relay).toMatchObject({
    mode: 'manual',
    allow: ['one.test', 'closed.test'],
    deny: ['boss@one.test'],
    private: false,
    route: 'mx',
    smartHost: null,
    hostname: 'relay.test',
    dkim: null,
    maxPerHour: 100,
  });
  expect(relay.usedThisHour).toBe(Object.values(relay.queue).reduce((sum, n) => sum + n, 0));
});

it('changes the allow list, and shows it with the policy', async () => {
  const own = await startTestSandbox({ relay: 'manual', relayAllow: ['one.test'] });
  const client = createClient({ url: own.url });
  const { relay } = await client.info();
  expect([relay.allow, relay.added, relay.allowFixed]).toEqual([['one.test'], [], false]);
  const { allow, added } = await client.changeAllowList({ add: ['*@else.test'] });
  expect([allow, added]).toEqual([['one.test', '*@else.test'], ['*@else.test']]);
  await expect(client.changeAllowList({ add: ['a b'], remove: ['one.test'] })).rejects.toMatchObject({
    problem: { status: 400, errors: [{ path: 'add[0]' }, { path: 'remove[0]' }] },
  });
  expect((await client.changeAllowList({ remove: ['*@else.test'] })).added).toEqual([]);
  const fixed = await startTestSandbox({ relayAllowFixed: true });
  await expect(createClient({ url: fixed.url }).changeAllowList({ add: ['x.test'] })).rejects.toMatchObject({
    problem: { status: 403, detail: expect.stringContaining('--relay-allow-fixed') as unknown },
  });
});
