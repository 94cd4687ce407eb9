/** Tests links of hostile mail; the other attacks are in engines/preview.test.ts and hostile.slow.test.ts. */
import { expect, it } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { startTrap } from './attacks.ts';
import { browserForFile } from './browser-page.ts';
import { send } from './seed.ts';

const open = browserForFile();

it('opens its links only in a new tab, without an opener', async () => {
  const trap = await startTrap();
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [
    {
      from: 'eve@x.test',
      to: 'bob@x.test',
      subject: 'Links',
      html: `<a href="${trap.url}/top" target="_top">top</a> <a href="${trap.url}/self" target="_self">self</a>`,
    },
  ]);
  const { messages } = await sandbox.json<MessagePage>('messages');
  const { page } = await open(sandbox, `inbox/all/${messages[0]!.id}`);
  const stayed = page.url();
  for (const name of ['top', 'self']) {
    const opening = page.context().waitForEvent('page');
    await page.frameLocator('iframe').getByRole('link', { name }).click();
    const opened = await opening;
    await opened.waitForLoadState();
    expect(await opened.evaluate('opener')).toBeNull();
    expect(await opened.evaluate('document.referrer')).toBe('');
  }
  expect(page.url()).toBe(stayed);
  expect(trap.hits).toEqual(['/top', '/self']);
});
