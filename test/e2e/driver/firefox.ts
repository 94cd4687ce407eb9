/** Firefox ESR by puppeteer-core and WebDriver BiDi. */
import { launch, type BrowserContext, type Frame, type KeyInput, type Page } from 'puppeteer-core';
import { findProgram } from '../../helpers/tool.ts';
import { splitKeys, type Engine, type EngineBrowser, type FrameSelector, type Tab } from './engine.ts';

const PROGRAM = 'firefox-esr';

async function frameOf(page: Page, selector: FrameSelector): Promise<Frame> {
  if (selector === null) return page.mainFrame();
  const frame = await (await page.$(selector))?.contentFrame();
  if (frame === undefined) throw new Error(`The page has no frame ${selector}`);
  return frame;
}

/** Holds keys down during an action. */
async function holding(page: Page, keys: readonly string[], act: () => Promise<void>): Promise<void> {
  for (const key of keys) await page.keyboard.down(key as KeyInput);
  await act();
  for (const key of [...keys].reverse()) await page.keyboard.up(key as KeyInput);
}

function tabOf(page: Page, context: BrowserContext): Tab {
  const errors: string[] = [];
  const dialogs: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
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
    evaluate: async <T>(frame: FrameSelector, expression: string) =>
      (await (await frameOf(page, frame)).evaluate(expression)) as T,
    async click(frame, expression, modifiers) {
      const handle = (await (await frameOf(page, frame)).evaluateHandle(expression)).asElement();
      await holding(page, modifiers, async () => {
        await (handle as Awaited<ReturnType<Page['$']>>)?.click();
      });
    },
    async press(keys) {
      const { modifiers, key } = splitKeys(keys);
      await holding(page, modifiers, () => page.keyboard.press(key as KeyInput));
    },
    type: (text) => page.keyboard.type(text),
    screenshot: async () => Buffer.from(await page.screenshot()),
    tabs: async () => (await context.pages()).length,
    errors: () => Promise.resolve(errors),
    dialogs: () => Promise.resolve(dialogs),
    close: () => context.close(),
  };
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
