/**
 * A faulty check thread for tests: `standards` never ends, `content` crashes the thread, other checks return at
 * once.
 */
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ checks }) => {
  for (const check of checks) {
    parentPort.postMessage({ kind: 'start', check });
    if (check === 'standards') for (;;);
    if (check === 'content') throw new Error('out of luck');
    const outcome = { findings: [], score: null, details: null };
    parentPort.postMessage({ kind: 'result', result: { check, outcome, cut: false, took: 0 } });
  }
  parentPort.postMessage({ kind: 'end' });
});
parentPort.postMessage({ kind: 'ready' });
