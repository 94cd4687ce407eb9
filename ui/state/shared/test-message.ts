/** Sends a test message, which takes the same path in the server as mail that arrives by SMTP. */
import { client, wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { notify } from './toasts.ts';

const html = `<!doctype html>
<html lang="en">
  <body style="margin:0;padding:32px 16px;background:#f4f2ee;font-family:system-ui,sans-serif;color:#1b1a18">
    <div style="max-width:480px;margin:0 auto;background:#fff;border-radius:10px;padding:32px">
      <h1 style="margin:0 0 12px;font-size:22px">It works</h1>
      <p style="margin:0 0 20px;line-height:1.5">This message went through the same door as the mail of your
        application, and it stays in here.</p>
      <p style="margin:0 0 8px;color:#57534c">Your code is</p>
      <p style="margin:0 0 24px;font:600 28px ui-monospace,monospace;letter-spacing:4px">482 913</p>
      <a href="https://example.test/verify?token=restante"
        style="display:inline-block;background:#2757d0;color:#fff;padding:10px 18px;border-radius:8px;text-decoration:none">Verify
        your address</a>
    </div>
  </body>
</html>`;

const text = `It works

This message went through the same door as the mail of your application, and it stays in here.

Your code is 482913.
Verify your address: https://example.test/verify?token=restante
`;

/**
 * Sends a test message, and shows the result in a notice.
 * @param account the account that receives the message
 */
export async function sendTestMessage(account: string): Promise<void> {
  try {
    await client.compose({
      from: 'Restante <hello@example.test>',
      to: account.includes('@') ? account : 'you@example.test',
      subject: 'A test message',
      text,
      html,
    });
    notify(s.empty.testSent);
  } catch (error) {
    notify(s.empty.testFailed(wordsOf(error)), { tone: 'danger' });
  }
}
