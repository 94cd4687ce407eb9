import { expect, it } from 'vitest';
import { createdOnce } from '../../../server/store/cells.ts';
import { ownedBy, takeOver, type Owned } from '../../../server/store/ownership.ts';
import type { OpenStore } from '../conformance.ts';

interface Work extends Owned {
  readonly done: boolean;
}

const isOpen = ({ done }: Work): boolean => !done;
const increment = (count = 0) => ({ value: count + 1, result: count });

/** Tests the state that the servers on one store share, with one server. */
export function sharedSuite(open: OpenStore): void {
  it('changes records atomically, publishes the changes, and deletes records', async () => {
    const store = await open();
    const counts = store.records.collection<number>('counts');
    await Promise.all(Array.from({ length: 20 }, () => counts.update('n', (n = 0) => n + 1)));
    expect(await counts.get('n')).toBe(20);
    const { seq } = store.changes;
    expect(await counts.update('n', (n) => n)).toBe(20);
    expect(store.changes.seq, 'an unchanged record is not stored').toBe(seq);
    expect(await counts.update('other', () => undefined)).toBeUndefined();
    expect(await counts.update('n', () => undefined)).toBeUndefined();
    expect(await counts.get('n')).toBeUndefined();
    const refuse = counts.update('n', () => {
      throw new Error('refused');
    });
    await expect(refuse).rejects.toThrow('refused');
    await store.changes.caughtUp();
    expect(store.changes.since(seq)).toMatchObject([{ kind: 'record', key: 'n', removed: true }]);
  });

  it('decides about cells atomically, and reports no change of them', async () => {
    const store = await open();
    const { seq } = store.changes;
    const cells = store.cells.collection<number>('counts');
    const results = await Promise.all(Array.from({ length: 20 }, () => cells.update('a\0', increment)));
    expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
    await cells.update('b', increment);
    await cells.update('a\0', (value) => ({ value, result: null }));
    expect(await cells.get('a\0')).toBe(20);
    expect((await cells.list()).map(({ value }) => value)).toEqual([20, 1]);
    const refuse = cells.update('b', () => {
      throw new Error('refused');
    });
    await expect(refuse).rejects.toThrow('refused');
    await cells.update('b', () => ({ value: undefined, result: null }));
    expect(await cells.get('b')).toBeUndefined();
    expect(await createdOnce(cells, 'b', () => 5)).toBe(5);
    expect(await createdOnce(cells, 'b', () => 6)).toBe(5);
    await store.cells.collection('counts').clear();
    expect(await store.cells.collection('counts').list()).toEqual([]);
    expect(store.changes.seq).toBe(seq);
  });

  it('takes over records whose owner is gone', async () => {
    const { records, nodes } = await open();
    const work = records.collection<Work>('work');
    await work.put('mine', { done: false, ...ownedBy(nodes) });
    await work.put('left', { done: false, owner: 'a node that was killed' });
    await work.put('done', { done: true, owner: 'a node that was killed' });
    const own = await takeOver(work, nodes, isOpen);
    expect(own.map(({ key }) => key)).toEqual(['mine', 'left']);
    expect(own.map(({ value }) => value.owner)).toEqual([nodes.self, nodes.self]);
    expect((await work.get('done'))?.owner).toBe('a node that was killed');
  });

  it('leads every task, has nobody to ask, and runs exclusive work one after the other', async () => {
    const { nodes } = await open();
    let elections = 0;
    const leadership = await nodes.lead('task', async () => {
      elections++;
    });
    expect([leadership.isHeld, elections]).toEqual([true, 1]);
    await leadership.close();
    expect(await nodes.ask('topic', 1)).toEqual([]);
    let inside = 0;
    const work = async (): Promise<number> => {
      inside++;
      await nodes.running();
      return inside--;
    };
    expect(await Promise.all([1, 2, 3].map(() => nodes.exclusively('lock', work)))).toEqual([1, 1, 1]);
    await expect(nodes.exclusively('lock', () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    );
    expect(await nodes.exclusively('lock', work)).toBe(1);
  });
}
