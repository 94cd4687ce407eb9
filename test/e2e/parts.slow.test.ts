/**
 * Tests the parts of a message in its preview: its pictures, style sheets and fonts are shown, and nothing else is
 * requested.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Returns any font: one of the UI's own, or one of the system. */
function someFont(): Buffer | null {
  for (const folder of ['/usr/share/fonts/truetype', '/usr/share/fonts']) {
    try {
      const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
        name.endsWith('.ttf'),
      );
      if (file !== undefined) return readFileSync(path.join(folder, file));
    } catch {
      // If a font file cannot be read, the next font file is tried.
    }
  }
  return null;
}

const HTML = `<style>@font-face{font-family:own;src:url(cid:font@x)}
p{font-family:own;background-image:url("cid:logo@x")}</style>
<p>pic</p><img id=a src="cid:logo@x"><img id=b srcset="cid:logo@x 1x" src="cid:none">
<img src="API/api/messages?query=x"><img src="/api/messages?query=y"><img src="wait?timeout=1000">
<p style="background:url(API/api/messages/wait?timeout=1000)">`;

it('shows pictures, styles and fonts of the message, also with a login', async () => {
  for (const webAuth of [null, { user: 'ann', password: 'x' }]) {
    const sandbox = await startTestSandbox({ webAuth });
    const font = someFont();
    const part = (type: string, id: string, base64: string): string =>
      `--r\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64.replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
    const mail =
      'From: a@x.test\r\nTo: b@x.test\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=r\r\n\r\n' +
      `--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${HTML.replaceAll('API', sandbox.url.replace(/\/$/, ''))}\r\n` +
      part('image/png', 'logo@x', PIXEL) +
      part('font/ttf', 'font@x', font?.toString('base64') ?? 'AAAA') +
      '--r--\r\n';
    const [id] = await sendRaw(sandbox.smtp, [Buffer.from(mail)]);
    const { page, requests } = await open(sandbox, `inbox/all/${id!}`, {
      ...(webAuth !== null && { httpCredentials: { username: 'ann', password: 'x' } }),
      errors: /OTS|decode|font/i,
    });
    const frame = page.frameLocator('iframe');
    await frame.getByText('pic').waitFor();
    for (const name of ['#a', '#b']) {
      const width = () =>
        frame.locator(name).evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
      await soon(width).toBe(1);
    }
    await page.waitForLoadState('networkidle');
    const asked = requests.filter((url) => url.includes('/api/messages/') && /parts|wait|query/.test(url));
    const parts = new Set(asked.map((url) => /parts\/(\d)\?frame=/.exec(url)?.[1]));
    expect([...parts].sort()).toEqual(['2', '3']);
    expect(requests.filter((url) => /query=|wait/.test(url))).toEqual([]);
    if (font !== null) {
      const loaded = () => frame.locator('body').evaluate('document.fonts.check("12px own")');
      await soon(loaded).toBe(true);
    }
  }
});
