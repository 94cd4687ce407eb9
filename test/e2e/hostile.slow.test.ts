/**
 * Tests hostile mail in the comparison, whose frames have the origin of the page: no script runs, and no remote
 * content is loaded.
 */
import { expect, it } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { calm } from '../helpers/page-state.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { attacks, BLOCKED, startTrap } from './attacks.ts';
import { browserForFile, soon } from './browser-page.ts';
import { send } from './seed.ts';

const open = browserForFile();

it('has no effect in a frame that the comparison measures and marks', async () => {
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
      // The document has loaded everything that it may load.
      await soon(() => frame.locator(':root').evaluate('document.readyState')).toBe('complete');
    }
    await calm(page);
    expect(page.url()).toBe(address);
    expect(await page.title()).toMatch(/Restante$/);
  }
  expect(trap.hits).toEqual([]);
  expect(surprises).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(sandbox.url) && !url.startsWith('data:'))).toEqual(
    requests.filter((url) => url.startsWith(trap.url)),
  );
  // A measured document loads no remote content, and its policy allows no scripts.
  const measured = await sandbox.api(`messages/${ids[0]}/html?measured=true`);
  const policy = measured.headers.get('content-security-policy') ?? '';
  expect(policy).toContain('sandbox allow-same-origin allow-popups');
  expect(policy).not.toMatch(/allow-scripts|allow-forms|allow-top|script-src|\*/);
  const { host } = new URL(sandbox.url);
  const own = new RegExp(`^https?://${host}/api/messages/${ids[0]}/parts/$`);
  const hosts = policy.split(/[\s;]+/).filter((source) => source.includes('//'));
  expect(hosts.filter((source) => !own.test(source))).toEqual([]);
  expect(hosts).not.toEqual([]);
  // Remote content, which the user requests, adds no other permission.
  const remote = await sandbox.api(`messages/${ids[0]}/html?measured=true&remote=true`);
  const wider = remote.headers.get('content-security-policy') ?? '';
  expect(wider).toContain('sandbox allow-same-origin allow-popups');
  expect(wider).toContain("default-src 'none'");
  expect(wider).not.toMatch(/allow-scripts|allow-forms|allow-top|script-src/);
});
