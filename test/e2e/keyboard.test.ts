/** The list by keyboard alone, in a real browser: from the search to a message and back, and the focus is never lost. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { browserForFile, soon } from './browser-page.ts';
import { many, sandboxWith } from './plain-mail.ts';

const open = browserForFile();

/** What has the focus: the row of a message by its subject, a control by its name. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const { activeElement: one } = document;
    if (one === null || one === document.body) return 'nothing';
    if (one.matches('[data-message]')) return 'row ' + /(?:Message|Order) \\d+/.exec(one.textContent)?.[0];
    return one.getAttribute('aria-label') ?? one.id;
  })()`);

it('leads from the search box to what was found, and from row to row', async () => {
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
  // The focus goes with the message that is opened.
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'Order 1' }).waitFor();
  await soon(() => focused(page)).toBe('row Order 1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await soon(() => focused(page)).toBe('row Order 3');
  await page.keyboard.press('ArrowUp');
  await soon(() => focused(page)).toBe('Search messages');

  // Down from a box without suggestions is the way back; Escape leaves it as it is.
  await page.keyboard.press('Escape');
  await soon(() => focused(page)).toBe('row Order 1');
  expect(new URL(page.url()).searchParams.get('q')).toBe('subject:order');
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  await soon(() => focused(page)).toBe('row Order 1');
  // What was searched for is selected: the next search takes its place.
  await page.keyboard.press('/');
  await page.keyboard.type('nowhere');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing matches').waitFor();
  expect(await focused(page)).toBe('Search messages');
  expect(new URL(page.url()).searchParams.get('q')).toBe('nowhere');
});

it('is one stop for Tab, and from it the message is the next', async () => {
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

it('acts on the row that has the focus, and the next one has it after a deletion', async () => {
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

it('keeps a place for the focus through bulk actions and their undoing', async () => {
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
  await page.getByText('No message selected').waitFor();
  await soon(() => focused(page)).toMatch(/^row Message/);
  // Nothing is left: the page that waits for mail has it.
  await page.keyboard.press('Shift+A');
  await page.keyboard.press('Delete');
  await page.getByText('Waiting for mail').waitFor();
  await soon(() => focused(page)).toBe('messages');
});

it('keeps a notice while one is about to use it', async () => {
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
  expect((await sandbox.json<MessagePage>('messages')).total).toBe(2);
  await page.getByRole('heading', { name: 'Message 1' }).waitFor();
  await page.locator('[data-message]').first().focus();
  await page.clock.runFor(60_000);
  await undo.waitFor({ state: 'detached' });
  await soon(async () => (await sandbox.json<MessagePage>('messages')).total).toBe(1);
});

it('shows the row of a message that was opened by its address, however far down it is', async () => {
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

it('gives the focus to a view that the palette leads to', async () => {
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

it('shows in the navigation whose mail is searched', async () => {
  const sandbox = await sandboxWith(many(2));
  const { page } = await open(sandbox, 'inbox/all?q=hello');
  const current = page.getByRole('navigation').locator('[aria-current=page]');
  await soon(() => current.allTextContents()).toEqual([expect.stringMatching(/^All mail/)]);
  await page.getByRole('button', { name: 'Save this search' }).click();
  await soon(() => current.allTextContents()).toEqual(['hello']);
});
