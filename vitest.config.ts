import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests with a project of their own: they need a build, a browser, a foreign program, or many rounds. */
const program = 'test/**/*.program.test.ts';
const e2e = 'test/e2e/**/*.test.ts';
/** The browser tests that run in every engine, by the driver of `test/e2e/driver/`. */
const engines = 'test/e2e/engines/*.test.ts';
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
          exclude: [program, e2e, interop, slow, 'test/examples/**'],
        },
      },
      { extends: true, test: { name: 'program', include: [program] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [e2e],
          exclude: [slow],
          testTimeout: 60_000,
          provide: { engine: 'chromium' },
        },
      },
      ...(['firefox', 'webkit'] as const).map((engine) => ({
        extends: true as const,
        test: { name: engine, include: [engines], testTimeout: 60_000, provide: { engine } },
      })),
      { extends: true, test: { name: 'interop', include: [interop], exclude: [slow], testTimeout: 60_000 } },
      { extends: true, test: { name: 'slow', include: [slow], testTimeout: 600_000, hookTimeout: 120_000 } },
    ],
  },
});
