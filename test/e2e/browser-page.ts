/** Opens pages of the UI in a real browser. Errors in the console fail the test, and all requests are recorded. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchBrowser } from '../helpers/browser.ts';
import { PATIENCE } from '../helpers/patience.ts';
import type { TestSandbox } from '../helpers/sandbox.ts';

export interface WatchedPage {
  readonly page: Page;
  /** URLs that this page and all pages opened by it have requested. */
  readonly requests: readonly string[];
  /** Dialogs, downloads and new pages that the page opened. */
  readonly surprises: readonly string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Matches the console errors that the test expects. */
  readonly errors?: RegExp;
  /**
   * Whether the test changes the page in a way that cannot be undone, for example its clock, so that it needs a new
   * page.
   */
  readonly fresh?: boolean;
}

const DESKTOP = { width: 1280, height: 800 };

/** The data that is recorded for the test that currently uses a page. */
interface Reports {
  readonly requests: string[];
  readonly surprises: string[];
  readonly errors: string[];
}

/** A page in a browser context of its own; a test without special options reuses the page of the previous test. */
class ReusablePage {
  readonly page: Page;
  #reports: Reports = { requests: [], surprises: [], errors: [] };

  constructor(page: Page) {
    this.page = page;
    const context = page.context();
    context.setDefaultTimeout(PATIENCE);
    context.on('request', (request) => this.#reports.requests.push(request.url()));
    context.on('weberror', (error) => this.#reports.errors.push(error.error().message));
    context.on('page', (opened) => this.#reports.surprises.push(`page ${opened.url()}`));
    page.on('dialog', (dialog) => {
      this.#reports.surprises.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('download', (download) => this.#reports.surprises.push(`download ${download.url()}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#reports.errors.push(message.text());
    });
  }

  /** Starts new records for the next test. */
  startReports(): Reports {
    this.#reports = { requests: [], surprises: [], errors: [] };
    return this.#reports;
  }

  /**
   * Resets what a test may have changed. The storage needs no reset: each sandbox has another port, and therefore a
   * storage of its own.
   */
  async reset(): Promise<void> {
    const context = this.page.context();
    for (const other of context.pages()) if (other !== this.page) await other.close();
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await this.page.evaluate('try { localStorage.clear() } catch {}');
    await this.page.emulateMedia({ media: null, colorScheme: null, reducedMotion: null });
    await this.page.setViewportSize(DESKTOP);
    await this.page.mouse.move(0, 0);
    await this.page.goto('about:blank');
  }
}

/** Starts one browser for the tests of a file; returns a function that opens a page in it. */
export function browserForFile() {
  let browser: Browser;
  let idle: ReusablePage | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  return async function open(
    sandbox: Pick<TestSandbox, 'url'>,
    path = '',
    { errors: allowed, fresh = false, ...contextOptions }: OpenOptions = {},
  ): Promise<WatchedPage> {
    const canReuse = !fresh && Object.keys(contextOptions).length === 0;
    const reused = canReuse ? idle : undefined;
    if (reused !== undefined) idle = undefined;
    const own =
      reused ??
      new ReusablePage(await (await browser.newContext({ viewport: DESKTOP, ...contextOptions })).newPage());
    const { page } = own;
    const { requests, surprises, errors } = own.startReports();
    onTestFinished(async ({ task }) => {
      if (canReuse && idle === undefined && task.result?.state !== 'fail') {
        await own.reset();
        idle = own;
      } else await page.context().close();
      expect(errors.filter((text) => allowed?.test(text) !== true)).toEqual([]);
    });
    await page.goto(new URL(path, sandbox.url).href);
    return { page, requests, surprises };
  };
}

/** Waits until a value of the page is as expected. */
export const soon = (check: () => Promise<unknown>) => expect.poll(check, { interval: 30 });
