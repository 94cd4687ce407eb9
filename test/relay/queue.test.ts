/** Tests the queue: cancelled deliveries, a close and a crash during a delivery, and the schedule of retries. */
import type net from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitAfter } from '../../server/relay/backoff.ts';
import type { Delivery } from '../../server/relay/delivery.ts';
import { one, startMailWorld, type MailWorld } from '../helpers/mail-world.ts';

interface HeldServer {
  /** Resolves when a client has sent the command whose reply is delayed. */
  heard(command: string): Promise<void>;
  /** Sends the delayed reply. */
  letGo(): void;
  /** Resolves when no client is connected. */
  gone(): Promise<void>;
  readonly said: string[];
}

/** Starts a mail server that delays its reply to one command. */
async function holding(world: MailWorld, command: string, answer: string): Promise<HeldServer> {
  const said: string[] = [];
  const sockets = new Set<net.Socket>();
  let held: (() => void) | null = null;
  await world.listener(2, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.write('220 mx\r\n');
    let inData = false;
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) {
        if (inData && line !== '.') continue;
        said.push(line);
        const reply = line === 'DATA' ? '354 go' : '250 ok';
        inData = line === 'DATA';
        if (line === command) held = () => socket.write(`${answer}\r\n`);
        else socket.write(`${reply}\r\n`);
      }
    });
  });
  return {
    said,
    heard: (line) => expect.poll(() => said, { interval: 2 }).toContain(line),
    letGo: () => held?.(),
    gone: () => expect.poll(() => sockets.size, { interval: 2 }).toBe(0),
  };
}

describe('a delivery', () => {
  it('that is cancelled while its message is being sent is withdrawn before the end of the message', async () => {
    const world = await startMailWorld(one);
    const server = await holding(world, 'DATA', '354 go');
    const { relay, capture } = await world.relay();
    const [delivery] = await relay.release(await capture(['ann@one.test']));
    await server.heard('DATA');
    expect(await relay.cancel(delivery!.id)).toMatchObject({ state: 'cancelled' });
    server.letGo();
    await server.gone();
    expect(server.said).not.toContain('.');
    expect(relay.delivery(delivery!.id)).toMatchObject({ state: 'cancelled' });
  });

  it('is not cancelled while a server is accepting the message, and closing waits for the reply', async () => {
    const world = await startMailWorld(one);
    const server = await holding(world, '.', '250 2.0.0 taken at last');
    const { relay, capture } = await world.relay();
    const [delivery] = await relay.release(await capture(['ann@one.test']));
    await server.heard('.');
    expect(await relay.cancel(delivery!.id)).toMatchObject({ state: 'sending' });
    expect(await relay.retry(delivery!.id)).toMatchObject({ state: 'sending' });
    const closed = relay.close();
    server.letGo();
    await closed;
    expect(relay.delivery(delivery!.id)).toMatchObject({
      state: 'delivered',
      reason: '250 2.0.0 taken at last',
    });
  });

  it('that is interrupted by the close is completed by the next process', async () => {
    const world = await startMailWorld(one);
    const server = await holding(world, 'DATA', '354 go');
    const first = await world.relay();
    const [{ id } = {} as Delivery] = await first.relay.release(await first.capture(['ann@one.test']));
    await server.heard('DATA');
    await first.relay.close();
    expect(first.relay.delivery(id)).toMatchObject({ state: 'queued', rounds: 0 });
    const { relay, settled } = await world.relay(
      { routes: [`one.test=127.0.0.3:${world.port}`] },
      { store: first.store },
    );
    const receiver = await world.receiver(3);
    await relay.retry(id);
    expect((await settled([relay.delivery(id)!]))[0]).toMatchObject({ state: 'delivered' });
    expect(await receiver.messages()).toHaveLength(1);
  });

  it('that was about to end at a crash is unknown: it is sent again only on request', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const first = await world.relay();
    const [{ id } = {} as Delivery] = await first.relay.release(await first.capture(['ann@one.test']));
    await first.settled([first.relay.delivery(id)!]);
    await first.relay.close();
    const records = first.store.records.collection<Delivery>('deliveries');
    await records.put(id, { ...first.relay.delivery(id)!, state: 'sending', nextAttemptAt: 0 });
    const { relay, deliver, settled } = await world.relay({}, { store: first.store });
    expect(relay.delivery(id)).toMatchObject({
      state: 'unknown',
      reason:
        'The process ended while the server was accepting the message: the message may have been delivered or not',
    });
    await deliver(['bob@one.test']);
    expect(await receiver.messages()).toHaveLength(2);
    await relay.retry(id);
    expect((await settled([relay.delivery(id)!]))[0]).toMatchObject({ state: 'delivered' });
    expect(await receiver.messages()).toHaveLength(3);
  });

  it('is cancelled when its message is deleted', async () => {
    const world = await startMailWorld({ 'one.test': { fails: 'SERVFAIL' } });
    const { relay, capture, settled, store } = await world.relay({
      timing: { delays: [60_000], close: 100 },
    });
    const id = await capture(['ann@one.test']);
    const released = await relay.release(id);
    await settled(released, ['queued']);
    await store.messages.removeMatching({});
    await relay.retry(released[0]!.id);
    expect((await settled(released))[0]).toMatchObject({
      state: 'cancelled',
      reason: 'The message was deleted',
    });
  });
});

it('waits longer after each round, with a random share', () => {
  const timing = { delays: [60_000, 300_000, 900_000], jitter: 0.2 };
  expect([1, 2, 3, 4, 50].map((rounds) => waitAfter(rounds, timing, () => 0.5))).toEqual([
    60_000, 300_000, 900_000, 900_000, 900_000,
  ]);
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (rounds, draw) => {
      const base = waitAfter(rounds + 1, timing, () => 0.5);
      const wait = waitAfter(rounds + 1, timing, () => draw);
      expect(Math.abs(wait - base)).toBeLessThanOrEqual(base * 0.2 + 1);
    }),
  );
});
