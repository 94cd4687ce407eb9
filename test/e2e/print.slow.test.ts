/** Tests printing: the list with all its rows, or the open message without the rest of the page. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { plain } from './plain-mail.ts';
import { send } from './seed.ts';

const open = browserForFile();

it('prints the list with every loaded row, and nothing else', async () => {
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
  // The printed page is not limited to the height of the window.
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

/** Opens a message that needs many pages on paper. */
async function openLong(view = '', options: Parameters<typeof open>[2] = {}) {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [long]);
  const { messages } = await sandbox.json<{ messages: { id: string }[] }>('messages');
  const opened = await open(sandbox, `inbox/all/${messages[0]!.id}/${view}`, options);
  await opened.page.getByRole('heading', { name: 'Terms of trade' }).waitFor();
  return opened;
}

/** Expects that the header of the message is visible, and that the page around the message is not. */
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
  // No toolbar is printed: the only visible buttons are addresses and attachments.
  const buttons = page.locator('button:visible');
  expect(
    await buttons.evaluateAll((all) => all.map(({ textContent }) => textContent.includes('View terms.txt'))),
  ).toEqual((await buttons.count()) === 0 ? [] : [true]);
}

/** Resolves with the heights in CSS pixels of the mail on paper, of its frame, and of the whole page. */
const heights = (page: Page): Promise<{ mail: number; frame: number; page: number }> =>
  page.evaluate(`(() => {
    const frame = document.querySelector('[data-paper] iframe');
    return {
      mail: frame?.contentDocument?.getElementById('end')?.getBoundingClientRect().bottom ?? 0,
      frame: frame?.getBoundingClientRect().height ?? 0,
      page: document.documentElement.scrollHeight,
    };
  })()`);

describe('an open message', () => {
  it('is printed completely and without the rest of the page, as HTML', async () => {
    // A4 at 96 dots per inch minus the margins: the layout width that a browser uses for printing.
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

  it('is printed completely and without the rest of the page, as text and as source', async () => {
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

  it('is printed dark on light in the dark theme', async () => {
    const { page } = await openLong('', { colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Render in dark mode' }).click();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.locator('[data-paper] iframe').waitFor();
    const colour = (name: string) => page.evaluate(`getComputedStyle(document.body).${name}`);
    expect(await colour('backgroundColor')).toBe('rgb(255, 255, 255)');
    const scheme = "getComputedStyle(document.querySelector('[data-paper] iframe')).colorScheme";
    expect(await page.evaluate(scheme)).toBe('light');
  });

  it('is printed by key after its HTML is loaded', async () => {
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
