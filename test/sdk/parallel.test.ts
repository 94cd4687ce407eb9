import { expect, it } from 'vitest';
import { sandboxForTest } from './application.ts';
import { runWorker } from './parallel-worker.ts';

const WORKERS = 50;

/** `npm run soak -- parallel` runs twenty tests for each worker, and twenty rounds. */
it(`isolates ${WORKERS} workers that share a server`, async () => {
  const { url } = await sandboxForTest();
  const wrong = await Promise.all(Array.from({ length: WORKERS }, (_, n) => runWorker(url, n, 1)));
  expect(wrong.flat()).toEqual([]);
});
