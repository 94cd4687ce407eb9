/** Tests that `limitHeap` keeps less garbage in memory with Node 20, whose version of V8 it limits. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');

/** Megabytes of the heap in a new process after it created 40 MB of objects, of which it keeps the last 4 MB. */
function heapAfterGarbage(before: string): number {
  const code = `
    import { getHeapStatistics } from 'node:v8';
    import { limitHeap } from './server/cli/limit-heap.ts';
    ${before}
    const kept = [];
    for (let n = 0; n < 400_000; n++) kept[n % 40_000] = { n, text: [n, n, n, n] };
    console.log(getHeapStatistics().total_heap_size / 1e6);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', code];
  return Number(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
}

it.runIf(process.versions.v8.startsWith('11.'))('keeps less garbage in memory', () => {
  const limited = heapAfterGarbage('limitHeap(process.versions.v8);');
  expect(limited).toBeGreaterThan(4);
  expect(1.3 * limited).toBeLessThan(heapAfterGarbage('void limitHeap;'));
});

it('leaves versions of V8 alone that were not measured', () => {
  const unlimited = heapAfterGarbage("limitHeap('13.6.233.17-node.37');");
  expect(unlimited).toBeGreaterThan(0.8 * heapAfterGarbage('void limitHeap;'));
});
