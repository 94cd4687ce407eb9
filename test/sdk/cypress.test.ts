import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { registerCommands, type CypressGlobals } from '../../sdk/runners/cypress.ts';
import { mailTasks } from '../../sdk/runners/cypress-plugin.ts';
import type { CypressInbox, CypressMessage, TaskRequest } from '../../sdk/runners/cypress-wire.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { sendMail } from './application.ts';

type Task = (request: TaskRequest) => Promise<unknown>;
type Command = (...args: unknown[]) => Promise<unknown>;

/** Creates Cypress commands and tasks; values between them are converted to JSON and back, as Cypress does. */
async function openCypress() {
  const tasks = new Map<string, Task>();
  const commands = new Map<string, Command>();
  const afterRun: (() => Promise<void>)[] = [];
  const on = (event: string, value: unknown): void => {
    if (event === 'task')
      for (const [name, task] of Object.entries(value as object)) tasks.set(name, task as Task);
    else afterRun.push(value as () => Promise<void>);
  };
  const sandbox = await mailTasks(on);
  const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
  const globals: CypressGlobals = {
    Cypress: { Commands: { add: (name, run) => commands.set(name, run as Command) } },
    cy: { task: async (name, request) => wire(await tasks.get(name)!(wire(request) as TaskRequest)) },
  };
  registerCommands(globals);
  const cy = <T>(name: string, ...args: unknown[]) => commands.get(name)!(...args) as Promise<T>;
  const task = (name: string, request: TaskRequest): Promise<unknown> =>
    tasks.get(`restante:${name}`)!(request);
  return { sandbox, cy, task, close: () => Promise.all(afterRun.map((close) => close())) };
}

it('waits in Node for the test in the page', async () => {
  const { sandbox, cy, close } = await openCypress();
  try {
    const inbox = await cy<CypressInbox>('createInbox', { name: 'cypress' });
    expect(inbox.address).toMatch(/^cypress\./);
    await sendMail(sandbox, {
      to: inbox.address,
      subject: 'Verify',
      text: 'Code 482913 https://x.test/verify?t=1',
    });
    const message = await cy<CypressMessage>('waitForMail', inbox, { subject: /^verify$/i });
    expect(message).toMatchObject({ subject: 'Verify', envelope: { to: [inbox.address] }, html: null });
    await cy('waitForNoMail', inbox, undefined, { quietFor: 10 });
    await sendMail(sandbox, {
      to: inbox.address,
      text: 'Your code is 771204 https://x.test/reset-password?t=2',
    });
    expect(await cy('waitForMailCode', inbox.address, { length: 6 })).toBe('771204');
    await sendMail(sandbox, { to: inbox.address, text: 'https://x.test/reset-password?t=3' });
    expect(await cy('waitForMailLink', inbox, { href: /t=3/ })).toBe('https://x.test/reset-password?t=3');
    await expect(cy('waitForMail', inbox, 'subject:none', { timeout: 0 })).rejects.toThrow(
      'No message matched',
    );
    expect(() => cy('waitForMail', inbox, () => true)).toThrow('Cypress cannot wait with a function');
    await cy('deleteInbox', inbox);
    expect((await sandbox.client.accounts()).accounts.map(({ name }) => name)).toEqual(['all']);
  } finally {
    await close();
  }
});

it('names the folder with the mail of the test in the error of a wait', async () => {
  const folder = temporaryDirectory();
  process.env['RESTANTE_EVIDENCE'] = folder;
  onTestFinished(() => {
    delete process.env['RESTANTE_EVIDENCE'];
  });
  const { sandbox, cy, task, close } = await openCypress();
  onTestFinished(async () => {
    await close();
  });
  await task('beginTest', { test: { name: 'sign-up', file: 'cypress/e2e/sign-up.cy.js' } });
  const inbox = await cy<CypressInbox>('createInbox');
  await sendMail(sandbox, { to: inbox.address, subject: 'Other', text: 'No code' });
  const wait = cy('waitForMailCode', inbox, undefined, { timeout: 0 });
  const error = await wait.then(
    () => null,
    (reason: unknown) => reason as Error,
  );
  const [, named = ''] = /The mail of this test: (.+)/.exec(error?.message ?? '') ?? [];
  expect(path.relative(folder, named)).toMatch(/sign-up$/);
  expect(error?.stack).toContain(named);
  expect(
    readdirSync(named, { recursive: true }).filter((name) => String(name).endsWith('.eml')),
  ).toHaveLength(1);
});
