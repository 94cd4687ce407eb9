/** Tests the route of a delivery: MX records and addresses, failover, and routes of the configuration. */
import { describe, expect, it } from 'vitest';
import { one, startMailWorld } from '../helpers/mail-world.ts';

describe('the route', () => {
  it('tries hosts by preference, and the next host if one cannot be reached', async () => {
    const world = await startMailWorld({
      'one.test': { MX: ['30 third.test', '10 first.test', '20 second.test'] },
      'first.test': { A: ['127.0.0.9'] },
      'second.test': { A: ['127.0.0.2'] },
      'third.test': { A: ['127.0.0.3'] },
    });
    const second = await world.receiver(2);
    const third = await world.receiver(3);
    const { deliver, relay } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery).toMatchObject({ state: 'delivered', host: 'second.test', rounds: 1, attempts: 2 });
    expect(await second.messages()).toHaveLength(1);
    expect(await third.messages()).toHaveLength(0);
    const tried = await relay.attempts(delivery!.id);
    expect(tried.map(({ host, address, outcome }) => [host, address, outcome])).toEqual([
      ['first.test', '127.0.0.9', 'next-host'],
      ['second.test', '127.0.0.2', 'delivered'],
    ]);
    expect(tried[0]?.reason).toBe(`Cannot connect to 127.0.0.9 port ${world.port}: refused`);
    expect(tried[1]?.transcript.map(({ text }) => text)).toContain('RCPT TO:<ann@one.test>');
  });

  it('distributes over hosts of equal preference', async () => {
    const world = await startMailWorld({
      'one.test': { MX: ['10 a.test', '10 b.test'] },
      'a.test': { A: ['127.0.0.2'] },
      'b.test': { A: ['127.0.0.3'] },
    });
    const counts = [await world.receiver(2), await world.receiver(3)];
    let draw = 0;
    const { deliver } = await world.relay({}, { random: () => (draw = (draw + 0.37) % 1) });
    for (let index = 0; index < 8; index++) await deliver([`u${index}@one.test`]);
    const [a, b] = await Promise.all(counts.map(async (receiver) => (await receiver.messages()).length));
    expect(a! + b!).toBe(8);
    expect(Math.min(a!, b!)).toBeGreaterThan(0);
  });

  it('tries every address of a host', async () => {
    const world = await startMailWorld({
      'one.test': { MX: ['10 mx.test'] },
      'mx.test': { A: ['127.0.0.8', '127.0.0.2'], AAAA: ['::1'] },
    });
    const receiver = await world.receiver(2);
    const { deliver, relay } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery?.state).toBe('delivered');
    expect((await relay.attempts(delivery!.id)).map(({ address }) => address)).toEqual([
      '127.0.0.8',
      '::1',
      '127.0.0.2',
    ]);
    expect(await receiver.messages()).toHaveLength(1);
  });

  it('is the domain itself without MX, also through aliases and over IPv6', async () => {
    const world = await startMailWorld({
      'bare.test': { A: ['127.0.0.2'] },
      'alias.test': { CNAME: 'one.test' },
      'unhelpful.test': { CNAME: 'one.test', bareAlias: true },
      'xn--bcher-kva.test': { MX: ['10 mx.one.test'] },
      'long.test': { MX: ['10 mx.one.test'], truncated: true },
      ...one,
    });
    const receiver = await world.receiver(2);
    const { deliver } = await world.relay({ allow: ['*.test', '[127.0.0.2]'] });
    const to = [
      'a@bare.test',
      'b@alias.test',
      'c@unhelpful.test',
      'd@bücher.test',
      'e@long.test',
      'f@[127.0.0.2]',
    ];
    const deliveries = await deliver(to);
    expect(deliveries.map(({ state, reason }) => (state === 'delivered' ? state : reason))).toEqual(
      to.map(() => 'delivered'),
    );
    const arrived = (await receiver.messages()).flatMap(({ envelope }) => envelope.to).sort();
    expect(arrived).toEqual([
      'a@bare.test',
      'b@alias.test',
      'c@unhelpful.test',
      'd@xn--bcher-kva.test',
      'e@long.test',
      'f@[127.0.0.2]',
    ]);
  });

  it('fails if the domain accepts no mail, does not exist, or has no address', async () => {
    const world = await startMailWorld({
      'null.test': { MX: ['0 .'] },
      'empty.test': { TXT: ['nothing here'] },
      'lost.test': { MX: ['10 nowhere.test'] },
    });
    const { deliver, notices } = await world.relay();
    const deliveries = await deliver(['a@null.test', 'b@missing.test', 'c@empty.test', 'd@lost.test']);
    expect(deliveries.map(({ state, status, reason }) => [state, status, reason])).toEqual([
      ['failed', '5.1.10', 'The domain null.test accepts no mail'],
      ['failed', '5.1.2', 'The domain missing.test does not exist'],
      ['failed', '5.4.4', 'empty.test has no address'],
      ['failed', '5.4.4', 'nowhere.test has no address'],
    ]);
    await expect.poll(() => notices.length, { interval: 2 }).toBe(4);
  });

  it('is retried while the DNS look-up fails', async () => {
    const world = await startMailWorld({ ...one, 'one.test': { fails: 'SERVFAIL' } });
    await world.receiver(2);
    const { relay, capture, settled } = await world.relay();
    const released = await relay.release(await capture(['ann@one.test']));
    const [delivery] = await settled(released, ['queued']);
    expect(delivery).toMatchObject({ state: 'deferred', status: '4.4.3' });
    expect(delivery?.reason).toBe('The DNS lookup failed for one.test MX (servfail)');
    world.dns.zones.set('one.test', one['one.test']);
    expect((await settled(released))[0]?.state).toBe('delivered');
  });

  it('is that of the configuration: a configured host, or the smart host', async () => {
    const world = await startMailWorld();
    const named = await world.receiver(2);
    const smart = await world.receiver(3, { listed: { app: 'secret' } });
    const { deliver } = await world.relay({
      private: false,
      routes: [`*.one.test=127.0.0.2`],
      smartHost: `smtp://app:secret@127.0.0.3:${world.port}?tls=none`,
    });
    const deliveries = await deliver(['a@sub.one.test', 'b@else.test', 'c@other.test']);
    expect(deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
    expect((await named.messages()).map(({ envelope }) => envelope.to)).toEqual([['a@sub.one.test']]);
    const [message, ...others] = await smart.messages();
    expect(others).toEqual([]);
    expect(message?.envelope.to).toEqual(['b@else.test', 'c@other.test']);
    expect(message?.user).toBe('app');
    expect(world.dns.asked).toEqual([]);
  });
});
