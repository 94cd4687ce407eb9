/**
 * Tests the rules view in a real browser: creating, correcting, applying, trying, disabling, deleting and restoring a
 * rule.
 */
import { expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();
const RAW = Buffer.from('From: app@x.test\r\nTo: ann@one.test\r\nSubject: Welcome aboard\r\n\r\nHello\r\n');

it('creates a rule, shows its errors, counts its hits, tries it and deletes it', async () => {
  const sandbox = await startTestSandbox();
  const { page } = await open(sandbox, 'rules', { errors: /400/ });
  await page.getByRole('button', { name: 'Refuse a recipient' }).click();
  const json = page.getByRole('textbox', { name: 'The rule as JSON' });
  await json.fill('{"on": "lunch", "then": {"reject": "550 no"}}');
  await page.keyboard.press('Control+Enter');
  await page
    .getByRole('alert')
    .getByText(/Line 1\s+on /)
    .waitFor();
  await json.fill('{');
  await page.keyboard.press('Control+Enter');
  await page
    .getByRole('alert')
    .getByText(/Not valid JSON/)
    .waitFor();
  await json.fill(
    '{"name": "no ann", "on": "rcpt", "when": {"rcpt": "ann@*"}, "then": {"reject": "550 5.1.1 No Ann"}}',
  );
  await page.getByRole('button', { name: 'Save' }).click();
  const row = page.locator('[data-rule]');
  await row.getByText('rcpt ann@*').waitFor();

  await expect(sendRaw(sandbox.smtp, [RAW], { from: 'app@x.test', to: ['ann@one.test'] })).rejects.toThrow();
  await row.getByText('1 hit').waitFor();

  await page.getByRole('textbox', { name: 'To' }).fill('ann@one.test');
  await page.getByRole('button', { name: 'Try' }).click();
  await page.locator('[data-trial]').getByText('would act', { exact: false }).waitFor();
  await page.getByRole('textbox', { name: 'To' }).fill('bob@one.test');
  await page.getByRole('button', { name: 'Try' }).click();
  await page
    .locator('[data-trial]')
    .getByText(/when\.rcpt does not hold/)
    .waitFor();

  await page.getByRole('button', { name: 'Switch no ann off' }).click();
  await row.getByText('inactive').waitFor();
  await page.getByRole('button', { name: 'Delete no ann' }).click();
  await page.getByText('No rules').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await soon(() => row.count()).toBe(1);
});

it('edits a rule in fields, which are synchronised with the JSON', async () => {
  const sandbox = await startTestSandbox();
  const { page } = await open(sandbox, 'rules');
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('busy');
  await page.getByRole('combobox', { name: 'Stage' }).selectOption('mail');
  await page.getByRole('combobox', { name: 'Condition' }).selectOption('from');
  await page.getByRole('textbox', { name: 'matches' }).fill('app@*');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('button', { name: 'Remove the condition' }).nth(1).click();
  await page.getByRole('combobox', { name: 'Action' }).selectOption('Refuse with');
  await page.getByRole('textbox', { name: 'Reply', exact: true }).fill('451 4.3.2 Busy');
  await page.getByText('Limits: how often').click();
  await page.getByRole('textbox', { name: 'At most' }).fill('1');
  const json = page.getByRole('textbox', { name: 'The rule as JSON' });
  expect(JSON.parse(await json.inputValue())).toEqual({
    name: 'busy',
    on: 'mail',
    when: { from: 'app@*' },
    times: 1,
    then: { reject: '451 4.3.2 Busy' },
  });
  // Properties that the fields cannot show stay unchanged in the JSON.
  await json.fill('{"name": "steps", "on": "mail", "script": [7, "accept"]}');
  await page.getByText('edit the JSON below').waitFor();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('two steps');
  expect(JSON.parse(await json.inputValue())).toMatchObject({ script: [7, 'accept'] });
  // The steps of a rule's script are shown as fields of the form, also for the script of a template.
  await page.getByRole('button', { name: '451 twice' }).click();
  const second = page.getByRole('listitem', { name: 'Step 2' });
  await second.getByRole('textbox', { name: 'Reply' }).fill('250 4.3.1 Full');
  await second.getByText('must be a reply').waitFor();
  await second.getByRole('textbox', { name: 'Reply' }).fill('452 4.3.1 Full');
  await second.locator('[data-field-problem]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Remove step 1' }).click();
  expect(JSON.parse(await json.inputValue())).toMatchObject({ script: ['452 4.3.1 Full', 'accept'] });
  await json.fill('{"name": "two steps", "on": "mail", "script": ["451", "accept"]}');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('[data-rule]').getByText('two steps').waitFor();
  await expect(sendRaw(sandbox.smtp, [RAW], { from: 'app@x.test', to: ['ann@one.test'] })).rejects.toThrow();
});

