/**
 * Tests in every engine the features that help while an application is under test: the page follows new messages, rows
 * show codes, and one address is watched.
 */
import { expect, it } from 'vitest';
import { engineForFile, soon } from '../driver/index.ts';
import { plain, sandboxWith, seeded } from '../plain-mail.ts';
import { send } from '../seed.ts';

const open = engineForFile();
const codeMail = (code: string, to: string) => ({
  ...{ from: 'app@x.test', to, subject: `Your code ${code}` },
  text: `Your sign-in code is ${code}.\nhttps://x.test/verify?token=${code}\n`,
});

it('opens each message when it arrives, after a key, until the key is pressed again', async () => {
  const sandbox = await sandboxWith([plain('First')]);
  const page = await open(sandbox);
  await page.waitFor('[data-message]');
  await page.press('w');
  await page.waitFor({ role: 'button', name: /^Follow/ });
  await send(sandbox.smtp, [plain('Second')]);
  await page.waitFor({ role: 'heading', name: 'Second' });
  await send(sandbox.smtp, [plain('Third')]);
  await page.waitFor({ role: 'heading', name: 'Third' });
  await page.press('w');
  await send(sandbox.smtp, [plain('Fourth')]);
  await soon(() => page.count('[data-message]')).toBe(4);
  expect(await page.count({ role: 'heading', name: 'Third' })).toBe(1);
});

it('shows in a row the code and the link to copy, the time to the second, and the size', async () => {
  const { sandbox, id } = await seeded('Welcome aboard');
  const page = await open(sandbox);
  const row = { css: `[data-row="${id}"]` } as const;
  await page.waitFor({ role: 'button', name: 'Copy the code 739204', within: row });
  await page.waitFor({ role: 'button', name: 'Copy the main link', within: row });
  await soon(() => page.text(row)).toMatch(/\d\d:\d\d:\d\d/);
  expect(await page.text(row)).toMatch(/[\d.]+ kB/);
  // Copying opens no message, and marks none as read.
  await page.click({ role: 'button', name: 'Copy the code 739204', within: row });
  expect((await page.url()).pathname).toBe('/inbox/all');
  expect((await sandbox.json<{ seen: boolean }>(`messages/${id}`)).seen).toBe(false);
});

it('watches one address in a small window: the newest message, its code, and the messages before it', async () => {
  const sandbox = await sandboxWith([codeMail('482913', 'ann@x.test')]);
  const page = await open(sandbox, 'watch/ann@x.test', { viewport: { width: 440, height: 780 } });
  await page.waitFor({ role: 'button', name: 'Copy the code 482913' });
  expect(await page.count('nav')).toBe(0);
  await send(sandbox.smtp, [codeMail('111222', 'bob@x.test'), codeMail('735510', 'ann@x.test')]);
  await page.waitFor({ role: 'button', name: 'Copy the code 735510' });
  await soon(() => page.count('[data-watched]')).toBe(2);
  await page.click('[data-watched]', { nth: 1 });
  await page.waitFor({ role: 'button', name: 'Copy the code 482913' });
});
