/** Creates short messages for tests that need only a number of messages, and counts the stored messages. */
import type { SendMailOptions } from 'nodemailer';
import type { MessagePage } from '../../contract/index.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { messages, send } from './seed.ts';

export const plain = (subject: string, to = 'bob@x.test'): SendMailOptions => ({
  from: 'Ann <ann@x.test>',
  to,
  subject,
  text: `This is ${subject}.`,
});

/** Returns messages with the subjects `Message 1`, `Message 2` and so on; the newest message has the highest number. */
export const many = (count: number, subject = 'Message'): readonly SendMailOptions[] =>
  Array.from({ length: count }, (_, index) => plain(`${subject} ${index + 1}`));

/** Resolves with the number of stored messages that match a query. */
export async function stored(sandbox: TestSandbox, query = ''): Promise<number> {
  const page = await sandbox.json<MessagePage>(`messages?limit=1&query=${encodeURIComponent(query)}`);
  return page.total;
}

/** Starts a sandbox that has received the given mail. */
export async function sandboxWith(mail: readonly SendMailOptions[]): Promise<TestSandbox> {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, mail);
  return sandbox;
}

/**
 * Starts a sandbox with the seeded mail; resolves with it and the id of the message whose subject contains some
 * words.
 */
export async function seeded(words: string): Promise<{ readonly sandbox: TestSandbox; readonly id: string }> {
  const sandbox = await sandboxWith(messages);
  const query = encodeURIComponent(`subject:"${words}"`);
  const found = await sandbox.json<MessagePage>(`messages?query=${query}`);
  return { sandbox, id: found.messages[0]!.id };
}
