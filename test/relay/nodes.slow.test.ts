/**
 * Tests the relay of several nodes on one PostgreSQL: no message is sent twice, and limits hold for all nodes together.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Delivery } from '../../server/relay/relay.ts';
import { openPostgresStore, type PostgresStore } from '../../server/store/postgres/index.ts';
import { one, startMailWorld, type RelayFixture } from '../helpers/mail-world.ts';
import { emptyDatabase, postgresServer } from '../helpers/postgres.ts';

const server = await postgresServer();

const openNode = async (url: string): Promise<PostgresStore> => {
  const store = await openPostgresStore(url);
  onTestFinished(() => store.close());
  return store;
};

const recipients = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}@one.test`);

/** Resolves when the node shows this state of all the deliveries. */
const shows = (node: RelayFixture, ids: readonly string[], state: string): Promise<void> =>
  expect.poll(() => ids.map((id) => node.relay.delivery(id)?.state)).toEqual(ids.map(() => state));

describe.skipIf(server === null)('the relays of two nodes', () => {
  it('send each message once, and show the same deliveries', async () => {
    const [url, world] = [await emptyDatabase(), await startMailWorld(one)];
    const receiver = await world.receiver(2);
    const nodes = [
      await world.relay({}, { store: await openNode(url) }),
      await world.relay({}, { store: await openNode(url) }),
    ];
    const released = await Promise.all(
      nodes.map(async (node, n) =>
        Promise.all(recipients(10, `n${n}-`).map(async (to) => node.relay.release(await node.capture([to])))),
      ),
    );
    const ids = released.flat(2).map(({ id }) => id);
    for (const node of nodes) await shows(node, ids, 'delivered');
    const arrived = (await receiver.messages()).flatMap(({ envelope }) => envelope.to);
    expect(arrived.sort()).toEqual([...recipients(10, 'n0-'), ...recipients(10, 'n1-')].sort());
  });

  it('apply a change of the allow list on every node before the change is confirmed', async () => {
    const [url, world] = [await emptyDatabase(), await startMailWorld(one)];
    await world.receiver(2);
    const nodes = [
      await world.relay({ allow: [] }, { store: await openNode(url) }),
      await world.relay({ allow: [] }, { store: await openNode(url) }),
    ];
    const [first, second] = nodes;
    const id = await second!.capture(['ann@one.test']);
    await first!.relay.changeAllowList({ add: ['one.test'], remove: [], by: '::1' });
    expect((await second!.relay.rehearse(id)).refusal).toBeNull();
    await second!.relay.changeAllowList({ add: [], remove: ['one.test'], by: '::1' });
    expect((await first!.relay.rehearse(id)).refusal?.code).toBe('not-allowed');
  });

  it('accept no more deliveries per hour than one node', async () => {
    const [url, world] = [await emptyDatabase(), await startMailWorld(one)];
    await world.receiver(2);
    const limits = { maxPerHour: 10 };
    const nodes = [
      await world.relay(limits, { store: await openNode(url) }),
      await world.relay(limits, { store: await openNode(url) }),
    ];
    const outcomes = await Promise.allSettled(
      nodes.flatMap((node, n) =>
        recipients(10, `n${n}-`).map(async (to) => node.relay.release(await node.capture([to]))),
      ),
    );
    const refused = outcomes.flatMap((outcome): unknown[] =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(refused).toHaveLength(10);
    expect(refused).toEqual(refused.map(() => expect.objectContaining({ code: 'ceiling' }) as unknown));
    for (const { relay } of nodes) {
      await relay.caughtUp();
      expect(relay.policy().usedThisHour).toBe(10);
    }
  });

  it('relay each captured message automatically once, also after the leading node has ended', async () => {
    const [url, world] = [await emptyDatabase(), await startMailWorld(one)];
    const receiver = await world.receiver(2);
    const auto = { mode: 'auto' } as const;
    const first = await world.relay(auto, { store: await openNode(url) });
    const second = await world.relay(auto, { store: await openNode(url) });
    const arrived = async (): Promise<string[]> =>
      (await receiver.messages()).flatMap(({ envelope }) => envelope.to).sort();
    for (const to of recipients(5, 'first')) await first.capture([to]);
    for (const to of recipients(5, 'second')) await second.capture([to]);
    const ten = [...recipients(5, 'first'), ...recipients(5, 'second')].sort();
    await expect.poll(arrived).toEqual(ten);
    await first.relay.close();
    await first.store.close();
    await second.capture(['third@one.test']);
    await expect.poll(arrived).toEqual([...ten, 'third@one.test'].sort());
  });

  it('let every node cancel and retry a delivery', async () => {
    const [url, world] = [await emptyDatabase(), await startMailWorld({ 'one.test': { fails: 'SERVFAIL' } })];
    const timing = { delays: [3_600_000], close: 100 };
    const owner = await world.relay({ timing }, { store: await openNode(url) });
    const other = await world.relay({ timing }, { store: await openNode(url) });
    const released = await owner.relay.release(await owner.capture(['ann@one.test', 'bob@one.test']));
    const [ann, bob] = released.map(({ id }) => id) as [string, string];
    await shows(owner, [ann, bob], 'deferred');
    expect(await other.relay.cancel(ann)).toMatchObject({ state: 'cancelled' });
    await shows(owner, [ann], 'cancelled');
    expect(await other.relay.retry(bob)).toMatchObject({ state: 'deferred', owner: owner.store.nodes.self });
    await expect.poll(() => owner.relay.delivery(bob)?.rounds).toBe(2);
    expect(await other.relay.retry(ann)).toMatchObject({ state: 'queued', owner: other.store.nodes.self });
    await expect.poll(() => owner.relay.delivery(ann)).toMatchObject({ state: 'deferred', rounds: 2 });
  });

  it('continue the deliveries of a node that has ended, and send none again whose outcome is unknown', async () => {
    const [url, world] = [await emptyDatabase(), await startMailWorld({ 'one.test': { fails: 'SERVFAIL' } })];
    const timing = { delays: [3_600_000], close: 100 };
    const first = await world.relay({ timing }, { store: await openNode(url) });
    const second = await world.relay({ timing }, { store: await openNode(url) });
    const released = await first.relay.release(await first.capture(['ann@one.test', 'bob@one.test']));
    const [ann, bob] = released.map(({ id }) => id) as [string, string];
    await shows(first, [ann, bob], 'deferred');
    await shows(second, [ann, bob], 'deferred');
    await first.store.records
      .collection<Delivery>('deliveries')
      .update(ann, (now) => now && { ...now, state: 'sending' });
    await first.relay.close();
    await first.store.close();
    await shows(second, [ann], 'unknown');
    await expect.poll(() => second.relay.delivery(bob)?.owner).toBe(second.store.nodes.self);
  });
});
