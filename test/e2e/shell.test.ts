/** Tests properties of the whole page: reading direction, badge, notifications, motion, layout shift. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { layoutShift } from '../helpers/page-state.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { plain } from './plain-mail.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

describe('right to left', () => {
  it('mirrors the page, including the splitter and the arrows', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages);
    const { page } = await open(sandbox);
    // The splitter is between the list and the open message.
    await page.locator('[data-message]').first().click();
    await page.locator('article h2').waitFor();
    const width = page.viewportSize()!.width;
    const box = async (selector: string) => (await page.locator(selector).first().boundingBox())!;
    const mirrored = ['nav', '[data-message]', '[role=separator]', '[data-search]', 'time'];
    const before = await Promise.all(mirrored.map(box));
    await page.keyboard.press('Control+k');
    await page.keyboard.type('reading direction');
    await page.keyboard.press('Enter');
    await soon(() => page.evaluate('document.documentElement.dir')).toBe('rtl');
    const after = await Promise.all(mirrored.map(box));
    for (const [index, { x, width: own }] of before.entries()) {
      expect(after[index]!.x, mirrored[index]).toBeCloseTo(width - x - own, 0);
    }
    // In right-to-left layout, the list is on the right of the splitter, so ArrowLeft makes it wider.
    const list = await box('#messages');
    await page.getByRole('separator', { name: 'Messages' }).focus();
    await page.keyboard.press('ArrowLeft');
    await soon(async () => Math.round((await box('#messages')).width)).toBe(Math.round(list.width) + 24);
    await page.reload();
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('opens the navigation of a phone from the right', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages);
    const { page } = await open(sandbox, '', { viewport: { width: 390, height: 844 } });
    await page.evaluate("localStorage.setItem('restante.direction', 'rtl')");
    await page.reload();
    await page.getByRole('button', { name: 'Open navigation' }).click();
    const drawer = await page.getByRole('dialog').boundingBox();
    expect(drawer!.x + drawer!.width).toBeCloseTo(390, 0);
  });
});

describe('the palette', () => {
  it('receives text that is typed before its code is loaded', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages);
    const { page } = await open(sandbox);
    await page.locator('[data-message]').first().click();
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route('**/AppPalette*', async (route) => {
      await arrived;
      await route.continue();
    });
    await page.reload();
    await page.getByRole('tabpanel').first().waitFor();
    const count = await page.locator('[data-message]').count();
    await page.keyboard.press('Control+k');
    // Outside the palette, each of these keys runs a command: reply, compose, forward, delete.
    await page.keyboard.type('rcfd#');
    for (let key = 0; key < 5; key++) await page.keyboard.press('Backspace');
    await page.keyboard.type('reading direction');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    arrive();
    await soon(() => page.evaluate('document.documentElement.dir')).toBe('rtl');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.locator('[data-message]').count()).toBe(count);
  });
});

describe('the browser tab', () => {
  it('shows the number of unread messages in its title and on its icon, unless the settings disable it', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, [plain('one'), plain('two')]);
    const { page } = await open(sandbox);
    const icon = () => page.locator('link[rel=icon]').getAttribute('href');
    await soon(() => page.title()).toBe('(2) Restante');
    await soon(icon).toMatch(/^data:image\/png/);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Unread count in the tab' }).click();
    await soon(() => page.title()).toBe('Restante');
    await soon(icon).toMatch(/icon.*\.svg$/);
  });
});

/**
 * A script that makes the page report that it is hidden, because a headless browser cannot put a tab into the
 * background; it also replaces the Notification class.
 */
const HIDE = `Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  window.shown = [];
  window.Notification = class extends EventTarget {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, options) {
      super();
      window.shown.push(title + ' | ' + options.body);
      window.last = this;
    }
    close() {}
  };`;

describe('notifications', () => {
  it('are shown for mail that arrives while the page is hidden, if the user has enabled them', async () => {
    const sandbox = await startTestSandbox();
    const { page } = await open(sandbox);
    await page.locator('[data-connection][data-state=live]').waitFor({ state: 'attached' });
    await page.evaluate(HIDE);
    const shown = () => page.evaluate<string[]>('window.shown');
    await send(sandbox.smtp, [plain('Not asked for')]);
    await page.getByText('Not asked for', { exact: true }).waitFor();
    expect(await shown()).toEqual([]);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Notify of new mail' }).click();
    await send(sandbox.smtp, [plain('Asked for')]);
    await soon(shown).toEqual(['Asked for | Ann']);
    // A click on the notification opens the message, whose subject is then in the title of the tab.
    await page.evaluate('window.last.onclick()');
    await page.getByRole('heading', { name: 'Asked for', exact: true }).waitFor();
    await soon(() => page.title()).toMatch(/^(\(\d+\) )?Asked for – Restante$/);
  });
});

/** Resolves with the longest duration of the computed transitions and animations of all elements, in seconds. */
const longestMotion = (page: Page): Promise<number> =>
  page.evaluate<number>(`Math.max(...[...document.querySelectorAll('*')].flatMap((element) => {
    const { transitionDuration, animationDuration } = getComputedStyle(element);
    return [transitionDuration, animationDuration].flatMap((text) => text.split(',').map(parseFloat));
  }))`);

it('shows no motion if the user prefers reduced motion', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, messages);
  const { page } = await open(sandbox, '', { reducedMotion: 'reduce' });
  await page.locator('[data-message]').first().waitFor();
  expect(await longestMotion(page)).toBeLessThan(0.001);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await longestMotion(page)).toBeGreaterThan(0.05);
});

it('does not shift its layout while it loads', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, messages);
  const { messages: listed } = await sandbox.json<{ messages: { id: string }[] }>('messages');
  const { page } = await open(sandbox, 'about:blank');
  for (const path of ['inbox/all', `inbox/all/${listed[0]!.id}`, 'accounts', 'rules', 'relay', 'server']) {
    await page.goto(new URL(path, sandbox.url).href);
    await page.locator('main h1, main [data-message], main h2').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await layoutShift(page), path).toBeLessThan(0.02);
  }
  // Proves that the measurement detects layout shifts: the shift that this script causes is reported.
  await page.evaluate(
    "document.body.prepend(Object.assign(document.createElement('p'), { style: 'height: 300px' }))",
  );
  await soon(() => layoutShift(page)).toBeGreaterThan(0.05);
});
