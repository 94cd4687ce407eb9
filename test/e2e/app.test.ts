/** Tests properties of the whole page: base path, themes, narrow screens. */
import { expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile } from './browser-page.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

async function seeded(options: Parameters<typeof startTestSandbox>[0] = {}): Promise<TestSandbox> {
  const sandbox = await startTestSandbox(options);
  await send(sandbox.smtp, messages);
  return sandbox;
}

it('uses the light theme, the dark theme, or that of the system', async () => {
  const sandbox = await seeded();
  const { page } = await open(sandbox, '', { colorScheme: 'dark' });
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  expect(await background()).toBe('rgb(24, 24, 27)');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  expect(await background()).toBe('rgb(255, 255, 255)');
  await page.reload();
  expect(await background()).toBe('rgb(255, 255, 255)');
});
