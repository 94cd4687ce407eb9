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

/**
 * The time that a sandbox may take to start, in milliseconds; it does not count towards the timeouts of the
 * tests.
 */
const START = 60_000;

/** A function that takes a screenshot of the page at a URL. */
type Picture = (url: string) => Promise<Buffer>;

export const test = base.extend<MailFixtures, MailWorkerFixtures>({
  sandboxOptions: [{}, { option: true, scope: 'worker' }],
  sandbox: [
    async ({ sandboxOptions }, use) => {
      await using sandbox = await openSandbox(sandboxOptions);
      await use(sandbox);
    },
    { scope: 'worker', timeout: START },
  ],
  inbox: async ({ sandbox, playwright, browserName, launchOptions }, use, info) => {
    const inbox = await sandbox.createInbox({ name: info.title });
    beginBudget(info.timeout);
    const take = async (url: string): Promise<Buffer> => {
      const browser = await playwright[browserName].launch(launchOptions);
      try {
        const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
        await page.goto(url);
        return await page.screenshot({ fullPage: true });
      } finally {
        await browser.close();
      }
    };
    // The folder and the report contain the same pictures.
    const taken = new Map<string, Promise<Buffer>>();
    const picture: Picture = (url) => {
      const earlier = taken.get(url) ?? take(url);
      taken.set(url, earlier);
      return earlier;
    };
    const evidence = new Evidence({ file: info.file, name: nameOf(info) }, picture);
    evidence.own(inbox);
    try {
      await use(inbox);
    } finally {
      endBudget();
    }
    const isExpected = info.status === info.expectedStatus;
    await evidence.end(isExpected ? [] : info.errors);
    if (!isExpected) await attachMail(sandbox, inbox, info, picture);
    await evidence.leave();
  },
});

/** Returns the names of the project, the suites and the test, with the number of the attempt. */
function nameOf({ project, titlePath, repeatEachIndex, retry }: TestInfo): string {
  const attempt = [
    ...(repeatEachIndex > 0 ? [`repeat${repeatEachIndex}`] : []),
    ...(retry > 0 ? [`retry${retry}`] : []),
  ];
  return [project.name, ...titlePath.slice(1), ...attempt].join(' ').trim();
}

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
