/** The parts of a tab for which playwright-core and puppeteer-core have methods of the same names. */
import type { FrameSelector, Tab } from './engine.ts';

/** The methods that the pages of both libraries have. */
interface LibraryPage<F> {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  url(): string;
  mainFrame(): F;
  $(selector: string): Promise<{ contentFrame(): Promise<F | null> } | null>;
  readonly keyboard: { type(text: string): Promise<void> };
}

interface LibraryFrame {
  evaluate(expression: string): Promise<unknown>;
}

/** The parts of a tab that differ between the libraries. */
export interface OwnParts<F> extends Pick<Tab, 'press' | 'screenshot' | 'tabs' | 'close'> {
  click(frame: F, expression: string, modifiers: Parameters<Tab['click']>[2]): Promise<void>;
}

/** Records what a page reports: each method is a listener of one event of the library's page. */
export class PageReports {
  readonly errors: string[] = [];
  readonly dialogs: string[] = [];
  readonly onError = (error: unknown): void => void this.errors.push(String(error));
  readonly onConsole = (message: { type(): string; text(): string }): void => {
    if (message.type() === 'error') this.errors.push(message.text());
  };
  readonly onDialog = (dialog: { message(): string; dismiss(): Promise<void> }): void => {
    this.dialogs.push(dialog.message());
    void dialog.dismiss();
  };
}

export function libraryTab<F extends LibraryFrame>(
  page: LibraryPage<F>,
  { errors, dialogs }: PageReports,
  own: OwnParts<F>,
): Tab {
  async function frameOf(selector: FrameSelector): Promise<F> {
    if (selector === null) return page.mainFrame();
    const frame = await (await page.$(selector))?.contentFrame();
    if (frame === null || frame === undefined) throw new Error(`The page has no frame ${selector}`);
    return frame;
  }
  return {
    ...own,
    async goto(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    url: () => Promise.resolve(page.url()),
    evaluate: async <T>(frame: FrameSelector, expression: string) =>
      (await (await frameOf(frame)).evaluate(expression)) as T,
    click: async (frame, expression, modifiers) => own.click(await frameOf(frame), expression, modifiers),
    type: (text) => page.keyboard.type(text),
    errors: () => Promise.resolve(errors),
    dialogs: () => Promise.resolve(dialogs),
  };
}
