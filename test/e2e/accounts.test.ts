/** Tests the accounts view in a real browser: copying and changing logins, removal with undo. */
import { ImapFlow } from 'imapflow';
import { expect, it } from 'vitest';
import type { AccountList, MessagePage } from '../../contract/index.ts';
import { accountName } from '../../server/store/ids.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { send } from './seed.ts';

const open = browserForFile();
const mail = { from: 'ann@x.test', to: 'bob@x.test', subject: 'Hello', text: 'Hello' };

async function logsIn({ imap }: TestSandbox, user: string, pass: string): Promise<boolean> {
  const client = new ImapFlow({ ...imap, secure: false, auth: { user, pass }, logger: false });
  try {
    await client.connect();
    await client.logout();
    return true;
  } catch {
    return false;
  }
}

it('shows the login of an account, sets its password and removes it', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [mail]);
  const { page } = await open(sandbox, 'accounts', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('button', { name: 'Log in as bob@x.test' }).click();
  const dialog = page.getByRole('dialog', { name: 'bob@x.test' });
  await dialog.getByRole('textbox', { name: 'New password' }).fill('pa ss');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Copy: IMAP' }).click();
  await soon(() => page.evaluate<string>('navigator.clipboard.readText()')).toBe(
    `imap://bob%40x.test:pa%20ss@127.0.0.1:${sandbox.imap.port}`,
  );
  expect(await logsIn(sandbox, 'bob@x.test', 'wrong')).toBe(false);
  expect(await logsIn(sandbox, 'bob@x.test', 'pa ss')).toBe(true);
  await dialog.getByRole('button', { name: 'Accept any password' }).click();
  await page.getByText('bob@x.test accepts any password now').waitFor();
  expect(await logsIn(sandbox, 'bob@x.test', 'wrong')).toBe(true);

  await dialog.getByRole('button', { name: 'Send it a test message' }).click();
  await soon(async () => (await sandbox.json<{ total: number }>('messages?account=bob@x.test')).total).toBe(
    2,
  );
});

it('removes an account at once, and restores it on undo', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [mail]);
  const { page } = await open(sandbox, 'accounts');
  const row = page.locator('[data-account]', { hasText: 'bob@x.test' });
  await row.getByRole('button', { name: 'Remove: bob@x.test' }).click();
  await soon(() => row.count()).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
  await row.getByRole('button', { name: 'Remove: bob@x.test' }).click();
  await page.goto('about:blank');
  await soon(async () => (await sandbox.json<AccountList>('accounts')).accounts.length).toBe(1);
});

it('finds an account that is not on the first page', async () => {
  const sandbox = await startTestSandbox();
  for (let n = 0; n < 600; n++) await sandbox.sandbox.store.accounts.open(accountName(`user${n}@x.test`));
  const { page } = await open(sandbox, 'accounts');
  await page.getByText('The order applies to the 500 accounts that are loaded').waitFor();
  await page.getByRole('main').getByRole('searchbox', { name: 'Filter accounts' }).fill('user7@');
  await soon(() => page.locator('[data-account]').count()).toBe(1);
  const nav = page.getByRole('navigation');
  await nav.getByRole('searchbox', { name: 'Filter accounts' }).fill('user8@');
  await nav.getByRole('link', { name: /user8@x\.test/ }).waitFor();
});

it('shows an account under its canonical name for any spelling in the address of the page', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [mail, { ...mail, to: 'ann@bücher.test' }]);
  const { messages } = await sandbox.json<MessagePage>('messages?query=to:bob@x.test');
  const id = messages[0]!.id;
  const { page } = await open(sandbox, `inbox/BOB@X.test/${id}/headers?q=subject:hello`);
  const place = () => {
    const { pathname, search } = new URL(page.url());
    return decodeURIComponent(pathname + search);
  };
  await soon(() => Promise.resolve(place())).toBe(`/inbox/bob@x.test/${id}/headers?q=subject:hello`);
  await page.getByRole('tab', { name: 'Headers', selected: true }).waitFor();
  await page.goto(new URL('inbox/Ann@xn--bcher-kva.test', sandbox.url).href);
  await soon(() => Promise.resolve(place())).toBe('/inbox/ann@bücher.test');
  expect(await page.locator('[data-message]').count()).toBe(1);
});
