import { defineConfig } from '@playwright/test';

/** The path of an installed browser, if one is given. */
const { BROWSER } = process.env;

export default defineConfig({
  testMatch: '*.spec.ts',
  reporter: [['line'], ['json', { outputFile: process.env.REPORT ?? 'report.json' }]],
  outputDir: process.env.RESULTS ?? 'results',
  workers: 1,
  use: BROWSER === undefined ? {} : { launchOptions: JSON.parse(BROWSER) },
});
