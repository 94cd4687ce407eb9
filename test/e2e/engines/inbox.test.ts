/** Tests the message list in every engine: live updates, search, selection, deletion and undo. */
import { describe, expect, it } from 'vitest';
import { engineForFile, soon, type Page } from '../driver/index.ts';
import { many, plain, sandboxWith, stored } from '../plain-mail.ts';
import { messages, send } from '../seed.ts';

const open = engineForFile();

const rows = '[data-message]';
const countRows = (page: Page) => soon(() => page.count(rows));

async function openWith(mail: Parameters<typeof send>[1], address = '', errors?: RegExp) {
  const sandbox = await sandboxWith(mail);
  return { sandbox, page: await open(sandbox, address, errors === undefined ? {} : { errors }) };
}

describe('an inbox without mail', () => {
  it('explains how to send mail, and sends a test message', async () => {
    const { page, sandbox } = await openWith([]);
    await page.waitFor({ role: 'heading', name: 'Waiting for mail' });
    await page.waitFor({ text: 'off: no mail leaves this server' });
    await page.click({ role: 'tab', name: 'Django' });
    await soon(() => page.text({ role: 'tabpanel' })).toContain(`EMAIL_PORT = ${sandbox.smtp.port}`);
    await page.click({ role: 'button', name: 'Send a test message' });
    await soon(() => page.text(rows)).toContain('A test message');
  });

  it('shows mail that arrives', async () => {
    const { page, sandbox } = await openWith([]);
    await page.waitFor({ text: 'Waiting for mail' });
    await send(sandbox.smtp, [plain('Here I am')]);
    await page.waitFor({ text: 'Here I am' });
  });
});

describe('the list', () => {
  it('shows mail when it arrives, newest first, and counts it', async () => {
    const { page, sandbox } = await openWith([plain('First')]);
    await page.waitFor(rows);
    await send(sandbox.smtp, [plain('Second')]);
    await soon(() => page.text(rows)).toContain('Second');
    await page.waitFor({ text: '2 messages, 2 unread' });
  });

  it('shows the mail of one account only', async () => {
    const { page, sandbox } = await openWith([plain('For Bob'), plain('For Carol', 'carol@x.test')]);
    await page.click({ role: 'link', text: 'carol@x.test' });
    await countRows(page).toBe(1);
    expect(await page.text(rows)).toContain('For Carol');
    await send(sandbox.smtp, [plain('Not hers'), plain('Hers too', 'carol@x.test')]);
    await soon(() => page.text(rows)).toContain('Hers too');
    expect(await page.count(rows)).toBe(2);
  });

  it('shows that the server is unavailable', async () => {
    const { page, sandbox } = await openWith(
      [plain('One')],
      '',
      /WebSocket|ERR_CONNECTION|Failed to load|establish a connection|interrupted/,
    );
    await soon(() => page.evaluate("document.querySelector('[data-connection]').dataset.state")).toBe('live');
    await sandbox.close();
    await page.waitFor({ text: 'Connection lost' });
  });
});

describe('deletion', () => {
  it('removes a message at once, and restores it on undo', async () => {
    const { page, sandbox } = await openWith(many(3));
    await page.click(rows, { nth: 1 });
    await page.waitFor({ role: 'heading', name: 'Message 2' });
    await page.press('Delete');
    await countRows(page).toBe(2);
    await page.waitFor({ role: 'heading', name: 'Message 1' });
    await page.click({ role: 'button', name: 'Undo' });
    // The restoration is a new change in the store, so the restored message is at the top of the list.
    await soon(async () => (await page.texts(rows))[0]).toContain('Message 2');
    expect(await stored(sandbox)).toBe(3);
  });

  it('is visible to other readers at once, and is not undone when the page is closed', async () => {
    const { page, sandbox } = await openWith(many(3));
    await page.click(rows, { nth: 2 });
    await page.waitFor({ role: 'heading', name: 'Message 1' });
    await page.press('#');
    await countRows(page).toBe(2);
    await soon(() => stored(sandbox)).toBe(2);
    await page.goto('about:blank');
    expect(await stored(sandbox, 'subject:"Message 1"')).toBe(0);
  });

  it('of all messages does not delete mail that arrives in the meantime', async () => {
    const { page, sandbox } = await openWith(many(3));
    await page.waitFor(rows);
    await page.click({ role: 'button', name: 'More for this list' });
    await page.click({ role: 'menuitem', name: 'Delete all' });
    await send(sandbox.smtp, [plain('Latecomer')]);
    await countRows(page).toBe(1);
    await page.goto('about:blank');
    await soon(() => stored(sandbox)).toBe(1);
    expect(await stored(sandbox, 'subject:latecomer')).toBe(1);
  });
});

