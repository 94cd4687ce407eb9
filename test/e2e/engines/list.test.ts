/** Tests the list in every engine: its table form, marked words, recent searches, conversations. */
import { expect, it } from 'vitest';
import { engineForFile, soon } from '../driver/index.ts';
import { plain, sandboxWith } from '../plain-mail.ts';
import { messages } from '../seed.ts';

const open = engineForFile();

it('is a table with chosen columns where no message is open', async () => {
  const sandbox = await sandboxWith(messages);
  const page = await open(sandbox);
  const heads = () => page.texts('[data-columns] > span');
  await soon(heads).toEqual(['From', 'To', 'Subject', 'Tags', 'Size', 'Time']);
  await page.click({ role: 'button', name: 'Choose the columns' });
  await page.click({ role: 'menuitem', name: 'User' });
  await page.click({ role: 'menuitem', name: 'Tags' });
  await page.press('Escape');
  await soon(heads).toEqual(['From', 'To', 'Subject', 'User', 'Size', 'Time']);
  await page.reload();
  await soon(heads).toEqual(['From', 'To', 'Subject', 'User', 'Size', 'Time']);
  await page.click('[data-message]');
  await page.waitFor({ role: 'heading', name: /^Welcome aboard/ });
  await page.waitForNone('[data-columns]');
  await page.press('u');
  await page.waitFor('[data-columns]');
});

it('marks the words of the search in the rows and in the message', async () => {
  const sandbox = await sandboxWith([
    { ...plain('An order of tea'), html: '<p>Your <b>Tea</b> is on its way: tea, and more tea.</p>' },
  ]);
  const page = await open(sandbox, 'inbox/all?q=tea');
  await soon(() => page.texts('[data-message] mark')).toContain('tea');
  await page.click('[data-message]');
  await soon(() => page.texts({ css: 'mark', within: { role: 'heading', name: /^An order/ } })).toEqual([
    'tea',
  ]);
  await soon(() => page.count('[data-hit]')).toBe(3);
});

it('offers recent searches in the empty search box', async () => {
  const sandbox = await sandboxWith(messages);
  const page = await open(sandbox);
  await page.waitFor('[data-message]');
  await page.press('/');
  await page.type('subject:receipt');
  await page.press('Enter');
  await soon(() => page.count('[data-message]')).toBe(1);
  await page.click({ role: 'button', name: 'Clear the search' });
  await soon(() => page.count('[data-message]')).toBe(messages.length);
  await page.waitFor({ role: 'option', name: /^subject:receipt/ });
  await page.press('ArrowDown');
  await page.press('Enter');
  await soon(() => page.count('[data-message]')).toBe(1);
  expect((await page.url()).searchParams.get('q')).toBe('subject:receipt');
});

it('shows the messages of a conversation in a row, and alone in the list', async () => {
  const reply = (n: number, references: string[]) => ({
    ...{
      from: `p${n}@x.test`,
      to: 'b@x.test',
      subject: `Re: Trip ${n}`,
      text: 'x',
      messageId: `<${n}@x.test>`,
    },
    references,
  });
  const sandbox = await sandboxWith([
    reply(1, []),
    plain('Other'),
    reply(2, ['<1@x.test>']),
    reply(3, ['<1@x.test>', '<2@x.test>']),
  ]);
  const page = await open(sandbox);
  await page.click({ css: '[data-message]', text: 'Trip 2' });
  const strip = { role: 'navigation', name: 'Conversation' } as const;
  await soon(() => page.texts({ role: 'button', within: strip })).toEqual([
    '3 in this conversation',
    ...['p1@x.test', 'p2@x.test', 'p3@x.test'],
  ]);
  await page.click({ role: 'button', name: 'p3@x.test', within: strip });
  await page.waitFor({ role: 'heading', name: 'Re: Trip 3' });
  await page.click({ role: 'button', name: '3 in this conversation', within: strip });
  await soon(() => page.count('[data-message]')).toBe(3);
  await page.click({ role: 'button', name: '3 in this conversation', within: strip });
  await soon(() => page.count('[data-message]')).toBe(4);
});

it('has rows of the same height with and without a preview text', async () => {
  const sandbox = await sandboxWith([plain('With text'), { ...plain('Without text'), text: '' }]);
  const page = await open(sandbox, '', { viewport: { width: 700, height: 800 } });
  await soon(() => page.count('[data-row]')).toBe(2);
  const heights = await page.evaluate<number[]>(
    "[...document.querySelectorAll('[data-row]')].map((row) => row.getBoundingClientRect().height)",
  );
  expect(new Set(heights).size).toBe(1);
});
