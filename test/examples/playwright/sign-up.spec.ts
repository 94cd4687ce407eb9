import { expect, test } from 'restante/playwright';
import { startApp } from '../app.mjs';

test('a visitor signs up and confirms the address', async ({ page, sandbox, inbox }) => {
  const app = await startApp(sandbox.smtp.url);
  await page.goto(app.url);
  await page.getByRole('textbox').fill(inbox.address);
  await page.getByRole('button', { name: 'Sign up' }).click();
  const message = await inbox.waitForOne({ subject: /confirm/i });
  expect(message).toHaveCode();
  await page.goto(message.link({ kind: 'verify' }).href);
  await expect(page.getByText(`Hello, ${inbox.address}!`)).toBeVisible();
  await app.close();
});

test('a failure shows the mail that came', async ({ sandbox, inbox }) => {
  test.fail();
  const app = await startApp(sandbox.smtp.url);
  await app.signUp(inbox.address);
  await app.close();
  await inbox.waitFor({ subject: 'Reset your password' }, { timeout: 0 });
});

test('an unexpected failure attaches it', async ({ sandbox, inbox }) => {
  test.skip(process.env.SHOW_FAILURE === undefined, 'shown on demand');
  const app = await startApp(sandbox.smtp.url);
  await app.signUp(inbox.address);
  await app.close();
  await inbox.waitFor({ subject: 'Reset your password' }, { timeout: 0 });
});
