/**
 * Tests writing messages in a real browser: a message is captured with its attachments, or sent to the application.
 */
import { describe, expect, it } from 'vitest';
import type { Detail, MessagePage } from '../../contract/index.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { seriousFindings } from './axe.ts';
import { browserForFile, soon } from './browser-page.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

const newest = async (sandbox: TestSandbox): Promise<Detail> => sandbox.json<Detail>('messages/latest');

describe('the compose dialog', () => {
  it('receives the keys that are pressed before its code is loaded', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages);
    const { page } = await open(sandbox);
    await page.locator('[data-message]').first().click();
    await page.getByRole('tabpanel').first().waitFor();
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route('**/MessageCompose*', async (route) => {
      await arrived;
      await route.continue();
    });
    await page.reload();
    await page.getByRole('tabpanel').first().waitFor();
    const address = page.url();
    // The key c opens the dialog; outside the dialog, j and # would open the next message and delete it.
    await page.keyboard.type('cj#');
    arrive();
    await page.getByRole('dialog').waitFor();
    expect(page.url()).toBe(address);
    expect(await page.locator('[data-message]').count()).toBe(messages.length);
  });

  it('shows the missing value at each field, and focuses the first such field', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages.slice(0, 1));
    const { page } = await open(sandbox);
    await page.locator('[data-message]').first().waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog');
    const field = (name: string) => dialog.getByLabel(name, { exact: true });
    // The first empty field has the focus, not the close button.
    await field('From').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('me');
    expect(await field('From').inputValue()).toBe('me');
    // A draft that was closed by mistake can be restored unchanged.
    await page.keyboard.press('Escape');
    await page.getByText('Closed; the draft is kept').waitFor();
    expect(await dialog.count()).toBe(0);
    await page.getByRole('button', { name: 'Open again' }).click();
    await soon(() => field('From').inputValue()).toBe('me');
    await field('From').fill('');
    await field('Subject').fill('Hello');
    expect(await dialog.locator('[aria-invalid=true]').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Send' }).click();
    await soon(() => field('From').evaluate('document.activeElement?.getAttribute("aria-describedby")')).toBe(
      await dialog.getByText('Enter a sender.').getAttribute('id'),
    );
    expect(await field('To').getAttribute('aria-describedby')).toBe(
      await dialog.getByText('Enter a recipient.').getAttribute('id'),
    );
    expect(await seriousFindings(page)).toEqual([]);
    await field('From').fill('ann@x.test');
    await dialog.getByText('Enter a sender.').waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Send' }).click();
    await soon(() => field('To').evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    await field('To').fill('bob@x.test');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('keeps a draft that was closed, until it is discarded', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages.slice(0, 1));
    const { page } = await open(sandbox);
    await page.locator('[data-message]').first().click();
    await page.getByRole('button', { name: 'Reply', exact: true }).waitFor();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('Half a sentence');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Reply', exact: true }).waitFor();
    // The command for a new message opens an empty draft, and not the stored draft of the reply.
    await page.keyboard.press('c');
    const text = dialog.getByRole('textbox', { name: 'Text', exact: true });
    await soon(() => text.inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('r');
    await soon(() => text.inputValue()).toBe('Half a sentence');
    await dialog.getByRole('button', { name: 'Discard the draft' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('r');
    await soon(() => text.inputValue()).toMatch(/wrote:/);
  });

  it('leaves no tooltip over the page after it is closed', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages.slice(0, 1));
    const { page } = await open(sandbox);
    await page.locator('[data-message]').first().waitFor();
    const button = page.getByRole('navigation').getByRole('button', { name: 'Write a message' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await soon(() => button.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    expect(await page.getByRole('tooltip').count()).toBe(0);
    // The next key or movement of the pointer enables the tooltips again.
    await page.keyboard.press('Shift');
    await page.locator('[data-message]').first().focus();
    await button.focus();
    await page.getByRole('tooltip').waitFor();
  });

  it('forwards a message with its attachments, more files and a Bcc recipient', async () => {
    const sandbox = await startTestSandbox();
    await send(
      sandbox.smtp,
      messages.filter(({ subject }) => String(subject).includes('receipt')),
    );
    const { id } = await newest(sandbox);
    const { page } = await open(sandbox, `inbox/all/${id}`);
    await page.getByRole('button', { name: 'Forward' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('seats.csv').waitFor();
    await dialog.getByRole('button', { name: 'Do not attach invoice-2026-1107.pdf' }).click();
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('remember'),
    });
    await dialog.getByText('notes.txt').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByLabel('To', { exact: true }).fill('books@x.test');
    await dialog.getByLabel('Bcc', { exact: true }).fill('audit@x.test');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.waitFor({ state: 'detached' });
    const sent = await newest(sandbox);
    expect(sent).toMatchObject({
      subject: 'Fwd: Your receipt for October, € 122.21',
      envelope: { to: ['books@x.test', 'audit@x.test'] },
      attachments: [{ filename: 'seats.csv' }, { filename: 'notes.txt', size: 8 }],
    });
    expect(sent.headers.some(({ name }) => name === 'Bcc')).toBe(false);
    expect(await (await sandbox.api(`messages/${sent.id}/parts/2`)).text()).toContain('Jonas,2025-06-12');
  });

  it('sends a reply to the application, and shows the response of the application', async () => {
    const application = await startTestSandbox();
    const sandbox = await startTestSandbox({ app: `smtp://127.0.0.1:${application.smtp.port}` });
    await send(
      sandbox.smtp,
      messages.filter(({ subject }) => String(subject).includes('Booking')),
    );
    const { id } = await newest(sandbox);
    const { page } = await open(sandbox, `inbox/all/${id}`, { errors: /status of 502/ });
    await page.getByRole('heading', { name: /Booking 20817/ }).waitFor();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('To the application').click();
    await dialog.getByText(`Sent to smtp://127.0.0.1:${application.smtp.port}`).waitFor();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.getByText('The application replied: 250').waitFor();
    expect(await newest(application)).toMatchObject({
      subject: 'Re: Booking 20817 has the wrong dates',
      envelope: { from: 'support@fernweh.example.test', to: ['jonas@example.test'] },
    });
    expect((await sandbox.json<MessagePage>('messages')).total).toBe(1);

    await application.json('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ on: 'data', then: { reject: '554 5.7.1 No thanks' } }),
    });
    await page.keyboard.press('r');
    await dialog.getByText('To the application').click();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await soon(() => dialog.getByRole('alert').textContent()).toContain('554 5.7.1 No thanks');
  });
});

it('stores a message as a template, fills it in after a reload, and deletes it', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, messages.slice(0, 1));
  const { page } = await open(sandbox);
  const dialog = page.getByRole('dialog');
  const field = (name: string) =>
    dialog.getByLabel(name, { exact: true }).and(page.locator('input, textarea'));
  const button = (name: string) => dialog.getByRole('button', { name, exact: true });
  const compose = async (): Promise<void> => {
    await page.locator('[data-message]').first().waitFor();
    await page.keyboard.press('c');
    await field('From').and(page.locator(':focus')).waitFor();
  };
  await compose();
  await field('From').fill('shop@x.test');
  await field('Subject').fill('Your order');
  await field('Text').fill('Thank you');
  await button('Save as template').click();
  const name = field('Name of the template');
  await soon(() => name.inputValue()).toBe('Your order');
  // Escape closes the field for the name of the template, but not the composer.
  await name.press('Escape');
  await button('Save as template').click();
  await name.fill('Order');
  await name.press('Enter');
  await button('Order').waitFor();
  await button('Discard the draft').click();
  await dialog.waitFor({ state: 'detached' });
  await page.reload();

  await compose();
  await field('To').fill('ann@x.test');
  await button('Order').click();
  const values = () =>
    Promise.all(['From', 'To', 'Subject', 'Text'].map((label) => field(label).inputValue()));
  await soon(values).toEqual(['shop@x.test', 'ann@x.test', 'Your order', 'Thank you']);
  expect(await seriousFindings(page)).toEqual([]);
  await button('Undo').click();
  await soon(values).toEqual(['', 'ann@x.test', '', '']);
  await button('Delete the template Order').click();
  await soon(() => button('Order').count()).toBe(0);
  await button('Undo').click();
  await button('Order').waitFor();
});
