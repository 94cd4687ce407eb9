/**
 * The integration for test runners that have none of their own, for example `bun test`, `deno test`, AVA and tap: an
 * inbox for each test whose mail is kept if the test fails, and assertions on messages.
 */
import type { Inbox } from '../inbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { Evidence } from './evidence.ts';

export { assertMail } from './assert-mail.ts';
export { openSandbox, type RunnerOptions } from '../shared.ts';
export { mailSnapshot, type SnapshotOptions } from '../snapshot.ts';

/**
 * Runs a test with a new inbox, and removes the inbox afterwards. If the test fails, its mail is saved first, and the
 * error names the folder.
 *
 * @param name the name of the test; the address of the inbox and the name of the folder contain it
 */
export async function withInbox<T>(
  sandbox: Sandbox,
  name: string,
  run: (inbox: Inbox) => T | Promise<T>,
): Promise<T> {
  const evidence = new Evidence({ name });
  const inbox = await sandbox.createInbox({ name });
  evidence.own(inbox);
  try {
    const result = await run(inbox);
    await evidence.end([]);
    return result;
  } catch (error) {
    await evidence.end([error]);
    throw error;
  } finally {
    await evidence.leave();
  }
}
