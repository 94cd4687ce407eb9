/**
 * Tests the release and the relay in a real browser: the decision of the policy before a release, and the deliveries
 * while they happen.
 */
import { describe, expect, it } from 'vitest';
import type { Info, MessagePage } from '../../contract/index.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();
const RAW = Buffer.from('From: app@x.test\r\nTo: ann@one.test\r\nSubject: Welcome aboard\r\n\r\nHello\r\n');

async function relaying(
  to: readonly string[],
): Promise<{ sandbox: TestSandbox; receiver: TestSandbox; id: string }> {
  const receiver = await startTestSandbox();
  const sandbox = await startTestSandbox({
    relay: 'manual',
    relayAllow: ['one.test'],
    relayRoute: [`one.test=127.0.0.1:${receiver.smtp.port}`],
  });
  const [id = ''] = await sendRaw(sandbox.smtp, [RAW], { from: 'app@x.test', to });
  return { sandbox, receiver, id };
}

describe('a release', () => {
  it('shows what the policy permits, sends to the chosen recipients, and shows each attempt', async () => {
    const { sandbox, receiver, id } = await relaying(['ann@one.test', 'boss@else.test']);
    const { page } = await open(sandbox, `inbox/all/${id}`);
    await page.getByRole('button', { name: 'Release: deliver for real' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release' });
    await dialog.getByText('boss@else.test is not on the allow list').waitFor();
    // A recipient that the policy refuses is not selected, and cannot be selected.
    const refused = dialog.getByRole('checkbox', { name: /boss@else\.test/ });
    expect([await refused.isChecked(), await refused.isDisabled()]).toEqual([false, true]);
    expect(await dialog.getByRole('checkbox', { name: /ann@one\.test/ }).isChecked()).toBe(true);
    const send = dialog.getByRole('button', { name: /^Release to 1 recipient/ });
    await soon(() => send.isEnabled()).toBe(true);
    expect(await page.evaluate<string>('document.activeElement.value')).toBe('ann@one.test');
    await dialog.getByRole('textbox', { name: 'Add a recipient' }).fill('bob@one.test');
    await page.keyboard.press('Enter');
    await dialog.getByText(/get the message with Resent header fields/).waitFor();
    const both = dialog.getByRole('button', { name: /^Release to 2 recipients/ });
    await soon(() => both.isEnabled()).toBe(true);
    await both.click();
    await page.getByRole('button', { name: 'Show' }).click();
    const deliveries = page.locator('[data-delivery]');
    await soon(() => deliveries.getByText('Delivered', { exact: true }).count()).toBe(2);
    await deliveries
      .filter({ hasText: 'ann@one.test' })
      .getByRole('button', { name: /Show the attempts/ })
      .click();
    await page.getByText('RCPT TO:<ann@one.test>').waitFor();
    expect((await receiver.json<MessagePage>('messages')).total).toBe(1);
  });

  it('explains why nothing can be released if no recipient is permitted', async () => {
    const { sandbox, id } = await relaying(['boss@else.test']);
    const { page } = await open(sandbox, `inbox/all/${id}`);
    await page.getByRole('button', { name: 'Release: deliver for real' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release' });
    await dialog.getByText(/The policy allows none of these recipients/).waitFor();
    expect(await dialog.getByRole('button', { name: /^Release to/ }).isDisabled()).toBe(true);
    await dialog.getByRole('link', { name: 'Open the allow list' }).click();
    await page.getByRole('textbox', { name: 'Address or domain to allow' }).waitFor();
  });

  it('is available by keyboard, but not while the relay is off', async () => {
    const { sandbox, id } = await relaying(['ann@one.test']);
    const { page } = await open(sandbox, `inbox/all/${id}`);
    await page.getByRole('button', { name: 'Release: deliver for real' }).waitFor();
    await page.keyboard.press('Shift+r');
    await page.getByRole('dialog', { name: 'Release' }).getByText('allowed').waitFor();

    const off = await startTestSandbox();
    const [other = ''] = await sendRaw(off.smtp, [RAW], { from: 'app@x.test', to: ['ann@one.test'] });
    const { page: closed } = await open(off, `inbox/all/${other}/activity`);
    await closed.getByText('was not released or relayed').waitFor();
    expect(await closed.getByRole('button', { name: /Release/ }).count()).toBe(0);
    await closed.keyboard.press('Shift+r');
    await closed.getByText('Start the server with --relay manual').waitFor();
  });
});

describe('the relay view', () => {
  it('adds a pattern to the allow list after a confirmation, and removes it again', async () => {
    const { sandbox } = await relaying(['boss@else.test']);
    const allowed = async () => (await sandbox.json<Info>('info')).relay.allow;
    const { page } = await open(sandbox, 'relay', { errors: /400/ });
    const rows = page.locator('[data-allowed]');
    await rows.getByText('from --relay-allow').waitFor();
    const pattern = page.getByRole('textbox', { name: 'Address or domain to allow' });
    await pattern.fill('boss@else.test');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Allow real deliveries' });
    await dialog.getByText(/Mail to boss@else\.test may then leave/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await allowed()).toEqual(['one.test']);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
    await rows.getByText('boss@else.test').waitFor();
    expect(await allowed()).toEqual(['one.test', 'boss@else.test']);

    // An invalid pattern is refused by the server, and the error is at the field.
    await pattern.fill('two words@x.test');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/is not an address or a domain/)
      .waitFor();
    expect(await pattern.getAttribute('aria-invalid')).toBe('true');

    await page.getByRole('button', { name: 'Remove boss@else.test from the allow list' }).click();
    await soon(() => rows.count()).toBe(1);
    expect(await allowed()).toEqual(['one.test']);
  });

  it('shows the policy and the progress of every delivery, and cancels and retries one', async () => {
    const { sandbox, receiver, id } = await relaying(['ann@one.test']);
    const rule = { on: 'rcpt', script: ['451 4.7.1 come back', 'accept'] };
    await receiver.json('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    });
    const { page } = await open(sandbox, 'relay');
    await page.getByText('one.test', { exact: true }).waitFor();
    await page.getByText('No deliveries').waitFor();
    await sandbox.json(`messages/${id}/release`, { method: 'POST' });
    const delivery = page.locator('[data-delivery]');
    await delivery.getByText('Deferred', { exact: true }).waitFor();
    await delivery.getByText(/451 4\.7\.1 come back/).waitFor();
    await delivery.getByRole('button', { name: 'Cancel: ann@one.test' }).click();
    await delivery.getByText('Cancelled', { exact: true }).waitFor();
    await delivery.getByRole('button', { name: 'Try again: ann@one.test' }).click();
    await delivery.getByText('Delivered', { exact: true }).waitFor();
    await delivery.getByText('2 attempts').waitFor();
    await page.getByRole('link', { name: /Open the message/ }).click();
    await page.getByRole('tab', { name: 'Activity', selected: true }).waitFor();
  });
});
