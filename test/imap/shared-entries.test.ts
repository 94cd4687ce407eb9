import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SharedEntries } from '../../server/imap/shared-entries.ts';

it('does what an array does, and leaves the shared one alone', () => {
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), at: fc.nat(), to: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('push' as const), to: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('keep' as const), above: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), fc.array(operation), (shared, operations) => {
      const before = [...shared];
      const entries = new SharedEntries<number>(shared);
      let array = [...shared];
      for (const each of operations) {
        if (each.do === 'push') {
          entries.push(each.to);
          array.push(each.to);
        } else if (each.do === 'keep') {
          entries.keep((entry) => entry > each.above);
          array = array.filter((entry) => entry > each.above);
        } else if (array.length > 0) {
          entries.set(each.at % array.length, each.to);
          array[each.at % array.length] = each.to;
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
