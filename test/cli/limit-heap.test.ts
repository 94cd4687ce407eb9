/** Tests that the flags of `limitHeap` keep less garbage in memory with this version of V8. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { heapFlags } from '../../server/cli/limit-heap.ts';

/** Megabytes of the heap in a new process after it created 40 MB of objects, of which it keeps the last 4 MB. */
function heapAfterGarbage(flags: readonly string[]): number {
  const code = `
    const v8 = require('node:v8');
    for (const flag of ${JSON.stringify(flags)}) v8.setFlagsFromString(flag);
    const kept = [];
    for (let n = 0; n < 400_000; n++) kept[n % 40_000] = { n, text: [n, n, n, n] };
    console.log(v8.getHeapStatistics().total_heap_size / 1e6);`;
  return Number(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }));
}

const flags = heapFlags(process.versions.v8);

it.skipIf(flags.length === 0)('keeps less garbage in memory', () => {
  const limited = heapAfterGarbage(flags);
  expect(limited).toBeGreaterThan(4);
  expect(1.5 * limited).toBeLessThan(heapAfterGarbage([]));
});

it('is without flags for versions of V8 without measurements', () => {
  expect(heapFlags('13.6.233.17-node.37')).toEqual([]);
  expect(heapFlags('')).toEqual([]);
});
