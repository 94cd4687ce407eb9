/** Tests the outcomes of deliveries: refused, deferred, interrupted, timed out, expired; and the log of attempts. */
import type net from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../server/relay/relay.ts';
import { one, QUICK, startMailWorld, type MailWorld } from '../helpers/mail-world.ts';

/**
 * Starts a server on 127.0.0.2 that refuses each recipient temporarily. The command `unanswered` gets no reply;
 * instead, the function `seen` is called.
 */
async function refusing(
  world: MailWorld,
  unanswered: string,
  seen: (socket: net.Socket) => void,
): Promise<void> {
  const replies: Readonly<Record<string, string>> = {
    EHLO: '250-one.test\r\n250 AUTH PLAIN',
    AUTH: '235 2.7.0 welcome',
    RCPT: '451 4.7.1 later',
    QUIT: '221 2.0.0 bye',
  };
  await world.listener(2, (socket) => {
    socket.write('220 one.test\r\n');
    createInterface(socket).on('line', (line) => {
      const name = line.slice(0, 4);
      if (name === unanswered) seen(socket);
      else socket.write(`${replies[name] ?? '250 2.0.0 Ok'}\r\n`);
    });
  });
}

describe('outcomes', () => {
  it('are retried after a temporary refusal until they succeed', async () => {
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

  it('are all logged, also over a restart, with the later attempts', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    await receiver.capture.rules.put({
      on: 'rcpt',
      script: [...Array<string>(24).fill('451 4.7.1 later'), 'accept'],
    });
    // The first relay closes while no attempt is in progress: an attempt that the close interrupts would not be logged.
    const first = await world.relay({ timing: { ...QUICK, delays: [...Array<number>(11).fill(1), 60_000] } });
    const [delivery] = await first.relay.release(await first.capture(['ann@one.test']));
    const id = delivery!.id;
    await expect.poll(() => first.relay.delivery(id)?.rounds, { interval: 2 }).toBe(12);
    await first.relay.close();
    // Simulates a process that was killed: the process has counted one attempt less than it has stored.
    const records = first.store.records.collection<Delivery>('deliveries');
    const kept = await records.get(id);
    await records.put(id, { ...kept!, attempts: kept!.attempts - 1 });
    const timing = { ...QUICK, delays: [1] };
    const again = await world.relay({ timing }, { store: first.store });
    await again.relay.retry(id);
    await again.settled([delivery!]);
    const attempts = await again.relay.attempts(id);
    expect(attempts.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(24).fill('deferred'),
      'delivered',
    ]);
    expect(attempts.every(({ transcript }) => transcript.length > 0)).toBe(true);
  });

  it('are logged if the server drops the connection after its reply, at RSET', async () => {
    const world = await startMailWorld(one);
    await refusing(world, 'RSET', (socket) => socket.destroy());
    const { relay, capture, settled } = await world.relay({ timing: { ...QUICK, delays: [60_000] } });
    const released = await relay.release(await capture(['ann@one.test']));
    expect(await settled(released, ['queued', 'sending'])).toMatchObject([
      { state: 'deferred', reason: '451 4.7.1 later', attempts: 1 },
    ]);
  });

  it('are logged if the relay closes while it waits for the reply to RSET', async () => {
    const world = await startMailWorld(one);
    let reached = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (reached = resolve));
    await refusing(world, 'RSET', () => reached());
    const { relay, capture } = await world.relay();
    const [delivery] = await relay.release(await capture(['ann@one.test']));
    await waiting;
    await relay.close();
    expect(relay.delivery(delivery!.id)).toMatchObject({ state: 'deferred', rounds: 1, attempts: 1 });
    expect(await relay.attempts(delivery!.id)).toMatchObject([
      { outcome: 'deferred', reason: '451 4.7.1 later' },
    ]);
  });

  it('are logged if the smart host drops the connection during the login', async () => {
    const world = await startMailWorld();
    await refusing(world, 'AUTH', (socket) => socket.destroy());
    const { relay, capture, settled } = await world.relay({
      smartHost: `smtp://user:secret@127.0.0.2:${world.port}?tls=none`,
      timing: { ...QUICK, delays: [60_000] },
    });
    const released = await relay.release(await capture(['ann@one.test']));
    const [delivery] = await settled(released, ['queued', 'sending']);
    expect(delivery).toMatchObject({ state: 'deferred', rounds: 1, attempts: 1 });
    const [attempt] = await relay.attempts(delivery!.id);
    expect(attempt!.transcript.map(({ text }) => text).join('\n')).toContain('AUTH PLAIN');
  });

  it('are separate for each recipient', async () => {
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

  it('are failures when the sender or the message is refused', async () => {
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

  it('are correct for a server that drops the connection at any stage', async () => {
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

  it('are reached at the next host if one host does not respond', async () => {
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

  it('do not delay other domains while a host does not respond', async () => {
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

  it('are failures after the maximum age; before that, the sender is notified of the delay', async () => {
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
