import { expect, it } from 'vitest';
import type { OpenStore } from '../conformance.ts';
import { newMessage } from '../new-message.ts';

export function recordsSuite(open: OpenStore): void {
  it('stores records by collection and key, in the order of their creation', async () => {
    const store = await open();
    const rules = store.records.collection<{ n: number }>('rules');
    await rules.put('b', { n: 1 });
    await rules.put('a', { n: 2 });
    const seq = await rules.put('b', { n: 3 });
    expect(seq).toBe(store.changes.seq);
    expect(await rules.get('b')).toEqual({ n: 3 });
    expect(await rules.list()).toEqual([
      { key: 'b', value: { n: 3 } },
      { key: 'a', value: { n: 2 } },
    ]);
    expect(await store.records.collection('deliveries').list()).toEqual([]);
    expect(await store.records.collections()).toEqual(['rules']);
    expect(await rules.delete('b')).toBe(true);
    expect(await rules.delete('b')).toBe(false);
    expect(await rules.get('b')).toBeUndefined();
  });

  it('stores a copy of the value that later changes to the object do not affect', async () => {
    const store = await open();
    const value = { list: [1] };
    await store.records.collection('x').put('__proto__', value);
    value.list.push(2);
    expect(await store.records.collection('x').get('__proto__')).toEqual({ list: [1] });
  });

  it('returns its facts', async () => {
    const store = await open();
    const { summary } = await store.messages.add(newMessage());
    expect(await store.facts()).toMatchObject({
      messages: 1,
      accounts: 2,
      bytes: summary.size,
      seq: store.changes.seq,
      warnings: [],
    });
  });

  it('commits records together with a message, or neither', async () => {
    const store = await open();
    const due = (key: string) => ({ collection: 'due', key, value: { effect: key } });
    const { summary } = await store.messages.add({ ...newMessage(), records: [due('a'), due('b')] });
    const listed = () => store.records.collection('due').list();
    expect(await listed()).toEqual([
      { key: 'a', value: { effect: 'a' } },
      { key: 'b', value: { effect: 'b' } },
    ]);
    await expect(
      store.messages.add({ ...newMessage(), id: summary.id, records: [due('c')] }),
    ).rejects.toMatchObject({
      code: 'exists',
    });
    expect((await listed()).map(({ key }) => key)).toEqual(['a', 'b']);
  });
}
