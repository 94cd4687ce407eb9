import { defineConfig } from '@playwright/test';

/** A browser of the machine's own, where one is named. */
const { BROWSER } = process.env;

export default defineConfig({
  testMatch: '*.spec.ts',
  reporter: [['line'], ['json', { outputFile: process.env.REPORT ?? 'report.json' }]],
  outputDir: process.env.RESULTS ?? 'results',
  workers: 1,
  use: BROWSER === undefined ? {} : { launchOptions: JSON.parse(BROWSER) },
});
