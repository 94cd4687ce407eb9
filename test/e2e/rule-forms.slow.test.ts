/** Tests the form of every action of rules in a real browser, on a screen of 800 pixels. */
import { expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { actionForms } from '../../ui/model/rules/rule-fields.ts';
import { rulesStrings } from '../../ui/strings/rules.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();
const { rules: s } = rulesStrings;

/** Returns whether no field of the form is cut off, and the dialog does not scroll sideways. */
const FITS = `[...document.querySelectorAll('[data-rule-form] :is(input, select, textarea, button)')].every((field) => {
  const { left, right } = field.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
}) && document.querySelector('[role=dialog]').scrollWidth <= document.querySelector('[role=dialog]').clientWidth`;

it('edits the parameters of every action in fields that fit on a screen of 800 pixels', async () => {
  const sandbox = await startTestSandbox();
  const { page } = await open(sandbox, 'rules', { viewport: { width: 800, height: 900 } });
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByRole('combobox', { name: 'Stage' }).selectOption('rcpt');
  const json = page.getByRole('textbox', { name: 'The rule as JSON' });
  const action = page.getByRole('combobox', { name: 'Action' });
  for (const [name, { fields, initial }] of Object.entries(actionForms)) {
    await action.selectOption(name);
    await soon(async () => (JSON.parse(await json.inputValue()) as { then: unknown }).then).toEqual({
      [name]: initial,
    });
    const card = page.locator(`[data-action="${name}"]`);
    for (const { key, kind, example, options } of fields) {
      const label = card.getByLabel(s.fields[key] ?? key, { exact: true });
      if (kind === 'flag') await label.check();
      // The first option fits to the values of all other fields.
      else if (kind === 'choice') await label.selectOption(options[0] ?? '');
      else await label.fill(example);
    }
    expect(await page.evaluate(FITS), name).toBe(true);
    await page.getByText('Valid.', { exact: true }).waitFor();
  }
  expect(JSON.parse(await json.inputValue())).toMatchObject({
    then: { relay: { to: ['someone@example.test'] } },
  });
});

it('shows an error of the server at the field that causes it, and corrects it there', async () => {
  const sandbox = await startTestSandbox();
  const { page } = await open(sandbox, 'rules', { viewport: { width: 800, height: 900 } });
  await page.getByRole('button', { name: 'New rule' }).click();
  const action = page.getByRole('combobox', { name: 'Action' });
  await action.selectOption('quota');
  const size = page.getByLabel(s.fields['size'] ?? '');
  await size.fill('much');
  await soon(() => size.getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator('[data-field-problem]').allTextContents()).toEqual([
    'must be a number of octets, such as 5000 or "10MB"',
  ]);
  await size.fill('1.5MB');
  await soon(() => size.getAttribute('aria-invalid')).toBe('false');
  // The stage of the rule does not permit the action, so the form shows the error at the action.
  await page.getByRole('combobox', { name: 'Stage' }).selectOption('connect');
  await page.locator('[data-action=quota]').getByText('can be used at rcpt, not at connect').waitFor();
  await page.getByRole('combobox', { name: 'Stage' }).selectOption('rcpt');
  // The test adds a script whose second step has two actions.
  await page.getByRole('combobox', { name: 'Each time' }).selectOption('steps');
  await page.getByRole('button', { name: 'Add a step' }).click();
  const second = page.getByRole('listitem', { name: 'Step 2' });
  await second.getByRole('button', { name: 'Add an action' }).click();
  await second
    .locator('[data-action]')
    .nth(1)
    .getByRole('combobox', { name: 'Action' })
    .selectOption('delay');
  await second.getByLabel(s.fields['duration'] ?? '', { exact: true }).fill('2 fortnights');
  await second.getByText('must be a duration').waitFor();
  await second.getByLabel(s.fields['duration'] ?? '', { exact: true }).fill('20ms');
  await page.getByText('Limits: how often').click();
  const chance = page.getByLabel(s.fields['probability'] ?? '');
  await chance.fill('7');
  await page.getByText('must be a number from 0 to 1').first().waitFor();
  await chance.fill('0.05');
  await page.getByText('Valid.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('[data-rule]').waitFor();
  const { rules } = await sandbox.json<{ rules: unknown[] }>('rules');
  expect(rules).toMatchObject([
    {
      probability: 0.05,
      script: [{ quota: { messages: 10, size: '1.5MB' } }, { reject: '451 4.7.1 Try later', delay: '20ms' }],
    },
  ]);
});
