/** What comes out on paper: the list with all its rows, or the open message and nothing beside it. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { plain } from './plain-mail.ts';
import { send } from './seed.ts';

const open = browserForFile();

it('prints the list with every row that is loaded, and nothing beside it', async () => {
  const sandbox = await startTestSandbox();
  await send(
    sandbox.smtp,
    Array.from({ length: 50 }, (_, n) => plain(`Printed ${n}`)),
  );
  const { page } = await open(sandbox);
  await page.locator('[data-message]').first().waitFor();
  expect(await page.locator('[data-printed-list]').count()).toBe(0);
  await page.emulateMedia({ media: 'print' });
  await soon(() => page.locator('[data-printed-list] tbody tr').count()).toBe(50);
  expect(await page.getByRole('navigation').isVisible()).toBe(false);
  expect(await page.locator('[data-search]').isVisible()).toBe(false);
  // Paper is as long as it has to be: nothing is cut off at the height of the window.
  expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeGreaterThan(1000);
});

const paragraphs = Array.from({ length: 120 }, (_, n) => `<p>Paragraph ${n}</p>`).join('');
const long = {
  from: 'Shop <app@shop.test>',
  to: 'ann@x.test',
  subject: 'Terms of trade',
  text: 'The terms of trade, in words.',
  html: `<!doctype html><meta name="color-scheme" content="light dark"><body>${paragraphs}<p id="end">The end</p></body>`,
  attachments: [{ filename: 'terms.txt', content: 'Terms' }],
};

/** Opens a message of many paper pages. */
async function openLong(view = '', options: Parameters<typeof open>[2] = {}) {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [long]);
  const { messages } = await sandbox.json<{ messages: { id: string }[] }>('messages');
  const opened = await open(sandbox, `inbox/all/${messages[0]!.id}/${view}`, options);
  await opened.page.getByRole('heading', { name: 'Terms of trade' }).waitFor();
  return opened;
}

/** Expects the facts of the header on paper, and none of what is around the message. */
async function expectMessageAlone(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Terms of trade' }).waitFor();
  for (const fact of ['app@shop.test', 'ann@x.test']) {
    expect(await page.locator('article header').getByText(fact).first().isVisible(), fact).toBe(true);
  }
  expect(await page.locator('article header time').isVisible()).toBe(true);
  const around = [
    'nav',
    '#messages',
    '[data-message]',
    '[data-search]',
    '[role=separator]',
    '[role=tablist]',
  ];
  for (const selector of around) {
    expect(await page.locator(selector).first().isVisible(), selector).toBe(false);
  }
  // No tool is left: what can be pressed on paper are addresses and attachments alone.
  const buttons = page.locator('button:visible');
  expect(await buttons.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).toEqual(
    (await buttons.count()) === 0 ? [] : ['View terms.txt'],
  );
}

/** Height of the mail on paper, of its frame there, and of the whole page. */
const heights = (page: Page): Promise<{ mail: number; frame: number; page: number }> =>
  page.evaluate(`(() => {
    const frame = document.querySelector('[data-paper] iframe');
    return {
      mail: frame?.contentDocument?.getElementById('end')?.getBoundingClientRect().bottom ?? 0,
      frame: frame?.getBoundingClientRect().height ?? 0,
      page: document.documentElement.scrollHeight,
    };
  })()`);

describe('an open message is printed', () => {
  it('alone and whole, as HTML', async () => {
    // A4 at 96 dots per inch, as wide as a browser lays out what it prints.
    const { page } = await openLong('', { viewport: { width: 718, height: 900 } });
    expect(await page.locator('[data-paper]').count()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    await page.locator('[data-paper] iframe').waitFor();
    await expectMessageAlone(page);
    expect(await page.locator('iframe:visible').count()).toBe(1);
    await soon(async () => (await heights(page)).mail).toBeGreaterThan(3000);
    const { mail, frame, page: all } = await heights(page);
    expect(frame).toBeGreaterThanOrEqual(mail);
    expect(all).toBeGreaterThan(frame);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBeGreaterThanOrEqual(4);
    await page.emulateMedia({ media: 'screen' });
    await soon(() => page.locator('[data-paper]').count()).toBe(0);
    expect(await page.locator('[role=tablist]').isVisible()).toBe(true);
  });

  it('alone and whole, as text and as its source', async () => {
    const { page } = await openLong();
    await page.getByText('Text', { exact: true }).click();
    await page.locator('[data-text]').waitFor();
    await page.emulateMedia({ media: 'print' });
    await expectMessageAlone(page);
    expect(await page.locator('[data-text]').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('tab', { name: 'Source' }).click();
    await page.locator('[data-line="1"]').waitFor();
    await page.emulateMedia({ media: 'print' });
    await expectMessageAlone(page);
    expect(await page.locator('[data-line="1"]').isVisible()).toBe(true);
  });

  it('dark on light in the dark theme', async () => {
    const { page } = await openLong('', { colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Render in dark mode' }).click();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.locator('[data-paper] iframe').waitFor();
    const colour = (name: string) => page.evaluate(`getComputedStyle(document.body).${name}`);
    expect(await colour('backgroundColor')).toBe('rgb(255, 255, 255)');
    const scheme = "getComputedStyle(document.querySelector('[data-paper] iframe')).colorScheme";
    expect(await page.evaluate(scheme)).toBe('light');
  });

  it('by key, once its HTML is there to be printed', async () => {
    const { page } = await openLong();
    await page.evaluate(`window.print = () => {
      const frame = document.querySelector('[data-paper] iframe');
      window.printed = frame.contentDocument.getElementById('end').getBoundingClientRect().bottom <= frame.offsetHeight;
      window.dispatchEvent(new Event('afterprint'));
    }`);
    await page.keyboard.press('Control+p');
    await soon(() => page.evaluate('window.printed')).toBe(true);
    await soon(() => page.locator('[data-paper]').count()).toBe(0);
  });
});
