/**
 * A faulty thread for tests of the static checks: `standards` never ends, `content` crashes the thread, other checks
 * return at once.
 */
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ input }) => {
  parentPort.postMessage({ kind: 'start' });
  for (const check of input.checks) {
    if (check === 'standards') for (;;);
    if (check === 'content') throw new Error('out of luck');
    const outcome = { findings: [], score: null, details: null };
    parentPort.postMessage({ kind: 'step', value: { check, outcome, cut: false, took: 0 } });
  }
  parentPort.postMessage({ kind: 'result', output: undefined });
});
