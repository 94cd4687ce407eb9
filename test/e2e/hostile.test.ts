/** Hostile mail in a real browser: nothing runs, nothing is loaded, nothing leads away. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MessagePage } from '../../server/api/contract.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile } from './browser-page.ts';
import { send } from './seed.ts';

const open = browserForFile();

/** What the browser says when the policy stops something: expected here, and only here. */
const BLOCKED =
  /Content Security Policy|sandboxed|Blocked|ERR_BLOCKED|Refused|net::ERR_FAILED|allow-scripts|Unsafe attempt to load/;

/** A server that nobody may reach. */
async function startTrap(): Promise<{ url: string; hits: string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits };
}

const attacks: Readonly<Record<string, (trap: string) => string>> = {
  scripts: (trap) =>
    `<script>parent.document.title='owned';fetch('${trap}/script')</script><script src="${trap}/script.js"></script>` +
    `<img src=x onerror="alert(1);fetch('${trap}/onerror')"><body onload="alert(2)"><a href="javascript:alert(3)">x</a>` +
    `<details open ontoggle="alert(4)"><summary>s</summary></details>`,
  'a script that comes out of an unclosed element': (trap) =>
    `<style><!--</style><script>alert(1)</script>--><img src="${trap}/mutation"><noscript><p title="</noscript><img src=x onerror=alert(2)>">` +
    `<svg><style><img src=x onerror=alert(3)></style></svg><math><mtext><table><mglyph><style><img src=x onerror=alert(4)>`,
  forms: (trap) =>
    `<form id=f action="${trap}/form" method=post><input name=q value=1 autofocus onfocus="f.submit()"><button>go</button></form>` +
    `<button form=f formaction="${trap}/formaction">x</button><input type=image src="${trap}/input">`,
  SVG: (trap) =>
    `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><image href="${trap}/svg"/>` +
    `<use href="${trap}/use.svg#a"/><animate onbegin="alert(3)" attributeName=x dur=1s /><foreignObject><iframe src="${trap}/foreign"></iframe></foreignObject></svg>`,
  'meta refresh': (trap) =>
    `<meta http-equiv="refresh" content="0;url=${trap}/refresh"><meta http-equiv="Content-Security-Policy" content="default-src *">` +
    `<meta http-equiv=set-cookie content="a=b">`,
  'CSS that carries off': (trap) =>
    `<style>@import url("${trap}/import.css");body{background:url(${trap}/body)}@font-face{font-family:x;src:url(${trap}/font)}` +
    `a[href^="h"]{background:url(${trap}/attribute)}p:before{content:url(${trap}/content);font-family:x}</style>` +
    `<link rel=stylesheet href="${trap}/link.css"><link rel=prefetch href="${trap}/prefetch"><link rel=preconnect href="${trap}">` +
    `<link rel=dns-prefetch href="${trap}"><p style="background:url('${trap}/inline')">p</p><a href="https://x.test">x</a>`,
  'a base element': (trap) =>
    `<base href="${trap}/" target="_top"><img src="relative.png"><a id=a href="go">go</a>`,
  'frames and plug-ins': (trap) =>
    `<iframe src="${trap}/iframe"></iframe><iframe srcdoc="<script>top.location='${trap}/srcdoc'</script>"></iframe>` +
    `<object data="${trap}/object"></object><embed src="${trap}/embed"><applet code=x archive="${trap}/applet"></applet><portal src="${trap}/portal"></portal>`,
  'media and pictures': (trap) =>
    `<img src="${trap}/img" srcset="${trap}/srcset 2x"><picture><source srcset="${trap}/source"><img src="${trap}/picture"></picture>` +
    `<video src="${trap}/video" poster="${trap}/poster" autoplay></video><audio src="${trap}/audio" autoplay></audio>` +
    `<table background="${trap}/background"><tr><td>x</td></tr></table><track src="${trap}/track">`,
};

