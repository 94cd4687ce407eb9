/**
 * The adapter for Chromium with playwright-core: the installed or the pinned Chromium, as in the other browser tests.
 */
import type { Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser.ts';
import { PATIENCE } from '../../helpers/patience.ts';
import type { Engine, EngineBrowser, Tab } from './engine.ts';
import { libraryTab, PageReports } from './library-tab.ts';

function tabOf(page: Page): Tab {
  const reports = new PageReports();
  page.on('pageerror', reports.onError);
  page.on('console', reports.onConsole);
  page.on('dialog', reports.onDialog);
  return libraryTab<Frame>(page, reports, {
    async click(frame, expression, modifiers) {
      const handle = await frame.evaluateHandle(expression);
      await handle.asElement().click({ modifiers: [...modifiers] });
    },
    press: (keys) => page.keyboard.press(keys),
    screenshot: () => page.screenshot(),
    tabs: () => Promise.resolve(page.context().pages().length),
    close: () => page.context().close(),
  });
}

export const chromium: Engine = {
  programs: [],
  async launch(): Promise<EngineBrowser> {
    const browser = await launchBrowser();
    return {
      async open(viewport) {
        // An emulated colour scheme would also apply to the mail, whose scheme the page chooses.
        const context = await browser.newContext({ viewport, colorScheme: null });
        context.setDefaultTimeout(PATIENCE);
        return tabOf(await context.newPage());
      },
      close: () => browser.close(),
    };
  },
};
