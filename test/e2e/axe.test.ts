/** Accessibility of every view, as far as axe-core can tell: both themes, and a phone. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { MessagePage } from '../../server/api/contract.ts';
import { calm } from '../helpers/page-state.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { seriousFindings } from './axe.ts';
import { browserForFile, soon } from './browser-page.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

/** Milliseconds for all views one after another, while other files' browsers have the cores, too. */
const TIMEOUT = 150_000;

const views: readonly [string, string, ((page: Page) => Promise<void>)?][] = [
  ['list', 'inbox/all'],
  ['message', 'inbox/all/ID'],
  ['headers', 'inbox/all/ID/headers'],
  ['source', 'inbox/all/ID/source'],
  [
    'marked source',
    'inbox/all/ID/source',
    async (page) => {
      await page.getByRole('tabpanel').getByText('Raw', { exact: true }).click();
      await page.locator('mark').first().waitFor();
    },
  ],
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

/** Each theme on a desktop, and a phone whose navigation and rows are others. */
const screens = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['on a phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
] as const;

describe('axe-core finds nothing serious', () => {
  for (const [screen, options] of screens) {
    it(
      `in any view, ${screen}`,
      async () => {
        const sandbox = await startTestSandbox();
        await send(sandbox.smtp, messages);
        const { messages: listed } = await sandbox.json<MessagePage>('messages');
        const { page } = await open(sandbox, '', { ...options, reducedMotion: 'reduce' });
        for (const [name, path, act] of views) {
          await page.goto(new URL(path.replace('ID', listed[0]!.id), sandbox.url).href);
          await calm(page);
          await act?.(page);
          await soon(() =>
            page.evaluate("document.querySelectorAll('h1, h2, [role=dialog]').length > 0"),
          ).toBe(true);
          expect(await seriousFindings(page), name).toEqual([]);
        }
      },
      TIMEOUT,
    );
  }
});
