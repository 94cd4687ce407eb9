/** Tests clients whose user name and password are configured as empty strings, with the whole sandbox. */
import { describe, expect, it } from 'vitest';
import { runScript } from '../helpers/dialog.ts';
import { startTestSandbox, type Address } from '../helpers/sandbox.ts';

/** Runs a dialogue after EHLO. */
const dialogue = (server: Address, lines: string): Promise<void> =>
  runScript(`c connect\nc <... 220 {*}\nc -> EHLO app.example.test\nc <... 250 {*}\n${lines}`, 'inline', () =>
    Promise.resolve(server),
  );

describe('empty credentials', () => {
  it('are accepted and leave the session without a user', async () => {
    const sandbox = await startTestSandbox();
    await dialogue(
      sandbox.smtp,
      `c -> AUTH PLAIN AAA=
c <- 235 {*}
c -> MAIL FROM:<a@x.test>
c <- 250 {*}
c -> RCPT TO:<b@x.test>
c <- 250 {*}
c -> DATA
c <- 354 {*}
c -> .
c <- 250 {*}`,
    );
    const { origin } = await sandbox.json<{ origin: { user: string | null } }>(
      'messages/latest?account=b@x.test',
    );
    expect(origin.user).toBeNull();
  });

  it('are refused where a login is required, while any name is still accepted', async () => {
    const sandbox = await startTestSandbox({ requireAuth: true });
    await dialogue(
      sandbox.smtp,
      `c -> AUTH PLAIN AAA=
c <- 535 {*}
c -> AUTH PLAIN {base64 \\0app\\0}
c <- 235 {*}`,
    );
  });

  it('are not the password of a minted account', async () => {
    const sandbox = await startTestSandbox();
    await sandbox.json('accounts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address: 'minted@x.test' }),
    });
    await dialogue(
      sandbox.smtp,
      `c -> AUTH PLAIN {base64 \\0minted@x.test\\0}
c <- 535 {*}
c -> AUTH PLAIN AAA=
c <- 235 {*}`,
    );
  });

  it('open the account `all` over IMAP', async () => {
    const { imap } = await startTestSandbox();
    await runScript(
      `c connect
c <... * OK {*}
c -> a LOGIN "" ""
c <... a OK {*}
c -> b STATUS INBOX (MESSAGES)
c <... b OK {*}`,
      'inline',
      () => Promise.resolve(imap),
    );
  });
});
