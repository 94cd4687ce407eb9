import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertMail, useSandbox } from 'restante/node-test';
import { startApp } from '../app.mjs';

describe('signing up', { concurrency: true }, () => {
  const mail = useSandbox();
  let app;
  before(async () => {
    app = await startApp(mail.sandbox.smtp.url);
  });
  after(() => app.close());

  it('sends a link that confirms the address', async (t) => {
    const inbox = await mail.inbox(t);
    await app.signUp(inbox.address);
    const message = await inbox.waitForOne({ subject: /confirm/i });
    assertMail(message).toBeFrom('shop@example.test');
    assertMail(message).toBeSentTo(inbox.address);
    assertMail(message).toContainText('Your confirmation code is');
    const { href } = message.link({ kind: 'verify' });
    await fetch(href);
    assert.ok(app.isVerified(inbox.address));
  });

  it('sends a code, and the terms', async (t) => {
    const inbox = await mail.inbox(t);
    await app.signUp(inbox.address);
    const code = await inbox.waitForCode({ length: 6 });
    const message = await inbox.latest();
    assert.equal(message.html.querySelector('.code').text, code);
    assertMail(message).toHaveCode(code);
    assert.equal(await message.attachment('terms.txt').text(), 'Be kind.');
  });

  it('tells when the mail server refuses', async (t) => {
    const inbox = await mail.inbox(t);
    await inbox.rules.reject('550 5.1.1 no such user');
    const response = await fetch(`${app.url}signup?address=${inbox.address}`);
    assert.equal(response.status, 502);
    await inbox.waitForNone();
  });
});
