/**
 * The Playwright integration: the fixture `sandbox` for each worker, and the fixture `inbox` for each attempt of a
 * test, so that a retry starts with an empty inbox. The messages of a failed test are attached to its report, with
 * a screenshot and the SMTP dialogue.
 */
import { expect as baseExpect, test as base, type TestInfo } from '@playwright/test';
import { beginBudget, endBudget } from '../budget.ts';
import type { Inbox } from '../inbox.ts';
import { matchers } from '../matchers.ts';
import type { Sandbox } from '../sandbox.ts';
import { openSandbox, type RunnerOptions } from '../shared.ts';
import { Evidence } from './evidence.ts';

export { mailSnapshot, type SnapshotOptions } from '../snapshot.ts';
export type { RunnerOptions } from '../shared.ts';

export interface MailFixtures {
  /** A new inbox for the test, which is removed after the test. */
  inbox: Inbox;
}

export interface MailWorkerFixtures {
  /**
   * The options of the sandbox; set them with `use: { sandboxOptions: { … } }` in the configuration of
   * Playwright.
   */
  sandboxOptions: RunnerOptions;
  sandbox: Sandbox;
}

/** The maximum number of messages that are attached to the report of a failed test. */
const ATTACHED = 5;

/** A function that takes a screenshot of the page at a URL. */
type Picture = (url: string) => Promise<Buffer>;

export const test = base.extend<MailFixtures, MailWorkerFixtures>({
  sandboxOptions: [{}, { option: true, scope: 'worker' }],
  sandbox: [
    async ({ sandboxOptions }, use) => {
      await using sandbox = await openSandbox(sandboxOptions);
      await use(sandbox);
    },
    { scope: 'worker' },
  ],
  inbox: async ({ sandbox, playwright, browserName, launchOptions }, use, info) => {
    await using inbox = await sandbox.createInbox({ name: info.title });
    beginBudget(info.timeout);
    const evidence = new Evidence(info.titlePath.slice(1).join(' '));
    evidence.use(inbox);
    try {
      await use(inbox);
    } finally {
      endBudget();
    }
    const isExpected = info.status === info.expectedStatus;
    await evidence.end(isExpected ? [] : info.errors);
    if (isExpected) return;
    const picture: Picture = async (url) => {
      const browser = await playwright[browserName].launch(launchOptions);
      try {
        const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
        await page.goto(url);
        return await page.screenshot({ fullPage: true });
      } finally {
        await browser.close();
      }
    };
    await attachMail(sandbox, inbox, info, picture);
  },
});

export const expect = baseExpect.extend(matchers);

/**
 * Attaches the received messages to the report of the test, newest first. A screenshot that fails must not
 * add a second error to the test.
 */
async function attachMail(sandbox: Sandbox, inbox: Inbox, info: TestInfo, picture: Picture): Promise<void> {
  const list = await inbox.list();
  await info.attach('inbox.json', { body: JSON.stringify(list, null, 2), contentType: 'application/json' });
  for (const { id, hasHtml } of list.slice(0, ATTACHED)) {
    const message = await inbox.message(id);
    const body = Buffer.from(await message.raw());
    await info.attach(`${id}.eml`, { body, contentType: 'message/rfc822' });
    const transcript = (await message.transcript())
      .map(({ from, text }) => `${MARKS[from]} ${text}`)
      .join('\n');
    await info.attach(`${id}.transcript.txt`, { body: transcript, contentType: 'text/plain' });
    if (!hasHtml) continue;
    try {
      const image = await picture(sandbox.client.address(`messages/${id}/html`));
      await info.attach(`${id}.png`, { body: image, contentType: 'image/png' });
    } catch (error) {
      await info.attach(`${id}.no-picture.txt`, { body: String(error), contentType: 'text/plain' });
    }
  }
}

const MARKS = { client: 'C:', server: 'S:', note: '--' } as const;