describe('hostile mail', () => {
  for (const [name, attack] of Object.entries(attacks)) {
    it(`gets nowhere with ${name}`, async () => {
      const trap = await startTrap();
      const sandbox = await startTestSandbox();
      await send(sandbox.smtp, [
        {
          from: 'eve@x.test',
          to: 'bob@x.test',
          subject: `Hostile <img src=x onerror=alert(0)> ${name}`,
          html: `<p>before</p>${attack(trap.url)}<p id="end">after</p>`,
        },
      ]);
      const { messages } = await sandbox.json<MessagePage>('messages');
      const address = `inbox/all/${messages[0]!.id}`;
      const { page, requests, surprises } = await open(sandbox, address, { errors: BLOCKED });
      await page.frameLocator('iframe').getByText('before').waitFor();
      await page.waitForLoadState('networkidle');
      expect(trap.hits).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(sandbox.url) && !url.startsWith('data:'))).toEqual(
        // What a policy stops is told as a request that failed, but never sent: the trap above is the proof.
        requests.filter((url) => url.startsWith(trap.url)),
      );
      expect(surprises).toEqual([]);
      expect(page.url()).toBe(new URL(address, sandbox.url).href);
      expect(await page.title()).toMatch(/Restante$/);
    });
  }

  it('opens its links only in a tab of their own, without an opener', async () => {
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
    expect(trap.hits.filter((path) => path !== '/favicon.ico')).toEqual(['/top', '/self']);
  });

  it('loads remote pictures only when asked to', async () => {
    const trap = await startTrap();
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, [
      {
        from: 'eve@x.test',
        to: 'bob@x.test',
        subject: 'Pixel',
        html: `<img src="${trap.url}/pixel.gif">hello`,
      },
    ]);
    const { messages } = await sandbox.json<MessagePage>('messages');
    const { page } = await open(sandbox, `inbox/all/${messages[0]!.id}`, { errors: BLOCKED });
    await page.frameLocator('iframe').getByText('hello').waitFor();
    expect(trap.hits).toEqual([]);
    await page.getByRole('button', { name: 'Load remote images' }).click();
    await expect.poll(() => trap.hits).toEqual(['/pixel.gif']);
  });

  it('gets nowhere beside another message, where its frame is measured and its words are marked', async () => {
    const trap = await startTrap();
    const sandbox = await startTestSandbox();
    const taken =
      '<img name="documentElement"><img name="body"><img name="createTreeWalker"><form name="firstChild">' +
      '<input name="parentNode"><input name="localName"></form><img id="scrollTo"><a id="contentDocument">x</a>';
    const bodies = [...Object.values(attacks).map((attack) => attack(trap.url)), taken];
    const html = (body: string): string => `<p>before</p>${body}<p id="end">after</p>`;
    await send(
      sandbox.smtp,
      bodies.map((body, index) => ({
        from: 'eve@x.test',
        to: 'bob@x.test',
        subject: `Attack ${index}`,
        html: html(`${body}<p>words of ${index}</p>`),
      })),
    );
    const { messages } = await sandbox.json<MessagePage>('messages');
    const ids = messages.map(({ id }) => id);
    expect(ids).toHaveLength(bodies.length);
    const { page, requests, surprises } = await open(sandbox, '', { errors: BLOCKED });
    for (let at = 0; at < ids.length; at += 2) {
      const address = new URL(`compare/${ids[at]}/${ids[at + 1] ?? ids[0]}/rendered`, sandbox.url).href;
      await page.goto(address);
      const differences = page.locator('[data-differences]');
      await differences.filter({ hasText: /\d differences?/ }).waitFor();
      for (const side of [0, 1]) {
        const frame = page.locator('iframe').nth(side).contentFrame();
        await frame.locator('mark').first().waitFor({ state: 'attached' });
      }
      await page.waitForLoadState('networkidle');
      expect(page.url()).toBe(address);
      expect(await page.title()).toMatch(/Restante$/);
    }
    expect(trap.hits).toEqual([]);
    expect(surprises).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(sandbox.url) && !url.startsWith('data:'))).toEqual(
      requests.filter((url) => url.startsWith(trap.url)),
    );
    // Measured, nothing remote is loaded whatever is asked for; and there is no word of scripts.
    const measured = await sandbox.api(`messages/${ids[0]}/html?measured=true&remote=true`);
    const policy = measured.headers.get('content-security-policy') ?? '';
    expect(policy).toContain('sandbox allow-same-origin allow-popups');
    expect(policy).not.toMatch(/allow-scripts|allow-forms|allow-top|script-src|https?:|\*/);
  }, 120_000);
});
