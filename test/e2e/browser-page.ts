/** A page of the UI on a sandbox, watched: errors in its console fail the test, and what it requests is kept. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchBrowser } from '../helpers/browser.ts';
import type { TestSandbox } from '../helpers/sandbox.ts';

export interface WatchedPage {
  readonly page: Page;
  /** Addresses asked for, of this page and of all that it opened. */
  readonly requests: readonly string[];
  /** Dialogs, downloads and pages that were opened. */
  readonly surprises: readonly string[];
}

/** Starts one browser for the tests of a file; returns what opens pages in it. */
export function browserForFile() {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());

  return async function open(
    sandbox: Pick<TestSandbox, 'url'>,
    path = '',
    options: BrowserContextOptions & { errors?: RegExp } = {},
  ): Promise<WatchedPage> {
    const { errors: allowed, ...contextOptions } = options;
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...contextOptions });
    const requests: string[] = [];
    const surprises: string[] = [];
    const errors: string[] = [];
    context.on('request', (request) => requests.push(request.url()));
    context.on('weberror', (error) => errors.push(error.error().message));
    const page = await context.newPage();
    context.on('page', (opened) => surprises.push(`page ${opened.url()}`));
    page.on('dialog', (dialog) => {
      surprises.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('download', (download) => surprises.push(`download ${download.url()}`));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    onTestFinished(async () => {
      await context.close();
      expect(errors.filter((text) => allowed?.test(text) !== true)).toEqual([]);
    });
    await page.goto(new URL(path, sandbox.url).href);
    return { page, requests, surprises };
  };
}

/** Waits until something of the page is as expected. */
export const soon = (check: () => Promise<unknown>) => expect.poll(check, { timeout: 8000, interval: 30 });
