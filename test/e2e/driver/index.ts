/**
 * Opens pages in the engine that the Vitest project names: Chromium, Firefox or WebKitGTK. If an engine is not
 * installed, its tests are skipped, and the reason is printed once for each file.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished } from 'vitest';
import { installed } from '../../helpers/tool.ts';
import type { TestSandbox } from '../../helpers/sandbox.ts';
import { chromium } from './chromium.ts';
import type { Engine, EngineBrowser, EngineName, Tab, Viewport } from './engine.ts';
import { firefox } from './firefox.ts';
import { Page } from './page.ts';
import { webkit } from './webkit.ts';

export { soon, type Page } from './page.ts';

declare module 'vitest' {
  interface ProvidedContext {
    engine: EngineName;
  }
}

const engines: Readonly<Record<EngineName, Engine>> = { chromium, firefox, webkit };

/** Folder for screenshots of the pages whose test failed. */
const PICTURES = path.join(import.meta.dirname, '../../../dist/test-pictures');

const DESKTOP: Viewport = { width: 1280, height: 800 };

export interface OpenOptions {
  readonly viewport?: Viewport;
  /** Matches the console errors that the test expects. */
  readonly errors?: RegExp;
}

/** Starts one browser for the tests of a file; returns a function that opens a page of a sandbox in it. */
export function engineForFile() {
  const name = inject('engine');
  const engine = engines[name];
  const missing = engine.programs.filter((program) => !installed(program));
  let browser: EngineBrowser | undefined;
  /** The tab of an earlier test, and its viewport. The tab is reused, because opening a tab is slow. */
  let idle: { readonly tab: Tab; readonly viewport: Viewport } | undefined;
  beforeAll(async () => {
    if (missing.length === 0) browser = await engine.launch();
    else console.log(`${name} is not tested: ${missing.join(' and ')} is not installed`);
  });
  beforeEach(({ skip }) => skip(missing.length > 0, `${missing.join(' and ')} is not installed`));
  afterAll(() => browser?.close());

  return async function open(
    sandbox: Pick<TestSandbox, 'url'>,
    address = '',
    { viewport = DESKTOP, errors: allowed }: OpenOptions = {},
  ): Promise<Page> {
    const reused = idle?.viewport === viewport ? idle.tab : undefined;
    // WebKitWebDriver permits one session at a time: a tab that does not fit is closed before the next one is opened.
    if (reused === undefined) await idle?.tab.close();
    idle = undefined;
    const tab = reused ?? (await browser!.open(viewport));
    const page = new Page(tab);
    const reported = (await tab.errors()).length;
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') {
        mkdirSync(PICTURES, { recursive: true });
        const file = `${name} ${task.name}`.replaceAll(/[^\w]+/g, '-');
        writeFileSync(path.join(PICTURES, `${file}.png`), await tab.screenshot());
      }
      const errors = (await tab.errors()).slice(reported);
      const canReuse = task.result?.state !== 'fail' && idle === undefined;
      if (canReuse && (await tab.tabs()) === 1 && (await tab.dialogs()).length === 0) {
        await tab.evaluate(null, '(() => { try { localStorage.clear() } catch {} })()');
        await tab.goto('about:blank');
        idle = { tab, viewport };
      } else await tab.close();
      expect(errors.filter((text) => allowed?.test(text) !== true)).toEqual([]);
    });
    await page.goto(new URL(address, sandbox.url).href);
    return page;
  };
}
