/** The page as a whole: base path, themes, narrow screens. */
import { expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

async function seeded(options: Parameters<typeof startTestSandbox>[0] = {}): Promise<TestSandbox> {
  const sandbox = await startTestSandbox(options);
  await send(sandbox.smtp, messages);
  return sandbox;
}

it('works below a base path, after a reload too', async () => {
  const sandbox = await seeded({ basePath: '/mail/box/' });
  expect(sandbox.url).toMatch(/\/mail\/box\/$/);
  const { page } = await open(sandbox);
  await page.locator('[data-message]').first().click();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/mail\/box\/inbox\/all\//);
  await page.reload();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
});

it('is light, dark, or as the system has it', async () => {
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

it('shows one pane at a time on a phone', async () => {
  const sandbox = await seeded();
  const { page } = await open(sandbox, '', { viewport: { width: 390, height: 844 } });
  await page.locator('[data-message]').first().click();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
  expect(await page.locator('[data-message]').first().isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await page.locator('[data-message]').first().waitFor();
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Server and connections' }).click();
  await page.getByRole('heading', { name: 'Server', level: 1 }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});

it('mints an account and shows its login', async () => {
  const sandbox = await seeded();
  const { page } = await open(sandbox, 'accounts');
  const current = page.getByRole('navigation').locator('[aria-current=page]');
  await soon(() => current.allTextContents()).toEqual(['Manage accounts']);
  await page.getByRole('button', { name: 'New account' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).waitFor();
  await page.keyboard.type('signup');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Account made' }).getByText('@').first().waitFor();
});
