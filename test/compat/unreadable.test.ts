/** Tests that a message that cannot be read does not prevent the lists of MailHog and MailDev. */
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ProblemError } from '../../contract/problems.ts';
import * as maildev from '../../server/compat/maildev/email.ts';
import * as mailhog from '../../server/compat/mailhog/message.ts';
import { MessageReading } from '../../server/service/reading/index.ts';
import { ALL } from '../../server/store/ids.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

class FailingReading extends MessageReading {
  override read(): Promise<never> {
    return Promise.reject(new ProblemError('unreadable', 'Reading was stopped'));
  }
}

it('lists the message without its content, and reports the error if one message is requested', async () => {
  const { smtp, sandbox } = await startTestSandbox();
  await sendRaw(smtp, [Buffer.from('From: a@x.test\r\nSubject: Hi\r\n\r\nText\r\n')]);
  const { store } = sandbox;
  const { messages } = await store.messages.list({ account: ALL, limit: 1 });
  const [listed] = messages;
  const warnings: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const reading = new FailingReading({ store } as ConstructorParameters<typeof MessageReading>[0]);
  const deps = { store, reading, logger };
  expect(await maildev.readEmail(deps, listed!, maildev.UNREADABLE)).toMatchObject({
    subject: 'Hi',
    headers: {},
  });
  const message = await mailhog.readMessage(deps, listed!, mailhog.UNREADABLE);
  expect(message).toMatchObject({ Content: { Body: '' }, Raw: { Data: '' } });
  expect(warnings).toHaveLength(2);
  await expect(maildev.readEmail(deps, listed!)).rejects.toThrow('Reading was stopped');
  await expect(mailhog.readMessage(deps, listed!)).rejects.toThrow('Reading was stopped');
});
