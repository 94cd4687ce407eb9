/**
 * A worker for tests of the thread pool, with jobs that double a number, fail, hang, allocate memory, exit, return
 * bytes, or report steps.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';

const jobs = {
  double: (input) => input * 2,
  fail: () => {
    throw new Error('out of luck');
  },
  hang: () => {
    for (;;);
  },
  allocate: () => {
    const held = [];
    for (;;) held.push(Array.from({ length: 10_000 }, () => ({})));
  },
  exit: () => process.exit(1),
  bytes: ({ raw }) => raw,
  steps: async (count, step) => {
    for (let n = 1; n <= count; n++) {
      step(n);
      await pause(1);
    }
    return count;
  },
  'step and hang': (input, step) => {
    step(input);
    for (;;);
  },
  slowly: async (input) => (await pause(20), input),
};

parentPort.on('message', async ({ job, input }) => {
  try {
    parentPort.postMessage({ kind: 'start' });
    const output = await jobs[job](input, (value) => parentPort.postMessage({ kind: 'step', value }));
    const transfer = output instanceof Uint8Array ? [output.buffer] : [];
    parentPort.postMessage({ kind: 'result', output }, transfer);
  } catch (error) {
    parentPort.postMessage({ kind: 'error', message: error.message });
  }
});
