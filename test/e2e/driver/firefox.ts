/** The adapter for Firefox ESR with puppeteer-core and WebDriver BiDi. */
import { launch, type BrowserContext, type Frame, type KeyInput, type Page } from 'puppeteer-core';
import { findProgram } from '../../helpers/tool.ts';
import { splitKeys, type Engine, type EngineBrowser, type Tab } from './engine.ts';
import { libraryTab, PageReports } from './library-tab.ts';

const PROGRAM = 'firefox-esr';

/** Holds keys down while an action runs. */
async function holding(page: Page, keys: readonly string[], act: () => Promise<void>): Promise<void> {
  for (const key of keys) await page.keyboard.down(key as KeyInput);
  await act();
  for (const key of [...keys].reverse()) await page.keyboard.up(key as KeyInput);
}

function tabOf(page: Page, context: BrowserContext): Tab {
  const reports = new PageReports();
  page.on('pageerror', reports.onError);
  page.on('console', reports.onConsole);
  page.on('dialog', reports.onDialog);
  return libraryTab<Frame>(page, reports, {
    async click(frame, expression, modifiers) {
      const handle = (await frame.evaluateHandle(expression)).asElement();
      await holding(page, modifiers, async () => {
        await (handle as Awaited<ReturnType<Page['$']>>)?.click();
      });
    },
    async press(keys) {
      const { modifiers, key } = splitKeys(keys);
      await holding(page, modifiers, () => page.keyboard.press(key as KeyInput));
    },
    screenshot: async () => Buffer.from(await page.screenshot()),
    tabs: async () => (await context.pages()).length,
    close: () => context.close(),
  });
}

export const firefox: Engine = {
  programs: [PROGRAM],
  async launch(): Promise<EngineBrowser> {
    const browser = await launch({
      browser: 'firefox',
      executablePath: findProgram(PROGRAM),
      headless: true,
    });
    return {
      async open(viewport) {
        const context = await browser.createBrowserContext();
        const page = await context.newPage();
        await page.setViewport(viewport);
        return tabOf(page, context);
      },
      close: () => browser.close(),
    };
  },
};
