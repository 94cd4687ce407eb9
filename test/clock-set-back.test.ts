/**
 * Tests of a clock that was ahead for a while and is set back: times noted in the future count as the current time.
 */
import { describe, expect, it } from 'vitest';
import type { Journey } from '../server/checks/links/follow.ts';
import { Memory } from '../server/checks/links/ask.ts';
import { ClientLimits } from '../server/smtp/limits.ts';
import { DeliveryQueue } from '../server/relay/queue.ts';
import { StsPolicies, type StsPolicy } from '../server/relay/mta-sts/policies.ts';
import { remaining } from '../server/rules/retry.ts';
import { openMemoryStore } from '../server/store/memory/index.ts';
import { startCapture } from './helpers/capture.ts';
import { one, QUICK, startMailWorld } from './helpers/mail-world.ts';
import { sendRaw } from './helpers/smtp.ts';

const NOW = Date.UTC(2026, 10, 30);
const DAY = 86_400_000;
const AHEAD = NOW + 3 * DAY;
const mail = Buffer.from('Subject: x\r\nFrom: a@x.test\r\n\r\nhi\r\n');
const replyOf = (error: unknown): string => String(error).replace(/^.*?(\d{3}).*$/s, '$1');

describe('after the clock is set back by three days', () => {
  it('the hourly limit of the relay is reset after an hour', async () => {
    let now = AHEAD;
    const world = await startMailWorld(one);
    await world.receiver(2);
    const { relay, deliver, capture } = await world.relay({ maxPerHour: 1 }, { clock: () => now });
    await deliver(['ann@one.test']);
    now = NOW;
    const id = await capture(['bob@one.test']);
    expect(relay.policy().usedThisHour).toBe(1);
    await expect(relay.release(id)).rejects.toThrow(/deliveries per hour/);
    now = NOW + 3_600_001;
    expect(relay.policy().usedThisHour).toBe(0);
    await relay.release(id);
  });

  it('a deferred delivery is retried, and fails after its maximum time', async () => {
    let now = AHEAD;
    const world = await startMailWorld(one);
    const timing = { ...QUICK, delays: [60_000], giveUpAfter: DAY, notifyAfter: DAY };
    const { relay, capture } = await world.relay({ timing }, { clock: () => now });
    const [delivery] = await relay.release(await capture(['ann@one.test']));
    const id = delivery!.id;
    await expect.poll(() => relay.delivery(id)).toMatchObject({ state: 'deferred', rounds: 1 });
    now = NOW;
    // The next release makes the relay check for due deliveries.
    await relay.release(await capture(['bob@one.test']));
    await expect.poll(() => relay.delivery(id)).toMatchObject({ rounds: 2, nextAttemptAt: NOW + 60_000 });
    now = NOW + DAY + 1;
    await relay.release(await capture(['cid@one.test']));
    await expect.poll(() => relay.delivery(id)).toMatchObject({ state: 'failed' });
  });

  it('finished deliveries are deleted after their time', async () => {
    let now = AHEAD;
    const queue = new DeliveryQueue(await openMemoryStore(), () => now);
    expect(queue.acceptedSince(0)).toBe(0);
    now = NOW;
    expect(queue.acceptedSince(0)).toBe(0);
  });

  it('a rule ends when its lifetime is over', async () => {
    let now = AHEAD;
    const server = await startCapture({ capture: { clock: () => now } });
    const { rules } = server.capture;
    await rules.put({ on: 'rcpt', expiresIn: '10m', then: { reject: 550 } }, 'short');
    await rules.put(
      { on: 'rcpt', expiresAt: new Date(AHEAD).toISOString(), then: { reject: 550 } },
      'chosen',
    );
    now = NOW;
    expect(rules.list().map(({ active }) => active)).toEqual([true, true]);
    now = NOW + 600_000;
    // An expiry time that the author of the rule set is not changed.
    expect(rules.list().map(({ active }) => active)).toEqual([false, true]);
  });

  it('a rule that was stored over a restart ends, too', async () => {
    const store = await openMemoryStore();
    const first = await startCapture({ capture: { store, clock: () => AHEAD } });
    await first.capture.rules.put({ on: 'rcpt', expiresIn: '10m', then: { reject: 550 } });
    let now = NOW;
    const second = await startCapture({ capture: { store, clock: () => now } });
    expect(await second.capture.start()).toEqual([]);
    expect(second.capture.rules.list().map(({ active }) => active)).toEqual([true]);
    now = NOW + 600_000;
    expect(second.capture.rules.list().map(({ active }) => active)).toEqual([false]);
  });

  it('windows and greylists of rules continue', async () => {
    let now = AHEAD;
    const server = await startCapture({ capture: { clock: () => now } });
    await server.capture.rules.putAll([
      { on: 'rcpt', when: { rcpt: 'once@*' }, times: 1, within: '1m', then: { reject: 451 } },
      { on: 'rcpt', when: { rcpt: 'grey@*' }, then: { greylist: { delay: '1m' } } },
    ]);
    const send = (to: string): Promise<string> =>
      sendRaw(server, [mail], { from: 'a@x.test', to: [to] }).then(() => '250', replyOf);
    expect([await send('once@x.test'), await send('once@x.test'), await send('grey@x.test')]).toEqual([
      '451',
      '250',
      '451',
    ]);
    now = NOW;
    expect([await send('once@x.test'), await send('grey@x.test')]).toEqual(['250', '451']);
    now = NOW + 60_000;
    expect([await send('once@x.test'), await send('grey@x.test')]).toEqual(['451', '250']);
  });

  it('retries and delayed effects wait no longer than intended', () => {
    expect(remaining(NOW + 1000, 1000, NOW)).toBe(1000);
    expect(remaining(AHEAD + 1000, 1000, NOW)).toBe(1000);
    expect(remaining(NOW - 1, 1000, NOW)).toBe(0);
  });

  it('an MTA-STS policy expires after its max_age', async () => {
    let now = AHEAD;
    let fetches = 0;
    let record: string | null = 'v=STSv1; id=1;';
    const nothing = () => Promise.resolve(null);
    const policies = new StsPolicies({
      resolver: {
        mx: nothing,
        aaaa: nothing,
        cname: nothing,
        a: () => Promise.resolve(['127.0.0.1']),
        txt: () => Promise.resolve(record === null ? null : [record]),
      },
      cache: (await openMemoryStore()).records.collection<StsPolicy>('mta-sts'),
      fetch: () => {
        fetches++;
        return Promise.resolve('version: STSv1\nmode: enforce\nmx: mx.one.test\nmax_age: 86400\n');
      },
      allowPrivate: true,
      clock: () => now,
    });
    await policies.policyFor('one.test');
    now = NOW;
    record = null;
    expect((await policies.policyFor('one.test')).policy?.expiresAt).toBe(NOW + DAY);
    now = NOW + DAY;
    expect((await policies.policyFor('one.test')).policy).toBeNull();
    expect(fetches).toBe(1);
  });

  it('the cache of the links check expires, and the rate limit of a client is reset', () => {
    let now = AHEAD;
    const memory = new Memory(() => now);
    memory.set('http://x.test/', { hops: [], ending: { kind: 'loop' }, took: 1 } satisfies Journey);
    now = NOW;
    expect(memory.get('http://x.test/')).toBeDefined();
    now = NOW + 300_000;
    expect(memory.get('http://x.test/')).toBeUndefined();
    now = AHEAD;
    const limits = new ClientLimits({ messagesPerMinute: 1 }, () => now);
    limits.mail('192.0.2.1', 0);
    now = NOW;
    expect(() => limits.mail('192.0.2.1', 0)).toThrow(/Too many/);
    now = NOW + 60_000;
    expect(() => limits.mail('192.0.2.1', 0)).not.toThrow();
  });
});
