/** Delivery through a mail world on loopback: routes, failover, outcomes, the bytes that arrive. */
import { describe, expect, it } from 'vitest';
import { headerValues, parseHeaders } from '../../server/message/header.ts';
import type { Delivery } from '../../server/relay/relay.ts';
import { MESSAGE, QUICK, startMailWorld } from '../helpers/mail-world.ts';

const one = { 'one.test': { MX: ['10 mx.one.test'] }, 'mx.one.test': { A: ['127.0.0.2'] } };

describe('the message that arrives', () => {
  it('is the one captured, with one Received field more', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { deliver } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery).toMatchObject({ state: 'delivered', host: 'mx.one.test', rounds: 1, status: '2.0.0' });
    const raw = (await receiver.raw()).toString();
    expect(raw.endsWith(MESSAGE)).toBe(true);
    const [added, ...rest] = parseHeaders(Buffer.from(raw));
    expect(rest).toHaveLength(parseHeaders(Buffer.from(MESSAGE)).length);
    expect(added?.name).toBe('Received');
    expect(added?.value).toMatch(
      /^from app\.test \(\[127\.0\.0\.1\]\)\tby relay\.test \(Restante\) with ESMTP id \w+\tfor <ann@one\.test>;\t\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/,
    );
    const [message] = await receiver.messages();
    expect(message?.envelope).toEqual({ from: 'app@sender.test', to: ['ann@one.test'] });
    expect(message?.origin.helo).toBe('relay.test');
  });

  it('has no Bcc, and says Resent only where recipients change', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { relay, capture, settled } = await world.relay();
    const raw = `Bcc: secret@one.test,\r\n other@one.test\r\n${MESSAGE}`;
    const id = await capture(['ann@one.test', 'secret@one.test'], raw);
    await settled(await relay.release(id));
    await settled(await relay.release(id, ['Bob@one.test']));
    const [original, resent] = await receiver.messages();
    const fields = async (index: number) => ({ headers: parseHeaders(await receiver.raw(index)) });
    expect(original?.envelope.to).toEqual(['ann@one.test', 'secret@one.test']);
    expect((await receiver.raw(0)).toString()).not.toMatch(/secret|Resent|^\tfor/im);
    expect(resent?.envelope.to).toEqual(['Bob@one.test']);
    const again = await fields(1);
    expect(headerValues(again, 'Resent-To')).toEqual(['<Bob@one.test>']);
    expect(headerValues(again, 'Resent-From')).toEqual(['Restante <restante@relay.test>']);
    expect(headerValues(again, 'Resent-Date')).toHaveLength(1);
    expect(headerValues(again, 'Bcc')).toEqual([]);
    expect(headerValues(again, 'Received')).toHaveLength(1);
  });

  it('goes to all recipients of a domain at once, and to each domain apart', async () => {
    const world = await startMailWorld({
      ...one,
      'two.test': { MX: ['10 mx.two.test'] },
      'mx.two.test': { A: ['127.0.0.3'] },
    });
    const first = await world.receiver(2);
    const second = await world.receiver(3);
    const { deliver } = await world.relay();
    const deliveries = await deliver(['a@one.test', 'b@one.test', 'c@TWO.test', 'A@one.test']);
    expect(deliveries.map(({ to, state }) => `${to} ${state}`)).toEqual([
      'A@one.test delivered',
      'b@one.test delivered',
      'c@two.test delivered',
    ]);
    expect((await first.messages()).map(({ envelope }) => envelope.to)).toEqual([
      ['A@one.test', 'b@one.test'],
    ]);
    expect((await second.messages()).map(({ envelope }) => envelope.to)).toEqual([['c@two.test']]);
  });
});

