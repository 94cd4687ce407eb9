import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SharedEntries } from '../../../server/imap/session/shared-entries.ts';

interface Entry {
  readonly key: number;
  readonly value: number;
}

it('behaves like an array and does not change the shared one', () => {
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), at: fc.nat(), to: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('push' as const), to: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('remove' as const), every: fc.integer({ min: 1, max: 9 }) }),
    },
  );
  fc.assert(
    fc.property(fc.nat(1_200), fc.array(operation), (length, operations) => {
      const shared = Array.from({ length }, (_, index) => ({ key: index + 1, value: 0 }));
      const before = [...shared];
      let last = length;
      const entries = new SharedEntries<Entry>(shared);
      let array = [...shared];
      for (const each of operations) {
        if (each.do === 'push') {
          const entry = { key: ++last, value: each.to };
          entries.push(entry);
          array.push(entry);
        } else if (each.do === 'remove') {
          const gone = array.filter((_, index) => index % each.every === 0);
          const keys = [...gone.map(({ key }) => key), 0].sort((a, b) => a - b);
          expect(entries.remove(keys, ({ key }) => key)).toEqual(gone.map((entry) => array.indexOf(entry)));
          array = array.filter((entry) => !gone.includes(entry));
        } else if (array.length > 0) {
          const index = each.at % array.length;
          const entry = { key: array[index]?.key ?? 0, value: each.to };
          entries.set(index, entry);
          array[index] = entry;
        }
      }
      expect([...entries]).toEqual(array);
      expect(entries.size).toBe(array.length);
      expect(array.map((_, index) => entries.at(index))).toEqual(array);
      expect([entries.at(-1), entries.at(array.length)]).toEqual([undefined, undefined]);
      expect(shared).toEqual(before);
    }),
  );
});
