/** Tests the state that several nodes on one database share: records, cells, questions, locks and leadership. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createdOnce } from '../../../server/store/cells.ts';
import { takeOver, type Owned } from '../../../server/store/ownership.ts';
import { openPostgresStore, type PostgresStore } from '../../../server/store/postgres/index.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';

const server = await postgresServer();

async function openNodes(count: number): Promise<PostgresStore[]> {
  const url = await emptyDatabase();
  const nodes: PostgresStore[] = [];
  for (let n = 0; n < count; n++) {
    const store = await openPostgresStore(url);
    onTestFinished(() => store.close());
    nodes.push(store);
  }
  return nodes;
}

const increment = (count = 0) => ({ value: count + 1, result: count });
const fromZero = (length: number) => Array.from({ length }, (_, i) => i);

describe.skipIf(server === null)('nodes on one database', () => {
  it('take each step of a cell and of a record once', async () => {
    const nodes = await openNodes(3);
    const steps = await Promise.all(
      nodes.flatMap(({ cells }) =>
        fromZero(40).map(() => cells.collection<number>('c').update('k', increment)),
      ),
    );
    expect(steps.sort((a, b) => a - b)).toEqual(fromZero(120));
    await Promise.all(
      nodes.flatMap(({ records }) =>
        fromZero(40).map(() => records.collection<number>('r').update('k', (n = 0) => n + 1)),
      ),
    );
    expect(await nodes[0]!.records.collection('r').get('k')).toBe(120);
    const secrets = await Promise.all(
      nodes.map(({ cells }, n) => createdOnce(cells.collection<number>('s'), 'k', () => n)),
    );
    expect(new Set(secrets).size).toBe(1);
    expect(new Set(nodes.map(({ sharedSecret }) => sharedSecret.toString('hex'))).size).toBe(1);
  });

  it('decide on the stored value, not on one that another node has replaced', async () => {
    const [one, other] = (await openNodes(2)) as [PostgresStore, PostgresStore];
    const cells = (node: PostgresStore) => node.cells.collection<string>('c');
    const put = (node: PostgresStore, value: string | undefined) =>
      cells(node).update('k', () => ({ value, result: null }));
    const look = (node: PostgresStore) =>
      cells(node).update('k', (value) => ({ value, result: value ?? 'none' }));
    const collection = cells(one);
    await collection.update('k', () => ({ value: 'first', result: null }));
    await put(other, 'second');
    expect(await collection.update('k', (value) => ({ value, result: value }))).toBe('second');
    await put(other, undefined);
    expect(await collection.update('k', (value) => ({ value, result: value }))).toBeUndefined();
    await put(other, 'third');
    expect(await look(one)).toBe('third');
  });

  it('answer questions of each other, but not those of a node that has ended', async () => {
    const [one, other, third] = (await openNodes(3)) as [PostgresStore, PostgresStore, PostgresStore];
    other.nodes.answer<string, string>('name', async (who) => `${who}, I am the other`);
    third.nodes.answer<string, string>('name', () => Promise.reject(new Error('I do not know')));
    expect(await one.nodes.ask('name', 'one')).toEqual(['one, I am the other']);
    expect(await one.nodes.ask('unknown topic', null)).toEqual([]);
    expect(await Promise.all(fromZero(20).map((n) => one.nodes.ask('name', `${n}`)))).toEqual(
      fromZero(20).map((n) => [`${n}, I am the other`]),
    );
    await other.close();
    expect(await one.nodes.ask('name', 'one')).toEqual([]);
  });

  it('run exclusive work one after the other, and elect one leader and then its successor', async () => {
    const [one, other] = (await openNodes(2)) as [PostgresStore, PostgresStore];
    let inside = 0;
    const work = async (): Promise<number> => {
      inside++;
      await one.nodes.running();
      return inside--;
    };
    const runs = [one, other].flatMap(({ nodes }) => fromZero(10).map(() => nodes.exclusively('x', work)));
    expect(new Set(await Promise.all(runs))).toEqual(new Set([1]));
    const elected: string[] = [];
    const lead = (node: PostgresStore, name: string) =>
      node.nodes.lead('task', async () => {
        elected.push(name);
      });
    const first = await lead(one, 'first');
    const second = await lead(other, 'second');
    onTestFinished(() => second.close());
    expect(first.isHeld).toBe(true);
    await first.close();
    await expect.poll(() => second.isHeld).toBe(true);
    expect(elected).toEqual(['first', 'second']);
  });

  it('take over the work of a node that has ended, and each record only once', async () => {
    const [one, other, third] = (await openNodes(3)) as [PostgresStore, PostgresStore, PostgresStore];
    const work = (node: PostgresStore) => node.records.collection<Owned>('work');
    for (const n of fromZero(30)) await work(one).put(`${n}`, { owner: one.nodes.self });
    const take = (node: PostgresStore) => takeOver(work(node), node.nodes, () => true);
    expect(await take(other), 'the owner is running').toEqual([]);
    let gone = 0;
    other.nodes.onGone(async () => gone++);
    await one.close();
    await expect.poll(() => gone).toBe(1);
    const taken = (await Promise.all([take(other), take(third)])).flat().map(({ key }) => Number(key));
    expect(taken.sort((a, b) => a - b)).toEqual(fromZero(30));
  });
});
