/**
 * Takes screenshots of the views of a sandbox with sample mail.
 *
 * `npm run screenshots` takes the few screenshots of the documentation (docs/screenshots): light theme, on a desktop.
 * `npm run screenshots -- --all [NAME…]` takes every view, or the named views, in both themes, on a desktop, a
 * laptop and a phone. It writes them into dist/screenshots, to review a change.
 */
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { MessagePage } from '../../contract/index.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { calm, still } from '../helpers/page-state.ts';
import { openTestSandbox, type Address, type TestSandbox } from '../helpers/sandbox.ts';
import { messages, send } from './seed.ts';

const root = path.join(import.meta.dirname, '../..');
/** Names of the views whose screenshots are in README.md and docs/ui.md. */
const DOCUMENTED: readonly string[] = ['message', 'checks', 'compare', 'rules', 'server'];

interface Shot {
  readonly name: string;
  /**
   * Path below the root; `ID` is replaced by the id of the message whose subject contains `subject`, `OTHER` by that
   * of `other`.
   */
  readonly path: string;
  readonly subject?: string;
  readonly other?: string;
  /** Actions on the page before the screenshot is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const shots: readonly Shot[] = [
  { name: 'inbox', path: 'inbox/all' },
  { name: 'message', path: 'inbox/all/ID', subject: 'Welcome' },
  {
    name: 'stage',
    path: 'inbox/all/ID',
    subject: 'Welcome',
    act: async (page) => {
      await page.keyboard.press('z');
      // On a phone, the preview always has one frame.
      if ((page.viewportSize()?.width ?? 0) < 768) return;
      await page.getByRole('button', { name: 'Frames side by side' }).click();
      await page.getByRole('menuitemradio', { name: 'Phone and desktop side by side' }).click();
      await page.getByRole('button', { name: 'Mark errors and warnings in the preview' }).click();
      await page.locator('[data-mark]').first().waitFor();
    },
  },
  {
    name: 'inspect',
    path: 'inbox/all/ID',
    subject: 'Welcome',
    act: async (page) => {
      await page.evaluate("localStorage.removeItem('restante.preview')");
      await page.reload();
      await page.getByRole('button', { name: 'Inspect: show the source line of an element' }).click();
      await page.locator('[data-line="14"]').click();
      await page.locator('[data-outline]').waitFor();
    },
  },
  { name: 'newsletter', path: 'inbox/all/ID', subject: 'kiln' },
  { name: 'attachments', path: 'inbox/all/ID', subject: 'Design review' },
  { name: 'headers', path: 'inbox/all/ID/headers', subject: 'Design review' },
  {
    name: 'source',
    path: 'inbox/all/ID/source',
    subject: 'Welcome',
    act: async (page) => {
      const panel = page.getByRole('tabpanel');
      await page.getByRole('tabpanel').getByText('Raw', { exact: true }).click();
      await panel.getByText(/findings marked/).click();
      await panel.getByRole('listitem').getByRole('button').nth(2).click();
      await panel.locator('[aria-current=true]').waitFor();
    },
  },
  { name: 'html', path: 'inbox/all/ID/source', subject: 'Welcome' },
  { name: 'structure', path: 'inbox/all/ID/source?view=structure', subject: 'kiln' },
  { name: 'links', path: 'inbox/all/ID', subject: 'Welcome', act: (page) => page.keyboard.press('l') },
  { name: 'wide', path: 'inbox/all/ID', subject: 'receipt', act: (page) => page.keyboard.press('z') },
  { name: 'checks', path: 'inbox/all/ID/checks', subject: 'receipt' },
  { name: 'activity', path: 'inbox/all/ID/activity', subject: 'Welcome' },
  {
    name: 'test',
    path: 'inbox/all/ID',
    subject: 'Welcome',
    act: (page) => page.getByRole('button', { name: 'Test', exact: true }).click(),
  },
  { name: 'watch', path: 'watch/noor@example.test' },
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
  {
    name: 'account',
    path: 'accounts',
    act: (page) => page.getByRole('button', { name: 'Log in as noor@example.test' }).click(),
  },
  { name: 'rules', path: 'rules' },
  {
    name: 'rule',
    path: 'rules',
    act: async (page) => {
      await page.getByRole('button', { name: 'New rule' }).click();
      await page.getByRole('button', { name: 'Refuse a recipient' }).click();
      const json = page.getByRole('textbox', { name: 'The rule as JSON' });
      await json.fill((await json.inputValue()).replace('"rcpt": "nobody', '"recipient": "nobody'));
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'relay', path: 'relay' },
  { name: 'server', path: 'server', act: (page) => page.locator('[data-session]').nth(3).waitFor() },
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
  {
    name: 'compare',
    path: 'compare/ID/OTHER/rendered',
    subject: 'Reset',
    other: 'Welcome',
    act: (page) => page.locator('iframe').nth(1).contentFrame().locator('mark').first().waitFor(),
  },
  { name: 'compare-headers', path: 'compare/ID/OTHER/headers', subject: 'Reset', other: 'Welcome' },
  { name: 'compose', path: 'inbox/all', act: (page) => page.keyboard.press('c') },
];
/** The page in right-to-left layout; its words are still English. */
const mirrored: Shot = { name: 'mirrored', path: 'inbox/all/ID', subject: 'Welcome' };
const empty: Shot = { name: 'empty', path: 'inbox/all' };

const screens = {
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
  laptop: { viewport: { width: 1024, height: 768 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 },
} as const;

const posting = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Sends lines to a mail server, each after the reply to the previous line, and stays connected. */
async function stay({ host, port }: Address, ...lines: string[]): Promise<net.Socket> {
  const socket = net.connect(port, host);
  for (const line of lines) {
    await once(socket, 'data');
    socket.write(`${line}\r\n`);
  }
  await once(socket, 'data');
  return socket;
}

interface Setting {
  readonly theme: 'light' | 'dark';
  readonly device: keyof typeof screens;
  readonly file: (name: string) => string;
}

const [option = '', ...names] = process.argv.slice(2);
if (option !== '' && option !== '--all') throw new Error(`Unknown option ${option}. Known: --all [NAME…]`);
const settings: readonly Setting[] =
  option === ''
    ? [{ theme: 'light', device: 'desktop', file: (name) => `docs/screenshots/${name}.png` }]
    : (['light', 'dark'] as const).flatMap((theme) =>
        (['desktop', 'laptop', 'phone'] as const).map((device) => ({
          theme,
          device,
          file: (name: string) => `dist/screenshots/${name}-${theme}-${device}.png`,
        })),
      );
const wanted = ({ name }: Shot): boolean =>
  option === '' ? DOCUMENTED.includes(name) : names.length === 0 || names.includes(name);

async function take(
  browser: Browser,
  sandbox: TestSandbox,
  chosen: readonly Shot[],
  direction: 'ltr' | 'rtl' = 'ltr',
): Promise<void> {
  for (const { theme, device, file } of settings) {
    // An emulated colour scheme would also apply to the mail; the theme setting of the page does not.
    const context = await browser.newContext({ ...screens[device], colorScheme: null, locale: 'en-GB' });
    for (const [name, value] of Object.entries({ theme, direction })) {
      await context.addInitScript(`localStorage.setItem('restante.${name}', '${value}')`);
    }
    const page = await context.newPage();
    for (const shot of chosen) await takeOne(page, sandbox, shot, path.join(root, file(shot.name)));
    await context.close();
  }
}

async function takeOne(page: Page, sandbox: TestSandbox, shot: Shot, file: string): Promise<void> {
  const { messages: listed } = await sandbox.json<MessagePage>('messages');
  const idOf = (words = '\0'): string => listed.find(({ subject }) => subject.includes(words))?.id ?? '';
  const shown = shot.path.replace('ID', idOf(shot.subject)).replace('OTHER', idOf(shot.other));
  // The checks of the open message are requested after a delay; the tab then shows the number of findings.
  const checked = shot.path.startsWith('inbox/all/ID') && page.waitForResponse(/\/checks\b/);
  await page.goto(new URL(shown, sandbox.url).href);
  await checked;
  await page.waitForLoadState('networkidle');
  await shot.act?.(page);
  await calm(page);
  await still(page);
  await page.screenshot({ path: file });
}

const browser = await launchBrowser();
const receiver = await openTestSandbox();
const sandbox = await openTestSandbox({
  relay: 'manual',
  relayAllow: ['example.test'],
  relayRoute: [`example.test=127.0.0.1:${receiver.smtp.port}`],
});
const clients: net.Socket[] = [];
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
  // Two deliveries: one succeeds, the other delivery is deferred.
  await receiver.json(
    'rules',
    posting({ on: 'rcpt', when: { rcpt: 'lea@*' }, then: { reject: '451 4.7.1 Greylisted, come back' } }),
  );
  for (const subject of ['Welcome', 'Reset']) {
    const found = await sandbox.json<MessagePage>(`messages?query=subject:${subject}`);
    await sandbox.json(`messages/${found.messages[0]!.id}/release`, posting({}));
  }
  const rules = [
    {
      name: 'third time lucky',
      on: 'rcpt',
      when: { rcpt: 'signup@*' },
      script: ['451 4.7.1', '451 4.7.1', 'accept'],
    },
    { name: 'slow mornings', on: 'data', when: { from: '*@jobs.example.test' }, then: { delay: '3s' } },
    { name: 'gone customers bounce', on: 'data', when: { rcpt: 'gone@*' }, then: { bounce: true } },
  ];
  for (const rule of rules) await sandbox.json('rules', posting(rule));
  await sandbox.json('accounts/noor@example.test', { ...posting({ password: 'winter' }), method: 'PATCH' });
  clients.push(
    await stay(
      sandbox.smtp,
      ...['EHLO shop.example.test', 'MAIL FROM:<shop@example.test>', 'RCPT TO:<lea@example.test>'],
    ),
    await stay(
      sandbox.imap,
      ...[
        '1 ID ("name" "Thunderbird" "version" "140")',
        '2 LOGIN lea@example.test any',
        '3 SELECT INBOX',
        '4 IDLE',
      ],
    ),
    await stay(sandbox.pop3, 'USER ops@fernweh.example.test', 'PASS any'),
  );
  await take(browser, sandbox, shots.filter(wanted));
  if (wanted(mirrored)) await take(browser, sandbox, [mirrored], 'rtl');
} finally {
  for (const client of clients) client.destroy();
  await receiver.close();
  await sandbox.close();
  await browser.close();
}
