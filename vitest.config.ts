import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Kinds of test that need more than a process: they are slower and have projects of their own. */
const slow = ['test/e2e/**/*.test.ts', 'test/interop/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A busy machine is slow to let others have their turn.
    expect: { poll: { timeout: 10_000 } },
    // Most of them wait for sockets half of the time, and none changes what its neighbours see.
    maxWorkers: availableParallelism() + 1,
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...slow, 'test/examples/**'] },
      },
      { extends: true, test: { name: 'interop', include: ['test/interop/**/*.test.ts'] } },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
