/** A page of the UI on a sandbox: errors in its console fail the test, and its requests are recorded. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchBrowser } from '../helpers/browser.ts';
import type { TestSandbox } from '../helpers/sandbox.ts';

export interface WatchedPage {
  readonly page: Page;
  /** Addresses that this page and all pages that it opened have requested. */
  readonly requests: readonly string[];
  /** Dialogs, downloads and pages that were opened. */
  readonly surprises: readonly string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Errors in the console that the test expects. */
  readonly errors?: RegExp;
  /** The test changes the page in a way that cannot be undone, for example its clock. */
  readonly fresh?: boolean;
}

const DESKTOP = { width: 1280, height: 800 };

/** The reports of a page in the test that uses it now. */
interface Reports {
  readonly requests: string[];
  readonly surprises: string[];
  readonly errors: string[];
}

/** A page in a context of its own; a test that needs no options takes over the page of the test before it. */
class ReusablePage {
  readonly page: Page;
  #reports: Reports = { requests: [], surprises: [], errors: [] };

  constructor(page: Page) {
    this.page = page;
    const context = page.context();
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

  /** Starts the reports of another test. */
  startReports(): Reports {
    this.#reports = { requests: [], surprises: [], errors: [] };
    return this.#reports;
  }

  /** Undoes what a test may have changed. A sandbox has a port, and so a storage, of its own. */
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

/** Starts one browser for the tests of a file; returns the function that opens a page in it. */
export function browserForFile() {
  let browser: Browser;
  let idle: ReusablePage | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
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
