/** The page as a whole: base path, themes, narrow screens, accessibility. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { MessagePage } from '../../server/api/contract.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function seeded(options: Parameters<typeof startTestSandbox>[0] = {}): Promise<TestSandbox> {
  const sandbox = await startTestSandbox(options);
  await send(sandbox.smtp, messages);
  return sandbox;
}

it('works below a base path, after a reload too', async () => {
  const sandbox = await seeded({ basePath: '/mail/box/' });
  expect(sandbox.url).toMatch(/\/mail\/box\/$/);
  const { page } = await open(sandbox);
  await page.locator('[data-message]').first().click();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/mail\/box\/inbox\/all\//);
  await page.reload();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
});

it('is light, dark, or as the system has it', async () => {
  const sandbox = await seeded();
  const { page } = await open(sandbox, '', { colorScheme: 'dark' });
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  expect(await background()).toBe('rgb(24, 24, 27)');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  expect(await background()).toBe('rgb(255, 255, 255)');
  await page.reload();
  expect(await background()).toBe('rgb(255, 255, 255)');
});

it('shows one pane at a time on a phone', async () => {
  const sandbox = await seeded();
  const { page } = await open(sandbox, '', { viewport: { width: 390, height: 844 } });
  await page.locator('[data-message]').first().click();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
  expect(await page.locator('[data-message]').first().isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await page.locator('[data-message]').first().waitFor();
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Server and connections' }).click();
  await page.getByRole('heading', { name: 'Server', level: 1 }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});

it('mints an account and shows its login', async () => {
  const sandbox = await seeded();
  const { page } = await open(sandbox, 'accounts');
  await page.getByRole('button', { name: 'New account' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('signup');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Account made' }).getByText('@').first().waitFor();
});

/** Milliseconds without a change after which a view is taken to be all there. */
const CALM = 120;
const calm = (page: Page): Promise<unknown> =>
  page.evaluate(
    `new Promise((resolve) => {
      let timer = setTimeout(resolve, ${CALM});
      new MutationObserver(() => {
        clearTimeout(timer);
        timer = setTimeout(resolve, ${CALM});
      }).observe(document, { subtree: true, childList: true, attributes: true });
    })`,
  );

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds of serious or critical impact. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<Violation[]>(
    "axe.run(document, { iframes: false, resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

const views: readonly [string, string, ((page: Page) => Promise<void>)?][] = [
  ['list', 'inbox/all'],
  ['message', 'inbox/all/ID'],
  ['headers', 'inbox/all/ID/headers'],
  ['source', 'inbox/all/ID/source'],
  ['structure', 'inbox/all/ID/structure'],
  ['session', 'inbox/all/ID/session'],
  ['links', 'inbox/all/ID/links'],
  ['checks', 'inbox/all/ID/checks', (page) => page.getByRole('heading', { name: 'Accessibility' }).waitFor()],
  ['history', 'inbox/all/ID/history'],
  ['test', 'inbox/all/ID/test'],
  ['empty inbox', 'inbox/nobody@x.test'],
  ['accounts', 'accounts'],
  ['rules', 'rules'],
  ['rule', 'rules', (page) => page.getByRole('button', { name: 'New rule' }).click()],
  ['relay', 'relay'],
  ['server', 'server', (page) => page.locator('[data-session]').first().waitFor()],
  [
    'account login',
    'accounts',
    (page) =>
      page
        .getByRole('button', { name: /^Log in as/ })
        .last()
        .click(),
  ],
  [
    'selection',
    'inbox/all',
    (page) =>
      page
        .locator('[data-message]')
        .first()
        .click({ modifiers: ['Control'] }),
  ],
  ['palette', 'inbox/all', (page) => page.keyboard.press('Control+k')],
  ['shortcuts', 'inbox/all', (page) => page.keyboard.press('?')],
  ['compose', 'inbox/all', (page) => page.keyboard.press('c')],
];

describe('axe-core finds nothing serious', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`in any view, ${colorScheme}`, async () => {
      const sandbox = await seeded();
      const { messages: listed } = await sandbox.json<MessagePage>('messages');
      const { page } = await open(sandbox, '', { colorScheme, reducedMotion: 'reduce' });
      for (const [name, path, act] of views) {
        await page.goto(new URL(path.replace('ID', listed[0]!.id), sandbox.url).href);
        await calm(page);
        await act?.(page);
        await soon(() => page.evaluate("document.querySelectorAll('h1, h2, [role=dialog]').length > 0")).toBe(
          true,
        );
        expect(await violations(page), name).toEqual([]);
      }
    });
  }
});
