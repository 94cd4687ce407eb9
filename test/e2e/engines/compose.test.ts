/** Tests in every engine the messages that a user writes and sends in the page. */
import { expect, it } from 'vitest';
import type { Detail, MessagePage } from '../../../contract/index.ts';
import { startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { engineForFile, soon } from '../driver/index.ts';
import { plain, sandboxWith, stored } from '../plain-mail.ts';

const open = engineForFile();
const dialog = { role: 'dialog' } as const;

async function found(sandbox: TestSandbox, query: string): Promise<Detail> {
  await soon(() => stored(sandbox, query)).toBe(1);
  const { messages } = await sandbox.json<MessagePage>(`messages?query=${encodeURIComponent(query)}`);
  return sandbox.json<Detail>(`messages/${messages[0]!.id}`);
}

it('sends a message with HTML, which has a preview beside its source', async () => {
  const sandbox = await sandboxWith([plain('First')]);
  const page = await open(sandbox);
  await page.waitFor('[data-message]');
  await page.press('c');
  for (const [name, value] of [
    ['From', 'ann@x.test'],
    ['To', 'cleo@x.test'],
    ['Subject', 'Styled'],
  ] as const) {
    await page.fill({ role: 'textbox', name, within: dialog }, value);
  }
  await page.click({ css: '[aria-pressed], [role=radio]', name: 'HTML', within: dialog });
  await page.fill({ role: 'textbox', name: 'HTML source', within: dialog }, '<b>Bold</b>');
  const shown = "document.querySelector('[role=dialog] iframe').srcdoc";
  await soon(() => page.evaluate(shown)).toMatch(/Content-Security-Policy.*<b>Bold<\/b>$/s);
  expect(await page.attribute({ css: 'iframe', within: dialog }, 'sandbox')).toBe('');
  await page.click({ role: 'button', name: 'Send', within: dialog });
  await page.waitForNone(dialog);
  expect((await found(sandbox, 'subject:styled')).html).toContain('<b>Bold</b>');
});

it('forwards a message as an attachment', async () => {
  const sandbox = await sandboxWith([plain('Original')]);
  const page = await open(sandbox);
  await page.click('[data-message]');
  await page.click({ role: 'button', name: 'More for this message' });
  await page.click({ role: 'menuitem', name: 'Forward as attachment' });
  await page.waitFor({ text: '.eml', within: dialog });
  await page.fill({ role: 'textbox', name: 'To', within: dialog }, 'cleo@x.test');
  await page.click({ role: 'button', name: 'Send', within: dialog });
  await page.waitForNone(dialog);
  const sent = await found(sandbox, 'to:cleo@x.test');
  expect(sent.attachments.map(({ type }) => type)).toEqual(['message/rfc822']);
});

it('sends the same bytes again to another recipient', async () => {
  const sandbox = await sandboxWith([plain('Original')]);
  const page = await open(sandbox);
  await page.click('[data-message]');
  await page.click({ role: 'button', name: 'More for this message' });
  await page.click({ role: 'menuitem', name: 'Send again to…' });
  await page.fill({ css: 'input', within: dialog }, 'dan@x.test');
  await page.press('Enter');
  await page.waitForNone(dialog);
  const again = await found(sandbox, 'rcpt:dan@x.test');
  expect(again).toMatchObject({ subject: 'Original', envelope: { from: 'ann@x.test', to: ['dan@x.test'] } });
});

it('captures a message file that is dropped onto the page', async () => {
  const sandbox = await startTestSandbox();
  const page = await open(sandbox);
  await page.waitFor({ text: 'Waiting for mail' });
  await page.evaluate(`(() => {
    const data = new DataTransfer();
    data.items.add(new File(['From: a@x.test\\r\\nTo: b@x.test\\r\\nSubject: Dropped\\r\\n\\r\\nx'], 'one.eml'));
    document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  })()`);
  await page.waitFor({ text: '1 message added' });
  await page.waitFor({ css: '[data-message]', text: 'Dropped' });
});
