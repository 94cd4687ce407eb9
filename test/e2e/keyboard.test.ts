/**
 * Tests the message list with the keyboard only, in a real browser: the whole way from the search to a message and
 * back, without ever losing the focus.
 */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { browserForFile, soon } from './browser-page.ts';
import { many, sandboxWith } from './plain-mail.ts';

const open = browserForFile();

/**
 * Resolves with a description of the element that has the focus: a row by the subject of its message, a control by
 * its name.
 */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const { activeElement: one } = document;
    if (one === null || one === document.body) return 'nothing';
    if (one.matches('[data-message]')) return 'row ' + /(?:Message|Order) \\d+/.exec(one.textContent)?.[0];
    return one.getAttribute('aria-label') ?? one.id;
  })()`);

it('moves the focus from the search box to the results, and from row to row', async () => {
  const sandbox = await sandboxWith([...many(3, 'Order'), ...many(3)]);
  const { page } = await open(sandbox);
  await page.locator('[data-message]').nth(5).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('subject:order');
  await page.keyboard.press('Enter');
  await soon(() => focused(page)).toBe('row Order 3');
  await page.keyboard.press('ArrowDown');
  await soon(() => focused(page)).toBe('row Order 2');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Order 2' }).waitFor();
  // The focus moves to the row of the message that is opened.
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'Order 1' }).waitFor();
  await soon(() => focused(page)).toBe('row Order 1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await soon(() => focused(page)).toBe('row Order 3');
  await page.keyboard.press('ArrowUp');
  await soon(() => focused(page)).toBe('Search messages');

  // In a search box without suggestions, both Escape and ArrowDown move the focus back to the list, and the query
  // stays.
  await page.keyboard.press('Escape');
  await soon(() => focused(page)).toBe('row Order 1');
  expect(new URL(page.url()).searchParams.get('q')).toBe('subject:order');
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  await soon(() => focused(page)).toBe('row Order 1');
  // The query is selected, so that a new query replaces it.
  await page.keyboard.press('/');
  await page.keyboard.type('nowhere');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing matches').waitFor();
  expect(await focused(page)).toBe('Search messages');
  expect(new URL(page.url()).searchParams.get('q')).toBe('nowhere');
});

it('has one tab stop for all rows, and the open message is the next one', async () => {
  const sandbox = await sandboxWith(many(5));
  const { page } = await open(sandbox);
  await page.locator('[data-message]').nth(4).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('row Message 5');
  await page.keyboard.press('ArrowDown');
  await soon(() => focused(page)).toBe('row Message 4');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Message 4' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Select Message 4');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Reply');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowUp');
  await soon(() => focused(page)).toBe('row Message 5');
});

it('acts on the row that has the focus, and focuses the next row after a deletion', async () => {
  const sandbox = await sandboxWith(many(5));
  const { page } = await open(sandbox);
  await page.locator('[data-message]').nth(4).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  await soon(() => focused(page)).toBe('row Message 5');
  await page.keyboard.press('ArrowDown');
  await soon(() => focused(page)).toBe('row Message 4');
  await page.keyboard.press('s');
  const flagged = async () =>
    (await sandbox.json<MessagePage>('messages?query=is:flagged')).messages.map(({ subject }) => subject);
  await soon(flagged).toEqual(['Message 4']);
  await page.keyboard.press('Delete');
  await soon(() => focused(page)).toBe('row Message 3');
});

it('does not lose the focus after bulk actions and their undo', async () => {
  const sandbox = await sandboxWith(many(5));
  const { page } = await open(sandbox);
  await page.locator('[data-message]').nth(4).waitFor();
  for (const at of [1, 2]) {
    await page
      .getByRole('checkbox', { name: `Select Message ${at}` })
      .first()
      .focus();
    await page.keyboard.press('Space');
  }
  await page.getByRole('button', { name: 'Delete', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('2 messages deleted').waitFor();
  await soon(() => focused(page)).toMatch(/^row Message/);
  await page.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-message]').nth(4).waitFor();
  await soon(() => focused(page)).toMatch(/^row Message/);

  await page.keyboard.press('Shift+A');
  await page.getByRole('button', { name: 'Clear the selection' }).focus();
  await page.keyboard.press('Enter');
  await soon(() => focused(page)).toMatch(/^row Message/);
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: /^Headers/ }).click();
  await page.keyboard.press('u');
  await page.locator('article h2').waitFor({ state: 'hidden' });
  await soon(() => focused(page)).toMatch(/^row Message/);
  // The list is empty, so the view has the focus.
  await page.keyboard.press('Shift+A');
  await page.keyboard.press('Delete');
  await page.getByText('Waiting for mail').waitFor();
  await soon(() => focused(page)).toBe('messages');
});

it('does not remove a notice while its button has the focus', async () => {
  const sandbox = await sandboxWith(many(2));
  const { page } = await open(sandbox, '', { fresh: true });
  await page.clock.install();
  await page.locator('[data-message]').first().click();
  await page.getByRole('heading', { name: 'Message 2' }).waitFor();
  await page.keyboard.press('Delete');
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await page.clock.runFor(60_000);
  expect(await undo.isVisible()).toBe(true);
  await soon(async () => (await sandbox.json<MessagePage>('messages')).total).toBe(1);
  await page.getByRole('heading', { name: 'Message 1' }).waitFor();
  await page.locator('[data-message]').first().focus();
  await page.clock.runFor(60_000);
  await undo.waitFor({ state: 'detached' });
  await soon(async () => (await sandbox.json<MessagePage>('messages')).total).toBe(1);
});

it('scrolls to the row of a message that was opened by its address, however far down it is', async () => {
  const sandbox = await sandboxWith(many(150));
  const { messages } = await sandbox.json<MessagePage>('messages?query=subject:"Message%2020"&limit=500');
  const { id = '' } = messages.find(({ subject }) => subject === 'Message 20') ?? {};
  const { page } = await open(sandbox, `inbox/all/${id}`);
  const row = page.locator('[data-message][aria-current]');
  await row.waitFor();
  expect(await row.textContent()).toContain('Message 20');
  const box = await row.boundingBox();
  expect(box?.y).toBeGreaterThan(150);
  expect(box?.y).toBeLessThan(800);
});

it('focuses a view that was opened from the palette', async () => {
  const sandbox = await sandboxWith(many(2));
  const { page } = await open(sandbox);
  await page.locator('[data-message]').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await soon(() => focused(page)).toBe('row Message 2');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await page.keyboard.type('server');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Server' }).waitFor();
  await soon(() => focused(page)).toBe('messages');
  await page.goBack();
  await page.locator('[data-message]').first().waitFor();
  await soon(() => focused(page)).toBe('Messages');
  await page.keyboard.press('ArrowDown');
  await soon(() => focused(page)).toBe('row Message 2');
});

it('shows in the navigation which account is searched', async () => {
  const sandbox = await sandboxWith(many(2));
  const { page } = await open(sandbox, 'inbox/all?q=hello');
  const current = page.getByRole('navigation').locator('[aria-current=page]');
  await soon(() => current.allTextContents()).toEqual([expect.stringMatching(/^All mail/)]);
  await page.getByRole('button', { name: 'Save this search' }).click();
  await soon(() => current.allTextContents()).toEqual(['hello']);
});