it('selects with Ctrl and Shift, marks, and deletes', async () => {
  const { page, sandbox } = await openWith(many(6));
  await page.click(rows, { nth: 1, modifiers: ['Control'] });
  await page.click(rows, { nth: 3, modifiers: ['Shift'] });
  await page.waitFor({ text: '3 selected' });
  await page.press('m');
  await soon(() => stored(sandbox, 'is:unread')).toBe(3);
  await page.click({ role: 'button', name: 'Undo' });
  await soon(() => stored(sandbox, 'is:unread')).toBe(6);
  await page.click({ role: 'button', name: 'Add a tag' });
  await page.fill({ role: 'textbox', name: 'Tag' }, 'some');
  await page.press('Enter');
  await soon(() => stored(sandbox, 'tag:some')).toBe(3);
  await page.click({ role: 'button', name: 'Delete' });
  await countRows(page).toBe(3);
  await page.goto('about:blank');
  await soon(() => stored(sandbox)).toBe(3);
});

describe('search', () => {
  it('filters the list while the user types, and updates the address of the page', async () => {
    const { page } = await openWith(messages);
    await page.waitFor(rows);
    await page.press('/');
    await page.type('subject:receipt');
    await countRows(page).toBe(1);
    expect((await page.url()).searchParams.get('q')).toBe('subject:receipt');
  });

  it('completes operators and values', async () => {
    const { page, sandbox } = await openWith(messages, 'inbox/all', /400/);
    await page.waitFor(rows);
    await page.press('/');
    await page.type('ha');
    await page.waitFor({ role: 'option', name: /^has:/ });
    await page.press('Tab');
    await page.type('att');
    await page.waitFor({ role: 'option', name: /^has:attachment/ });
    await page.press('ArrowDown');
    await page.press('Enter');
    await soon(() => page.value({ role: 'combobox', name: 'Search messages' })).toBe('has:attachment ');
    await countRows(page).toBe(await stored(sandbox, 'has:attachment'));
  });

  it('marks the part of a query that cannot be parsed', async () => {
    const { page } = await openWith(messages, 'inbox/all?q=subject:x%20larger:huge', /400/);
    await page.waitFor({ role: 'alert' });
    expect(await page.text({ css: 'mark', within: { role: 'alert' } })).toBe('huge');
    expect(await page.attribute({ role: 'combobox' }, 'aria-invalid')).toBe('true');
  });
});

it('can be operated with the keyboard: messages, views, list of shortcuts, palette', async () => {
  const { page } = await openWith(many(3));
  await page.waitFor(rows);
  for (const [key, heading] of [
    ['j', 'Message 3'],
    ['j', 'Message 2'],
    ['k', 'Message 3'],
  ] as const) {
    await page.press(key);
    await page.waitFor({ role: 'heading', name: heading });
  }
  await page.press('3');
  await soon(async () => (await page.url()).pathname).toMatch(/\/headers$/);
  await page.press('?');
  await page.waitFor({ role: 'dialog', name: 'Keyboard shortcuts' });
  await page.press('Escape');
  await page.waitForNone({ role: 'dialog' });
  await page.press('Control+k');
  await page.waitFor({ role: 'dialog', name: 'Command palette' });
  await page.type('accounts');
  await page.press('Enter');
  await page.waitFor({ role: 'heading', name: 'Accounts' });
});
