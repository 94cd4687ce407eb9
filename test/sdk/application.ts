/** An application that sends mail, for tests of the SDK. */
import { createTransport } from 'nodemailer';
import type Mail from 'nodemailer/lib/mailer/index.js';
import { onTestFinished } from 'vitest';
import { startSandbox, type Sandbox, type StartOptions } from '../../sdk/index.ts';

/** Starts a sandbox for the running test. */
export async function sandboxForTest(options: StartOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Sends a message by SMTP; resolves when the server has acknowledged it. */
export async function sendMail(sandbox: Pick<Sandbox, 'smtp'>, mail: Mail.Options): Promise<void> {
  const transport = createTransport({ host: sandbox.smtp.host, port: sandbox.smtp.port });
  await transport.sendMail({
    from: 'Shop <shop@example.test>',
    subject: 'Hello',
    text: 'Some text',
    ...mail,
  });
  transport.close();
}
