/** Tests that senders with different spellings of one international address reach one account. */
import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import type { AccountList, MessagePage } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { installed, mustRun } from '../helpers/tool.ts';

const TO = 'kunde@bücher.test';

/** smtplib sends the address in Unicode if the server offers SMTPUTF8, after the EHLO that this requires. */
const SMTPLIB = `
import smtplib, sys
from email.message import EmailMessage
message = EmailMessage()
message["From"], message["To"], message["Subject"] = "shop@x.test", sys.argv[3], "smtplib"
message.set_content("hi")
client = smtplib.SMTP(sys.argv[1], int(sys.argv[2]), timeout=10)
client.send_message(message)
client.quit()
`;

describe.skipIf(!installed('python3'))('Nodemailer (A-labels) and smtplib (U-labels; needs python3)', () => {
  it('reach one account', async () => {
    const sandbox = await startTestSandbox();
    const transport = createTransport({ ...sandbox.smtp, ignoreTLS: true });
    await transport.sendMail({ from: 'shop@x.test', to: TO, subject: 'nodemailer', text: 'hi' });
    const { host, port } = sandbox.smtp;
    await mustRun('python3', ['-c', SMTPLIB, host, String(port), TO]);
    const { accounts } = await sandbox.json<AccountList>('accounts');
    expect(accounts.map(({ name }) => name)).toEqual(['all', TO]);
    const { messages } = await sandbox.json<MessagePage>(`messages?account=${encodeURIComponent(TO)}`);
    expect(messages.map(({ subject, envelope }) => [subject, envelope.to[0]])).toEqual([
      ['smtplib', TO],
      ['nodemailer', 'kunde@xn--bcher-kva.test'],
    ]);
  });
});