describe('the route', () => {
  it('tries hosts by preference, and the next one when a host cannot be reached', async () => {
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

  it('spreads over hosts of equal preference', async () => {
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

  it('is the domain itself without MX, through aliases, and over IPv6', async () => {
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

  it('ends where the domain takes no mail, does not exist, or has no address', async () => {
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

  it('waits while the DNS gives no answer', async () => {
    const world = await startMailWorld({ ...one, 'one.test': { fails: 'SERVFAIL' } });
    await world.receiver(2);
    const { relay, capture, settled } = await world.relay();
    const released = await relay.release(await capture(['ann@one.test']));
    const [delivery] = await settled(released, ['queued']);
    expect(delivery).toMatchObject({ state: 'deferred', status: '4.4.3' });
    expect(delivery?.reason).toBe('The DNS gives no answer for one.test MX (servfail)');
    world.dns.zones.set('one.test', one['one.test']);
    expect((await settled(released))[0]?.state).toBe('delivered');
  });

  it('goes where the configuration says: a named place, or the smart host', async () => {
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

describe('outcomes', () => {
  it('come back until a temporary refusal ends', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    await receiver.capture.rules.put({
      on: 'rcpt',
      script: ['451 4.7.1 later', '451 4.7.1 later', 'accept'],
    });
    const { deliver, relay, notices } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery).toMatchObject({ state: 'delivered', rounds: 3, attempts: 3 });
    const attempts = await relay.attempts(delivery!.id);
    expect(attempts.map(({ outcome, reason }) => [outcome, reason.slice(0, 15)])).toEqual([
      ['deferred', '451 4.7.1 later'],
      ['deferred', '451 4.7.1 later'],
      ['delivered', expect.stringMatching(/^250 2\.0\.0 Ok/)],
    ]);
    expect(await receiver.messages()).toHaveLength(1);
    expect(notices).toEqual([]);
  });

  it('are all kept, over a restart and with those tried after it', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    await receiver.capture.rules.put({
      on: 'rcpt',
      script: [...Array<string>(24).fill('451 4.7.1 later'), 'accept'],
    });
    const timing = { ...QUICK, delays: [1] };
    const first = await world.relay({ timing });
    const [delivery] = await first.relay.release(await first.capture(['ann@one.test']));
    const id = delivery!.id;
    await expect.poll(() => first.relay.delivery(id)?.attempts, { interval: 2 }).toBeGreaterThan(11);
    await first.relay.close();
    // A process that was killed counted one less than it kept.
    const records = first.store.records<Delivery>('deliveries');
    const kept = await records.get(id);
    await records.put(id, { ...kept!, attempts: kept!.attempts - 1 });
    const again = await world.relay({ timing }, { store: first.store });
    await again.settled([delivery!]);
    const attempts = await again.relay.attempts(id);
    expect(attempts.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(24).fill('deferred'),
      'delivered',
    ]);
    expect(attempts.every(({ transcript }) => transcript.length > 0)).toBe(true);
  });

  it('are one for each recipient', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { relay, capture, settled, notices } = await world.relay();
    const to = ['good@one.test', 'no-reject-550@one.test', 'later-temp-451@one.test'];
    const released = await relay.release(await capture(to));
    const now = await settled(released, ['queued', 'sending']);
    expect(now.map(({ state }) => state)).toEqual(['delivered', 'failed', 'deferred']);
    expect((await receiver.messages())[0]?.envelope.to).toEqual(['good@one.test']);
    await relay.cancel(now[2]!.id);
    await expect.poll(() => notices.length, { interval: 2 }).toBe(1);
    const notice = notices[0]!.raw.toString();
    expect(notice).toContain(
      'Final-Recipient: rfc822; no-reject-550@one.test\r\nAction: failed\r\nStatus: 5.',
    );
    expect(notice).not.toContain('later-temp');
  });

  it('fail when the sender is refused, or the message', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { deliver } = await world.relay();
    for (const on of ['mail', 'predata', 'data']) {
      await receiver.capture.rules.put({ id: 'r', on, then: { reject: '554 5.7.1 not here' } }, 'r');
      const deliveries = await deliver(['a@one.test', 'b@one.test']);
      expect(
        deliveries.map(({ state, reason }) => [state, reason]),
        on,
      ).toEqual([
        ['failed', '554 5.7.1 not here'],
        ['failed', '554 5.7.1 not here'],
      ]);
    }
    await receiver.capture.rules.remove('r');
    expect((await deliver(['a@one.test']))[0]?.state).toBe('delivered');
    expect(await receiver.messages()).toHaveLength(1);
  });

  it('survive a server that drops the connection at any stage', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { deliver } = await world.relay();
    for (const on of ['connect', 'helo', 'mail', 'rcpt', 'predata', 'data', 'stored']) {
      await receiver.capture.rules.put({ id: on, on, times: 1, then: { disconnect: true } }, on);
      const [delivery] = await deliver([`${on}@one.test`]);
      expect(delivery?.state, `${on}: ${delivery?.reason ?? ''}`).toBe('delivered');
      await receiver.capture.rules.remove(on);
    }
    expect(new Set((await receiver.messages()).flatMap(({ envelope }) => envelope.to)).size).toBe(7);
  });

  it('turn to the next host from one that hangs', async () => {
    const world = await startMailWorld({
      'one.test': { MX: ['10 hangs.test', '20 mx.one.test'] },
      'hangs.test': { A: ['127.0.0.4'] },
      'mx.one.test': { A: ['127.0.0.2'] },
    });
    await world.listener(4, () => undefined);
    const receiver = await world.receiver(2);
    const { deliver, relay } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery).toMatchObject({ state: 'delivered', rounds: 1 });
    const [first] = await relay.attempts(delivery!.id);
    expect(first?.reason).toMatch(/greeting/i);
    expect(await receiver.messages()).toHaveLength(1);
  });

  it('do not hold up other domains while a host hangs', async () => {
    const world = await startMailWorld({
      ...one,
      'slow.test': { MX: ['10 hangs.test'] },
      'hangs.test': { A: ['127.0.0.4'] },
    });
    await world.listener(4, () => undefined);
    await world.receiver(2);
    const { relay, capture, deliver } = await world.relay({
      timing: { delays: [60_000], greeting: 20_000, connect: 20_000, close: 10, idle: 10 },
    });
    for (let index = 0; index < 5; index++) await relay.release(await capture([`u${index}@slow.test`]));
    expect((await deliver(['ann@one.test']))[0]?.state).toBe('delivered');
    expect(relay.deliveries({ state: 'queued' })).toHaveLength(5);
  });

  it('end when the time for it is over, and the sender hears of the delay before', async () => {
    const world = await startMailWorld(one);
    const { deliver, notices } = await world.relay({
      timing: { delays: [15], jitter: 0, giveUpAfter: 1500, notifyAfter: 1, connect: 500, close: 100 },
    });
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery?.state).toBe('failed');
    expect(delivery?.reason).toMatch(/^Given up: Cannot connect/);
    await expect
      .poll(() => notices.map(({ tags }) => tags), { interval: 2 })
      .toEqual([['delayed'], ['bounce']]);
    expect(notices[0]!.raw.toString()).toContain('Action: delayed\r\nStatus: 4.4.1\r\n');
  });
});

describe('connections', () => {
  it('are used again for the next message to the same host', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { deliver } = await world.relay();
    for (const name of ['a', 'b', 'c']) await deliver([`${name}@one.test`]);
    const sessions = (await receiver.messages()).map(({ origin }) => origin.session);
    expect(sessions).toHaveLength(3);
    expect(new Set(sessions).size).toBe(1);
  });

  it('are two at most to one host', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    await receiver.capture.rules.put({ on: 'rcpt', then: { delay: '20ms' } });
    const { relay, capture, settled } = await world.relay();
    const all = [];
    for (let index = 0; index < 12; index++) {
      all.push(...(await relay.release(await capture([`u${index}@one.test`]))));
    }
    expect((await settled(all)).every(({ state }) => state === 'delivered')).toBe(true);
    const messages = await receiver.messages();
    expect(new Set(messages.map(({ origin }) => origin.session)).size).toBeLessThanOrEqual(2);
    expect(messages).toHaveLength(12);
  });

  it('that the server closed meanwhile are no loss', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2, { smtp: { idleTimeout: 60 } });
    const { deliver } = await world.relay({ timing: { delays: [10], idle: 5_000, close: 100 } });
    expect((await deliver(['a@one.test']))[0]?.state).toBe('delivered');
    await expect.poll(() => receiver.server.connections).toBe(0);
    expect((await deliver(['b@one.test']))[0]).toMatchObject({ state: 'delivered', rounds: 1 });
  });
});