it('offers to restore the text when the editor is closed, and starts with a harmless rule', async () => {
  const sandbox = await startTestSandbox();
  const { page } = await open(sandbox, 'rules');
  await page.getByRole('button', { name: 'New rule' }).click();
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const json = page.getByRole('textbox', { name: 'The rule as JSON' });
  expect(JSON.parse(await json.inputValue())).toMatchObject({ then: { accept: true } });
  // The text was not changed, so no notice offers to restore it.
  await page.keyboard.press('Escape');
  await name.waitFor({ state: 'detached' });
  expect(await page.getByText('Rule closed without saving').count()).toBe(0);

  await page.getByRole('button', { name: 'New rule' }).click();
  await name.fill('slow lunch');
  await page.keyboard.press('Escape');
  await page.getByText('Rule closed without saving').waitFor();
  await page.getByRole('link', { name: 'All mail' }).click();
  await page.getByText('Waiting for mail').waitFor();
  await page.getByRole('button', { name: 'Open again' }).click();
  expect(await name.inputValue()).toBe('slow lunch');
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-rule]').getByText('slow lunch').waitFor();
});

it('shows the webhooks that rules sent', async () => {
  const sandbox = await startTestSandbox();
  await sandbox.json('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tell', on: 'stored', then: { webhook: `${sandbox.url}livez?x` } }),
  });
  const { page } = await open(sandbox, 'rules');
  await sendRaw(sandbox.smtp, [RAW], { from: 'app@x.test', to: ['ann@one.test'] });
  const webhook = page.locator('[data-webhook]');
  await webhook.getByText('1 try').waitFor();
  await webhook.getByRole('button', { name: /Send again/ }).click();
  await page.getByText('Sent again').waitFor();
});

it('shows errors with their lines while the user types, and moves rules up and down', async () => {
  const sandbox = await startTestSandbox();
  const put = (name: string) =>
    sandbox.json('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, on: 'rcpt', then: { reject: `550 ${name}` } }),
    });
  for (const name of ['first', 'second', 'third']) await put(name);
  const { page } = await open(sandbox, 'rules');
  const rows = page.locator('[data-rule]');
  const names = async () => (await rows.locator('p:first-child > span:first-child').allTextContents()).join();
  await soon(names).toBe('first,second,third');
  await page.getByRole('button', { name: 'Move third up' }).click();
  await soon(names).toBe('first,third,second');
  expect(await page.getByRole('button', { name: 'Move first up' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Move first down' }).click();
  await soon(names).toBe('third,first,second');

  // The command palette opens a rule.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await page.keyboard.type('edit rule second');
  await page.getByRole('option', { name: /^Edit rule second/ }).waitFor();
  await page.keyboard.press('Enter');
  const json = page.getByRole('textbox', { name: 'The rule as JSON' });
  await page.getByText('Valid.', { exact: true }).waitFor();
  await json.fill(
    '{\n  "on": "rcpt",\n  "when": {\n    "lunch": "*"\n  },\n  "then": { "reject": "550 no" }\n}',
  );
  await page.getByRole('button', { name: 'Line 4' }).click();
  const selected = () =>
    page.evaluate<string>(
      '((area) => area.value.slice(area.selectionStart, area.selectionEnd))(document.activeElement)',
    );
  expect(await selected()).toBe('    "lunch": "*"');
});
