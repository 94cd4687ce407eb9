import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests in separate projects, because they need a build, a browser, a foreign program, or many rounds. */
const program = 'test/**/*.program.test.ts';
const e2e = 'test/e2e/**/*.test.ts';
/** The browser tests that run in every engine, by the driver of `test/e2e/driver/`. */
const engines = 'test/e2e/engines/*.test.ts';
const interop = 'test/interop/**/*.test.ts';
const slow = 'test/**/*.slow.test.ts';

export default defineConfig({
  test: {
    // These limits only end a test that hangs. The suite must pass on a machine with eight times its load.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // Most tests wait for sockets half of the time, and no test changes data of other tests.
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
          exclude: [slow, engines],
          testTimeout: 300_000,
        },
      },
      ...(['chromium', 'firefox', 'webkit'] as const).map((engine) => ({
        extends: true as const,
        test: { name: engine, include: [engines], testTimeout: 300_000, provide: { engine } },
      })),
      { extends: true, test: { name: 'interop', include: [interop], exclude: [slow], testTimeout: 300_000 } },
      { extends: true, test: { name: 'slow', include: [slow], testTimeout: 900_000, hookTimeout: 240_000 } },
    ],
  },
});
