/** Chromium by playwright-core: the installed one or the pinned one, as the other browser tests. */
import type { Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser.ts';
import type { Engine, EngineBrowser, FrameSelector, Tab } from './engine.ts';

async function frameOf(page: Page, selector: FrameSelector): Promise<Frame> {
  if (selector === null) return page.mainFrame();
  const frame = await (await page.$(selector))?.contentFrame();
  if (frame === null || frame === undefined) throw new Error(`The page has no frame ${selector}`);
  return frame;
}

function tabOf(page: Page): Tab {
  const errors: string[] = [];
  const dialogs: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  return {
    async goto(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    url: () => Promise.resolve(page.url()),
    evaluate: async (frame, expression) => (await frameOf(page, frame)).evaluate(expression),
    async click(frame, expression, modifiers) {
      const handle = await (await frameOf(page, frame)).evaluateHandle(expression);
      await handle.asElement().click({ modifiers: [...modifiers] });
    },
    press: (keys) => page.keyboard.press(keys),
    type: (text) => page.keyboard.type(text),
    screenshot: () => page.screenshot(),
    tabs: () => Promise.resolve(page.context().pages().length),
    errors: () => Promise.resolve(errors),
    dialogs: () => Promise.resolve(dialogs),
    close: () => page.context().close(),
  };
}

export const chromium: Engine = {
  programs: [],
  async launch(): Promise<EngineBrowser> {
    const browser = await launchBrowser();
    return {
      async open(viewport) {
        const context = await browser.newContext({ viewport });
        return tabOf(await context.newPage());
      },
      close: () => browser.close(),
    };
  },
};
