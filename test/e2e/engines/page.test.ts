/** Tests the whole page in every engine: base path, theme, phone, accounts, rules, a lost connection. */
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../helpers/program.ts';
import { openTestSandbox, startTestSandbox } from '../../helpers/sandbox.ts';
import { engineForFile, soon } from '../driver/index.ts';
import { plain } from '../plain-mail.ts';
import { messages, send } from '../seed.ts';

const open = engineForFile();
/** Matches the console messages of the engines about an unavailable server. */
const LOST = /WebSocket|ERR_CONNECTION|Failed to load|fetch|NetworkError|establish a connection|interrupted/;

async function seeded(options: Parameters<typeof startTestSandbox>[0] = {}) {
  const sandbox = await startTestSandbox(options);
  await send(sandbox.smtp, messages);
  return sandbox;
}

it('works below a base path, also after a reload', async () => {
  const sandbox = await seeded({ basePath: '/mail/box/' });
  const page = await open(sandbox);
  await page.click('[data-message]');
  await page.waitFor('iframe');
  await page.frame('iframe').waitFor({ role: 'heading' });
  expect((await page.url()).pathname).toMatch(/^\/mail\/box\/inbox\/all\//);
  await page.reload();
  await page.waitFor('iframe');
  await page.frame('iframe').waitFor({ role: 'heading' });
});

it('uses the theme that the user chooses, and stores the choice', async () => {
  const page = await open(await seeded());
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  for (const [theme, colour] of [
    ['Dark', 'rgb(24, 24, 27)'],
    ['Light', 'rgb(255, 255, 255)'],
  ] as const) {
    await page.click({ role: 'button', name: 'Settings' });
    await page.click({ role: 'menuitem', name: theme });
    await soon(background).toBe(colour);
    await page.press('Escape');
  }
  await page.reload();
  await soon(background).toBe('rgb(255, 255, 255)');
});

it('shows one pane at a time on a phone', async () => {
  const page = await open(await seeded(), '', { viewport: { width: 390, height: 844 } });
  await page.click('[data-message]');
  await page.waitFor('iframe');
  await page.waitForNone('[data-message]');
  await page.click({ role: 'button', name: 'Back to the list' });
  await page.waitFor('[data-message]');
  await page.click({ role: 'button', name: 'Open navigation' });
  await page.click({ role: 'link', name: 'Server and connections', within: { role: 'dialog' } });
  await page.waitFor({ role: 'heading', name: 'Server' });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});

it('creates an account and shows its login', async () => {
  const page = await open(await startTestSandbox(), 'accounts');
  await page.click({ role: 'button', name: 'New account' });
  await page.waitFor({ role: 'textbox', name: 'Name', within: { role: 'dialog' } });
  await page.type('signup');
  await page.press('Enter');
  await page.waitFor({ text: '@', within: { role: 'dialog', name: 'Account created' } });
});

it('shows the number of unread messages in the title', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [plain('one'), plain('two')]);
  const page = await open(sandbox);
  await soon(() => page.evaluate('document.title')).toBe('(2) Restante');
});

it('creates a rule that is applied', async () => {
  const sandbox = await startTestSandbox();
  const page = await open(sandbox, 'rules');
  await page.click({ role: 'button', name: 'New rule' });
  const json = { role: 'textbox', name: 'The rule as JSON' } as const;
  await page.fill({ role: 'textbox', name: 'Name' }, 'no bob');
  await page.fill(json, '{"name": "no bob", "on": "rcpt", "then": {"reject": "550 5.1.1 No Bob"}}');
  await page.click({ role: 'button', name: 'Save' });
  await page.waitFor({ css: '[data-rule]', text: 'no bob' });
  await expect(send(sandbox.smtp, [plain('refused')])).rejects.toThrow('No Bob');
  await page.waitFor({ css: '[data-rule]', text: '1 hit' });
});

it('recovers from a lost connection: mail that arrived in the meantime is shown once', async () => {
  const data = temporaryDirectory();
  const first = await openTestSandbox({ data });
  const httpPort = Number(new URL(first.url).port);
  await send(first.smtp, [plain('Before')]);
  const page = await open(first, '', {
    errors: LOST,
  });
  const connection = () => page.evaluate("document.querySelector('[data-connection]')?.dataset.state");
  await soon(connection).toBe('live');
  await page.waitFor('[data-message]');
  await first.close();
  await page.waitFor({ text: 'Connection lost' });
  // The sandbox is started with SMTP only, so that the page cannot connect yet.
  const unseen = await openTestSandbox({ data, httpPort: null });
  await send(unseen.smtp, [plain('Meanwhile')]);
  await unseen.close();
  const again = await startTestSandbox({ data, httpPort });
  await soon(connection).toBe('live');
  await page.waitForNone({ text: 'Connection lost' });
  await soon(() => page.count('[data-message]')).toBe(2);
  await send(again.smtp, [plain('After')]);
  await soon(() => page.count('[data-message]')).toBe(3);
  const subjects = (await page.texts('[data-message]')).map(
    (text) => /After|Meanwhile|Before/.exec(text)?.[0],
  );
  expect(subjects).toEqual(['After', 'Meanwhile', 'Before']);
});
