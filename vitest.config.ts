import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests with a project of their own: they need a browser, a program of somebody else, or many rounds. */
const e2e = 'test/e2e/**/*.test.ts';
const interop = 'test/interop/**/*.test.ts';
const slow = 'test/**/*.slow.test.ts';

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
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [e2e, interop, slow, 'test/examples/**'],
        },
      },
      { extends: true, test: { name: 'e2e', include: [e2e], exclude: [slow], testTimeout: 60_000 } },
      { extends: true, test: { name: 'interop', include: [interop], exclude: [slow], testTimeout: 60_000 } },
      { extends: true, test: { name: 'slow', include: [slow], testTimeout: 600_000, hookTimeout: 120_000 } },
    ],
  },
});