describe('needs of a message', () => {
  const limited = async (extensions: readonly string[]) => {
    const world = await startMailWorld(one);
    const said: string[] = [];
    await world.listener(2, (socket) => {
      socket.write('220 mx.one.test\r\n');
      let inData = false;
      socket.on('data', (chunk) => {
        for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) {
          said.push(line);
          if (inData) {
            if (line !== '.') continue;
            inData = false;
            socket.write('250 taken\r\n');
          } else if (line.startsWith('EHLO')) {
            socket.write(['250-mx', ...extensions.map((name) => `250-${name}`), '250 HELP', ''].join('\r\n'));
          } else if (line === 'DATA') {
            inData = true;
            socket.write('354 go\r\n');
          } else socket.write('250 ok\r\n');
        }
      });
    });
    return { ...(await world.relay()), said };
  };
  const utf8Body = 'Subject: x\r\n\r\ngrün\r\n';
  const utf8Header = 'Subject: grün\r\n\r\nx\r\n';

  it('are announced where the server has what it takes', async () => {
    const { deliver, said } = await limited(['8BITMIME', 'SMTPUTF8', 'SIZE 1000000']);
    expect((await deliver(['ann@one.test'], utf8Body))[0]?.state).toBe('delivered');
    expect((await deliver(['ann@one.test'], utf8Header))[0]?.state).toBe('delivered');
    expect((await deliver(['grün@one.test']))[0]?.state).toBe('delivered');
    const mail = said.filter((line) => line.startsWith('MAIL'));
    expect(mail[0]).toMatch(/^MAIL FROM:<app@sender\.test> BODY=8BITMIME SIZE=\d+$/);
    expect(mail[1]).toMatch(/ SIZE=\d+ SMTPUTF8$/);
    expect(mail[2]).toMatch(/ SMTPUTF8 SIZE=\d+$/);
  });

  it('that the server lacks are a bounce, and nothing is sent', async () => {
    const { deliver, said, notices } = await limited(['SIZE 100']);
    const outcome = async (to: string, raw?: string) => {
      const [delivery] = await deliver([to], raw);
      return [delivery?.state, delivery?.status];
    };
    const small = 'Subject: x\r\n';
    expect(await outcome('ann@one.test', `${small}\r\n${'x'.repeat(200)}\r\n`)).toEqual(['failed', '5.3.4']);
    const unlimited = await limited([]);
    const [body] = await unlimited.deliver(['ann@one.test'], utf8Body);
    const [header] = await unlimited.deliver(['ann@one.test'], utf8Header);
    const [address] = await unlimited.deliver(['grün@one.test']);
    expect([body?.status, header?.status, address?.status]).toEqual(['5.6.3', '5.6.7', '5.6.7']);
    expect([...said, ...unlimited.said].filter((line) => /^(MAIL|DATA)/.test(line))).toEqual([]);
    await expect.poll(() => notices.length, { interval: 2 }).toBe(1);
  });
});
