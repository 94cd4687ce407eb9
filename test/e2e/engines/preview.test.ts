/**
 * Tests hostile mail in every engine: none of its scripts runs, it loads nothing, and none of its links navigates the
 * page.
 */
import { describe, expect, it } from 'vitest';
import type { MessagePage } from '../../../contract/index.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { engineForFile, soon } from '../driver/index.ts';
import { attacks, BLOCKED, startTrap } from '../attacks.ts';
import { send } from '../seed.ts';

const open = engineForFile();

const SUBJECT = 'Hostile <img src=x onerror=alert(0)>';

async function openHtml(html: string) {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [{ from: 'eve@x.test', to: 'bob@x.test', subject: SUBJECT, html }]);
  const { messages } = await sandbox.json<MessagePage>('messages');
  const address = `inbox/all/${messages[0]!.id}`;
  const page = await open(sandbox, address, { errors: BLOCKED });
  return { page, address: new URL(address, sandbox.url).href };
}

describe('hostile mail', () => {
  for (const [name, attack] of Object.entries(attacks)) {
    it(`has no effect: ${name}`, async () => {
      const trap = await startTrap();
      const { page, address } = await openHtml(`<p>before</p>${attack(trap.url)}<p id="end">after</p>`);
      await page.waitFor('iframe');
      const frame = page.frame('iframe');
      await frame.waitFor({ text: 'before' });
      // Waits until the document and everything that it may load are loaded.
      await soon(() => frame.evaluate('document.readyState')).toBe('complete');
      expect(trap.hits).toEqual([]);
      expect(await page.dialogs()).toEqual([]);
      expect(await page.tabs()).toBe(1);
      expect((await page.url()).href).toBe(address);
      expect(await page.evaluate('document.title')).toMatch(/Restante$/);
    });
  }

  it('opens its links only in another tab', async () => {
    const trap = await startTrap();
    const { page, address } = await openHtml(`<a href="${trap.url}/top" target="_top">top</a>`);
    await page.waitFor('iframe');
    await page.frame('iframe').click({ role: 'link', name: 'top' });
    await soon(() => Promise.resolve(trap.hits)).toEqual(['/top']);
    await soon(() => page.tabs()).toBe(2);
    expect((await page.url()).href).toBe(address);
  });

  it('loads remote pictures only on request', async () => {
    const trap = await startTrap();
    const { page } = await openHtml(`<img src="${trap.url}/pixel.gif">hello`);
    await page.waitFor('iframe');
    await page.frame('iframe').waitFor({ text: 'hello' });
    expect(trap.hits).toEqual([]);
    await page.click({ role: 'button', name: 'Load remote images' });
    await soon(() => Promise.resolve(trap.hits)).toEqual(['/pixel.gif']);
  });
});
