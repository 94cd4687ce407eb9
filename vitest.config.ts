import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/helpers/patience.ts';

/** Tests in separate projects, because they need a build, a browser, a foreign program, or many rounds. */
const program = 'test/**/*.program.test.ts';
const e2e = 'test/e2e/**/*.test.ts';
/** The browser tests that run in every engine, by the driver of `test/e2e/driver/`. */
const engines = 'test/e2e/engines/*.test.ts';
const interop = 'test/interop/**/*.test.ts';
const slow = 'test/**/*.slow.test.ts';

export default defineConfig({
  test: {
    // These limits only end a test that hangs. The suite must pass on a machine with sixteen times its load.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    setupFiles: ['test/helpers/seed.ts'],
    expect: { poll: { timeout: PATIENCE } },
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
        },
      },
      ...(['chromium', 'firefox', 'webkit'] as const).map((engine) => ({
        extends: true as const,
        test: { name: engine, include: [engines], provide: { engine } },
      })),
      { extends: true, test: { name: 'interop', include: [interop], exclude: [slow] } },
      { extends: true, test: { name: 'slow', include: [slow], testTimeout: 900_000 } },
    ],
  },
});
