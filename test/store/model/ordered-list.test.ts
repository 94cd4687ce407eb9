import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OrderedList } from '../../../server/store/model/ordered-list.ts';

it('behaves like a sorted map', () => {
  const key = fc.integer({ min: 0, max: 3000 });
  const operation = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key }),
    fc.record({ do: fc.constant('delete' as const), key }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 100 }), fc.nat(2500), key, (operations, preset, from) => {
      const list = new OrderedList<{ key: number; n: number }>((item) => item.key);
      const map = new Map<number, { key: number; n: number }>();
      const set = (item: { key: number; n: number }): void => {
        list.set(item);
        map.set(item.key, item);
      };
      for (let i = 0; i < preset; i++) set({ key: i, n: -1 });
      for (const [n, each] of operations.entries()) {
        if (each.do === 'set') set({ key: each.key, n });
        else {
          expect(list.delete(each.key)).toBe(map.get(each.key));
          map.delete(each.key);
        }
      }
      const sorted = [...map.values()].sort((a, b) => a.key - b.key);
      expect(list.size).toBe(sorted.length);
      expect(list.toArray()).toEqual(sorted);
      // Calls without a change in between return the same array, which later changes do not affect.
      const array = list.toArray();
      expect(list.toArray()).toBe(array);
      set({ key: 4000, n: 0 });
      expect(array).toEqual(sorted);
      expect(list.toArray()).toEqual([...sorted, { key: 4000, n: 0 }]);
      list.delete(4000);
      expect(list.first()).toBe(sorted[0]);
      expect(list.get(from)).toBe(map.get(from));
      expect([...list.ascending(from)]).toEqual(sorted.filter((item) => item.key > from));
      expect([...list.descending(from)]).toEqual(sorted.filter((item) => item.key < from).reverse());
      expect([...list.descending()]).toEqual(sorted.toReversed());
    }),
    { numRuns: 60 },
  );
});
