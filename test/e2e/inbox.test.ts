/** Tests the message list in a real browser: live updates, search, selection, deletion and undo. */
import { describe, expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { many, plain, sandboxWith, stored } from './plain-mail.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

describe('the list', () => {
  it('does not scroll when mail arrives above the visible rows', async () => {
    const sandbox = await sandboxWith(many(60));
    const { page } = await open(sandbox);
    await page.locator('[data-message]').first().waitFor();
    const row = page.locator('[data-message]', { hasText: 'Message 30' }).first();
    await page.mouse.move(500, 500);
    await page.mouse.wheel(0, 38 * 28);
    await row.waitFor();
    const before = await row.boundingBox();
    await send(sandbox.smtp, many(5));
    await page.getByRole('button', { name: '5 new messages' }).waitFor();
    expect((await row.boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
    await page.getByRole('button', { name: '5 new messages' }).click();
    await soon(() => page.locator('[data-message]').first().textContent()).toContain('Message 5');
  });

  it('loads further pages while the user scrolls', async () => {
    const sandbox = await sandboxWith(many(150));
    const { page } = await open(sandbox);
    await page.locator('[data-message]').first().waitFor();
    await page.mouse.move(500, 500);
    await page.mouse.wheel(0, 77 * 150);
    await page.getByText('Message 1', { exact: true }).waitFor();
  });
});

describe('selection', () => {
  it('includes all matching messages, and tags them', async () => {
    const sandbox = await sandboxWith(many(80));
    const { page } = await open(sandbox, 'inbox/all?q=subject:message');
    await page.locator('[data-message]').first().waitFor();
    await page.keyboard.press('Shift+A');
    await page.getByText('80 selected').waitFor();
    await page.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByRole('textbox', { name: 'Tag' }).fill('load');
    await page.keyboard.press('Enter');
    // The tag is shown at once; the request is sent when the notice has disappeared or the page is closed.
    await page.locator('[data-message]').first().getByText('load').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await soon(() => page.locator('[data-message]').first().getByText('load').count()).toBe(0);
    await page.keyboard.press('m');
    await page.keyboard.press('Escape');
    await page.getByText('80 messages', { exact: true }).waitFor();
    await send(sandbox.smtp, [plain('Message that came later')]);
    await page.getByText('Message that came later').first().waitFor();
    await page.goto('about:blank');
    await soon(() => stored(sandbox, 'is:unread')).toBe(1);
    expect(await stored(sandbox, 'tag:load')).toBe(0);
  });
});

describe('search', () => {
  it('keeps the list while an operator or a phrase is being typed, and shows the error only after Enter', async () => {
    const sandbox = await sandboxWith(many(3));
    const { page } = await open(sandbox, '', { errors: /400/ });
    await page.locator('[data-message]').nth(2).waitFor();
    const box = page.getByRole('combobox', { name: 'Search messages' });
    for (const text of ['is:un', 'before:202', '"Message', '-', '(subject:x']) {
      const answered = page.waitForResponse((response) => response.status() === 400);
      await box.fill(text);
      await answered;
      expect(await page.locator('[data-message]').count()).toBe(3);
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(new URL(page.url()).searchParams.get('q')).toBeNull();
    }
    await box.fill('is:unread subject:"Message 2"');
    await soon(() => page.locator('[data-message]').count()).toBe(1);
    await box.fill('is:un');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
  });

  it('suggests senders for from:, and does not search before it has a value', async () => {
    const sandbox = await sandboxWith(messages);
    const { page } = await open(sandbox, '', { errors: /400/ });
    await page.locator('[data-message]').nth(7).waitFor();
    const box = page.getByRole('combobox', { name: 'Search messages' });
    await box.pressSequentially('from:');
    const options = page.getByRole('option');
    await options.filter({ hasText: 'from:jonas@example.test' }).getByText('Jonas Weber').waitFor();
    expect(await options.filter({ hasText: 'noor@example.test' }).count()).toBe(0);
    expect(await page.locator('[data-message]').count()).toBe(8);
    await box.pressSequentially('jonas');
    await page.keyboard.press('Tab');
    expect(await box.inputValue()).toBe('from:jonas@example.test ');
    await soon(() => page.locator('[data-message]').count()).toBe(1);
    // An unfinished query is reported when the user leaves the search box.
    await box.fill('from:');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('alert').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('from:');
  });

  it('shows neither rows nor a count for an invalid query until it is corrected', async () => {
    const sandbox = await sandboxWith(messages);
    const { page } = await open(sandbox, '', { errors: /400/ });
    const rows = page.locator('[data-message]');
    const total = page.getByRole('heading', { name: 'All mail' }).locator('xpath=following-sibling::p');
    await rows.first().waitFor();
    expect(await total.textContent()).toContain('8 messages');
    await page.getByRole('combobox').fill('larger:huge');
    await page.keyboard.press('Enter');
    await page.getByText('No result: the search is not valid').waitFor();
    expect(await rows.count()).toBe(0);
    expect(await total.count()).toBe(0);
    await page.getByRole('combobox').fill('larger:1');
    await rows.first().waitFor();
    expect(await total.textContent()).toContain('8 messages');
  });
});

describe('the list', () => {
  it('stores its density and searches, and separates the days', async () => {
    let clock = Date.now() - 2 * 86_400_000;
    const sandbox = await startTestSandbox({}, { clock: () => clock });
    await send(sandbox.smtp, [plain('The day before yesterday')]);
    clock += 86_400_000;
    await send(sandbox.smtp, [plain('Yesterday’s')]);
    clock += 86_400_000;
    await send(sandbox.smtp, [plain('Today’s')]);
    const { page } = await open(sandbox, 'inbox/all?q=subject:day');
    const days = page.locator('#messages [role=listitem] > p');
    await soon(() => days.count()).toBe(3);
    expect((await days.allTextContents()).slice(0, 2).map((text) => text.trim())).toEqual([
      'Today',
      'Yesterday',
    ]);
    const height = async () => (await page.locator('[data-message]').first().boundingBox())!.height;
    const comfortable = await height();
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByRole('button', { name: 'More for this list' }).click();
    await page.getByRole('menuitem', { name: 'Compact rows' }).click();
    await soon(height).toBeLessThan(comfortable - 4);
    await page.goto(sandbox.url);
    await soon(height).toBeLessThan(comfortable - 4);
    await page.getByRole('navigation').getByRole('link', { name: 'subject:day' }).click();
    await soon(async () => new URL(page.url()).searchParams.get('q')).toBe('subject:day');
    await page.getByRole('button', { name: 'Forget the search subject:day' }).click({ force: true });
    await soon(() => page.getByRole('navigation').getByText('subject:day').count()).toBe(0);
  });
});
