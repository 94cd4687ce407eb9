/** Checks the accessibility of every view, as far as axe-core can detect it. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { calm } from '../helpers/page-state.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { seriousFindings } from './axe.ts';
import { soon, type browserForFile } from './browser-page.ts';
import { messages, send } from './seed.ts';

/**
 * The name of a view, its path, and the actions that open it fully. `ID` and `OTHER` in the path stand for the ids of
 * two messages.
 */
type View = readonly [name: string, path: string, act?: (page: Page) => Promise<unknown>];

const views: readonly View[] = [
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
  ['structure', 'inbox/all/ID/source?view=structure'],
  ['text source', 'inbox/all/ID/source?view=text'],
  ['links', 'inbox/all/ID', (page) => page.keyboard.press('l')],
  ['checks', 'inbox/all/ID/checks', (page) => page.getByRole('heading', { name: 'Accessibility' }).waitFor()],
  ['activity', 'inbox/all/ID/activity'],
  ['test', 'inbox/all/ID', (page) => page.getByRole('button', { name: 'Test', exact: true }).click()],
  ['watched address', 'watch/noor@example.test', (page) => page.locator('[data-watched]').first().waitFor()],
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
  ...['rendered', 'text', 'headers', 'source'].map((view): View => [
    `comparison, ${view}`,
    `compare/ID/OTHER/${view}`,
    (page) =>
      page
        .locator('[data-differences]')
        .filter({ hasText: /\d differences?/ })
        .waitFor(),
  ]),
];

/** The views that most users see first. */
export const MAIN_VIEWS: readonly string[] = ['list', 'message', 'checks', 'accounts', 'rules', 'server'];

/**
 * Opens views on one screen, and fails on findings of serious or critical impact.
 * @param names the names of the views; every view when absent
 */
export async function checkViews(
  open: ReturnType<typeof browserForFile>,
  screen: Pick<BrowserContextOptions, 'colorScheme' | 'viewport'>,
  names?: readonly string[],
): Promise<void> {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, messages);
  const { messages: listed } = await sandbox.json<MessagePage>('messages');
  const { page } = await open(sandbox, '', { ...screen, reducedMotion: 'reduce' });
  const chosen = views.filter(([name]) => names === undefined || names.includes(name));
  expect(chosen).toHaveLength(names?.length ?? views.length);
  for (const [name, path, act] of chosen) {
    const address = path.replace('ID', listed[0]!.id).replace('OTHER', listed[2]!.id);
    await page.goto(new URL(address, sandbox.url).href);
    await calm(page);
    await act?.(page);
    await soon(() => page.evaluate("document.querySelectorAll('h1, h2, [role=dialog]').length > 0")).toBe(
      true,
    );
    expect(await seriousFindings(page), name).toEqual([]);
  }
}
