/** Tests the accounts view with ten thousand accounts in a real browser. */
import { it } from 'vitest';
import { accountName } from '../../server/store/ids.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { send } from './seed.ts';

const open = browserForFile();
const mail = { from: 'ann@x.test', to: 'bob@x.test', subject: 'Hello', text: 'Hello' };

it('shows ten thousand accounts, and finds one of them', async () => {
  const sandbox = await startTestSandbox();
  const { store } = sandbox.sandbox;
  for (let n = 0; n < 10_000; n++) await store.accounts.mint(accountName(`user${n}@x.test`), 'pass');
  await send(sandbox.smtp, [{ ...mail, to: 'user9711@x.test' }]);
  const { page } = await open(sandbox);
  const nav = page.getByRole('navigation');
  // The browser loads 500 accounts, `all` among them, and the first group shows six of them.
  await nav.getByRole('button', { name: '493 more' }).waitFor();
  await nav.getByRole('link', { name: '9,501 more' }).waitFor();
  // Among the loaded accounts, the account with unread mail is first.
  await nav.getByRole('link', { name: /user9711@x\.test/ }).waitFor();
  await nav.getByRole('searchbox', { name: 'Filter accounts' }).fill('user999');
  await soon(() => nav.getByRole('link', { name: /user999/ }).count()).toBe(11);
  await nav.getByRole('link', { name: /more$/ }).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('go to user8080');
  await page.getByRole('option', { name: /user8080@x\.test/ }).waitFor();
  await page.keyboard.press('Enter');
  await soon(async () => new URL(page.url()).pathname).toBe('/inbox/user8080@x.test');
  await nav.getByRole('link', { name: 'Manage accounts' }).click();
  await soon(() => page.locator('[data-account]').count()).toBe(200);
  await page.getByRole('button', { name: 'Show more' }).click();
  await soon(() => page.locator('[data-account]').count()).toBe(400);
});
