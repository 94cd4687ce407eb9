/**
 * Pictures of every view for the documentation: a sandbox with made-up mail, seen light and dark, on a desktop and
 * on a phone. Run by `npm run screenshots`; names may be given to take only some.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { MessagePage } from '../../server/api/contract.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { messages, send } from './seed.ts';

const folder = path.join(import.meta.dirname, '../../docs/screenshots');

interface Shot {
  readonly name: string;
  /** Path below the root; `ID` stands for the message whose subject holds `subject`. */
  readonly path: string;
  readonly subject?: string;
  /** What to do before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const shots: readonly Shot[] = [
  { name: 'inbox', path: 'inbox/all' },
  { name: 'message', path: 'inbox/all/ID', subject: 'Welcome' },
  { name: 'newsletter', path: 'inbox/all/ID', subject: 'kiln' },
  { name: 'attachments', path: 'inbox/all/ID', subject: 'Design review' },
  { name: 'headers', path: 'inbox/all/ID/headers', subject: 'Welcome' },
  { name: 'source', path: 'inbox/all/ID/source', subject: 'Welcome' },
  { name: 'structure', path: 'inbox/all/ID/structure', subject: 'kiln' },
  { name: 'session', path: 'inbox/all/ID/session', subject: 'Design review' },
  { name: 'links', path: 'inbox/all/ID/links', subject: 'Welcome' },
  { name: 'checks', path: 'inbox/all/ID/checks', subject: 'receipt' },
  { name: 'history', path: 'inbox/all/ID/history', subject: 'Welcome' },
  { name: 'test', path: 'inbox/all/ID/test', subject: 'Welcome' },
  {
    name: 'search',
    path: 'inbox/all?q=from:fernweh',
    act: async (page) => {
      await page.locator('[data-search]').click();
      await page.keyboard.type(' is:');
    },
  },
  { name: 'search-error', path: 'inbox/all?q=subject:receipt%20larger:huge' },
  { name: 'accounts', path: 'accounts' },
  { name: 'rules', path: 'rules' },
  { name: 'relay', path: 'relay' },
  { name: 'server', path: 'server' },
  { name: 'palette', path: 'inbox/all', act: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', path: 'inbox/all', act: (page) => page.keyboard.press('?') },
  {
    name: 'selection',
    path: 'inbox/all',
    act: async (page) => {
      await page
        .locator('[data-message]')
        .nth(1)
        .click({ modifiers: ['Control'] });
      await page
        .locator('[data-message]')
        .nth(3)
        .click({ modifiers: ['Shift'] });
    },
  },
  { name: 'compose', path: 'inbox/all', act: (page) => page.keyboard.press('c') },
];
const empty: Shot = { name: 'empty', path: 'inbox/all' };

const screens = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

async function take(browser: Browser, sandbox: TestSandbox, chosen: readonly Shot[]): Promise<void> {
  const { messages: listed } = await sandbox.json<MessagePage>('messages');
  for (const theme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(screens)) {
      // An emulated colour scheme would reach into the mail; the setting of the page does not.
      const context = await browser.newContext({
        viewport,
        colorScheme: null,
        deviceScaleFactor: 2,
        locale: 'en-GB',
      });
      await context.addInitScript(`localStorage.setItem('restante.theme', '${theme}')`);
      const page = await context.newPage();
      for (const shot of chosen) {
        const id = listed.find(({ subject }) => shot.subject && subject.includes(shot.subject))?.id ?? '';
        await page.goto(new URL(shot.path.replace('ID', id), sandbox.url).href);
        await page.waitForLoadState('networkidle');
        await shot.act?.(page);
        await page.waitForTimeout(250);
        await page.screenshot({ path: path.join(folder, `${shot.name}-${theme}-${device}.png`) });
      }
      await context.close();
    }
  }
}

const names = process.argv.slice(2);
const wanted = (shot: Shot): boolean => names.length === 0 || names.includes(shot.name);

await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const sandbox = await openTestSandbox();
try {
  if (wanted(empty)) await take(browser, sandbox, [empty]);
  await send(sandbox.smtp, messages);
  await sandbox.json('messages?query=subject:receipt', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tags: ['billing'], seen: true }),
  });
  await sandbox.json('messages?query=from:jobs', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tags: ['nightly'], seen: true }),
  });
  await take(browser, sandbox, shots.filter(wanted));
} finally {
  await sandbox.close();
  await browser.close();
}
