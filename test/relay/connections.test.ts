/** Tests connections to other servers: their reuse, their maximum number, and lost connections. */
import { describe, expect, it } from 'vitest';
import { one, startMailWorld } from '../helpers/mail-world.ts';

describe('connections', () => {
  it('are reused for the next message to the same host', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { deliver } = await world.relay();
    for (const name of ['a', 'b', 'c']) await deliver([`${name}@one.test`]);
    const sessions = (await receiver.messages()).map(({ origin }) => origin.session);
    expect(sessions).toHaveLength(3);
    expect(new Set(sessions).size).toBe(1);
  });

  it('are limited to two to one host', async () => {
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

  it('that the server closed in the meantime do not lose the message', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2, { smtp: { idleTimeout: 60 } });
    const { deliver } = await world.relay({ timing: { delays: [10], idle: 5_000, close: 100 } });
    expect((await deliver(['a@one.test']))[0]?.state).toBe('delivered');
    await expect.poll(() => receiver.server.connections).toBe(0);
    expect((await deliver(['b@one.test']))[0]).toMatchObject({ state: 'delivered', rounds: 1 });
  });
});
