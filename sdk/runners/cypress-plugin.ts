/**
 * The part of the Cypress integration that runs in Node: call `mailTasks(on)` in `setupNodeEvents`. The waits run
 * in Node, so that the page under test never receives the sandbox's URL and logins.
 */
import type { Wanted } from '../criteria.ts';
import type { Inbox } from '../inbox.ts';
import type { Message } from '../message.ts';
import type { CodeChoice, LinkChoice } from '../picks.ts';
import type { Sandbox } from '../sandbox.ts';
import { openSandbox, type RunnerOptions } from '../shared.ts';
import { Evidence } from './evidence.ts';
import { decode, type CypressInbox, type CypressMessage, type TaskRequest } from './cypress-wire.ts';

type Tasks = Record<string, (request: TaskRequest) => Promise<unknown>>;

/** The part of Cypress' function `on`, which registers tasks, that this module uses. */
interface Events {
  (event: 'task', tasks: Tasks): void;
  (event: 'after:run', handler: () => Promise<void>): void;
}

/**
 * Opens the sandbox, registers the tasks that the Cypress commands call, and closes the sandbox after the
 * test run.
 */
export async function mailTasks(on: unknown, options: RunnerOptions = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(options);
  const events = on as Events;
  events('task', createTasks(sandbox));
  events('after:run', () => sandbox.close());
  return sandbox;
}

export function createTasks(sandbox: Sandbox): Tasks {
  const inboxes = new Map<string, Inbox>();
  let evidence: Evidence | null = null;
  const inboxOf = ({ address = 'all' }: TaskRequest): Inbox => {
    let inbox = inboxes.get(address);
    if (inbox === undefined) inboxes.set(address, (inbox = sandbox.inbox(address)));
    return inbox;
  };
  /** Runs a wait. If the wait fails, its error names the folder in which the mail of the test is saved. */
  const waited = async <T>(wait: Promise<T>): Promise<T> => {
    try {
      return await wait;
    } catch (error) {
      evidence?.nameFolderIn(error);
      throw error;
    }
  };
  return {
    'restante:beginTest'({ test = { name: 'test' } }): Promise<null> {
      evidence = new Evidence(test);
      return Promise.resolve(null);
    },
    /**
     * Saves the mail of a failed test. Cypress has already reported the error, so the name of the folder is printed
     * after the error.
     */
    async 'restante:endTest'({ isFailed = false }): Promise<null> {
      const failure = new Error();
      await evidence?.end(isFailed ? [failure] : []);
      evidence = null;
      if (failure.message !== '') process.stdout.write(`${failure.message.trim()}\n`);
      return null;
    },
    async 'restante:createInbox'({ wishes }): Promise<CypressInbox> {
      const inbox = await sandbox.createInbox(wishes ?? {});
      inboxes.set(inbox.address, inbox);
      const { address, url, smtp } = inbox;
      return { address, url, smtp };
    },
    async 'restante:deleteInbox'(request): Promise<null> {
      await inboxOf(request).delete();
      inboxes.delete(request.address ?? 'all');
      return null;
    },
    async 'restante:waitFor'(request): Promise<CypressMessage> {
      const wanted = decode(request.wanted) as Wanted | undefined;
      return plain(await waited(inboxOf(request).waitFor(wanted, request.options)));
    },
    async 'restante:waitForNone'(request): Promise<null> {
      const wanted = decode(request.wanted) as Wanted | undefined;
      await waited(inboxOf(request).waitForNone(wanted, request.options));
      return null;
    },
    async 'restante:waitForCode'(request): Promise<string> {
      const choice = decode(request.wanted) as CodeChoice | undefined;
      return waited(inboxOf(request).waitForCode(choice, request.options));
    },
    async 'restante:waitForLink'(request): Promise<string> {
      const choice = decode(request.wanted) as LinkChoice | undefined;
      return (await waited(inboxOf(request).waitForLink(choice, request.options))).href;
    },
  };
}

/** Returns the properties of a message that are sent to the browser. */
function plain(message: Message): CypressMessage {
  const { id, subject, from, to, cc, bcc, envelope, text, html, links, codes } = message;
  const attachments = message.attachments.map(({ filename, type, size }) => ({ filename, type, size }));
  const headers = [...message.headers].map(([name, value]) => ({ name, value }));
  const addressing = { from, to, cc, bcc, envelope: { from: envelope.from, to: envelope.to } };
  return { id, subject, ...addressing, headers, text, html: html?.source ?? null, links, codes, attachments };
}
