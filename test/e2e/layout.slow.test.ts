/** Tests the room that the page gives to a message: many recipients, many attachments, narrow windows, wide devices. */
import { expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import type { MessagePage } from '../../contract/index.ts';
import { seriousFindings } from './axe.ts';
import { browserForFile, soon } from './browser-page.ts';
import { plain, sandboxWith } from './plain-mail.ts';
import { send } from './seed.ts';

const open = browserForFile();

const newest = async (sandbox: TestSandbox): Promise<string> =>
  (await sandbox.json<MessagePage>('messages?limit=1')).messages[0]!.id;

it('groups many recipients by domain, and keeps the pinned ones on top', async () => {
  const sandbox = await sandboxWith(
    Array.from({ length: 24 }, (_, n) =>
      plain(`Mail ${n}`, `user${n}@${n % 2 === 0 ? 'shop' : 'club'}.test`),
    ),
  );
  const tagged = await newest(sandbox);
  await sandbox.json(`messages/${tagged}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tags: ['urgent'] }),
  });
  const { page } = await open(sandbox);
  const navigation = page.getByRole('navigation');
  const links = navigation.locator('a[href*="@"]');
  // The group with the latest account is open, and shows a few accounts.
  await soon(() => links.count()).toBe(6);
  expect(await links.first().textContent()).toContain('user23@club.test');
  const [tags, accounts] = [
    navigation.getByText('urgent'),
    navigation.getByText('Accounts', { exact: true }),
  ];
  expect((await tags.boundingBox())!.y).toBeLessThan((await accounts.boundingBox())!.y);
  await navigation.getByRole('button', { name: 'shop.test' }).click();
  await soon(() => links.count()).toBe(12);
  await links.filter({ hasText: 'user22@shop.test' }).hover();
  await navigation.getByRole('button', { name: 'Pin user22@shop.test' }).click();
  await page.reload();
  await soon(() => links.first().textContent()).toContain('user22@shop.test');
  expect(await seriousFindings(page)).toEqual([]);
});

it('folds thirty attachments to one row, so that the body stays in sight', async () => {
  const sandbox = await startTestSandbox();
  const attachments = Array.from({ length: 30 }, (_, n) => ({ filename: `file ${n}.csv`, content: 'a,b' }));
  const mail = { from: 'a@x.test', to: 'b@x.test', subject: 'Thirty', text: 'The body is here', attachments };
  await send(sandbox.smtp, [mail]);
  const { page } = await open(sandbox, `inbox/all/${await newest(sandbox)}`);
  const body = page.getByText('The body is here').last();
  await body.waitFor();
  expect((await body.boundingBox())!.y).toBeLessThan(450);
  expect(await seriousFindings(page)).toEqual([]);
  // Although the attachments are folded to one row, all of them are accessible by keyboard, and by a button.
  await page.getByRole('button', { name: 'View file 29.csv' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'file 29.csv' }).waitFor();
  await page.keyboard.press('Escape');
  const height = async () => (await page.locator('[data-attachments]').boundingBox())!.height;
  const folded = await height();
  await page.getByRole('button', { name: 'Show all' }).click();
  await soon(height).toBeGreaterThan(folded + 80);
});

it('reduces the sidebar to icons at 1024 px, and scales a device that is wider than the pane', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [
    { from: 'a@x.test', to: 'b@x.test', subject: 'Wide', text: 'x', html: '<p>Body</p>' },
  ]);
  const { page } = await open(sandbox, `inbox/all/${await newest(sandbox)}`);
  await page.setViewportSize({ width: 1024, height: 800 });
  const message = page.getByRole('article', { name: 'Message' });
  await soon(async () => (await message.boundingBox())!.width).toBeGreaterThan(600);
  const body = page.frameLocator('iframe').locator('body');
  await page.locator('[aria-label="Desktop, 1024 px"]').click();
  await soon(() => body.evaluate('innerWidth')).toBe(1024);
  const frame = (await page.locator('iframe').boundingBox())!;
  expect(frame.x + frame.width).toBeLessThanOrEqual(1024);
  expect(frame.width).toBeGreaterThan(550);
  expect(await seriousFindings(page)).toEqual([]);
  // The whole navigation is one click away.
  await page.getByRole('button', { name: 'Open navigation' }).first().click();
  await page.getByRole('dialog').getByRole('link', { name: 'b@x.test' }).click();
  await page.getByRole('heading', { name: 'b@x.test' }).waitFor();
});

it('reports that a message has no styles for dark mode', async () => {
  const sandbox = await startTestSandbox();
  const html = '<style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style><p>Styled</p>';
  await send(sandbox.smtp, [
    { from: 'a@x.test', to: 'b@x.test', subject: 'With', html },
    { from: 'a@x.test', to: 'b@x.test', subject: 'Without', html: '<p>Plain</p>' },
  ]);
  const { page } = await open(sandbox, `inbox/all/${await newest(sandbox)}`);
  await page.frameLocator('iframe').getByText('Plain').waitFor();
  await page.getByRole('button', { name: 'Render in dark mode' }).click();
  await page.getByText('This message has no styles for dark mode').waitFor();
  await soon(() => page.title()).toContain('Without – Restante');
  await page.keyboard.press('j');
  await page.frameLocator('iframe').getByText('Styled').waitFor();
  expect(await page.getByText('This message has no styles for dark mode').count()).toBe(0);
  await soon(() => page.title()).toContain('With – Restante');
});
