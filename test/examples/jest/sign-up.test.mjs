import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connect } from 'restante';
import { startApp } from '../app.mjs';

let sandbox;
let app;
let inbox;
beforeAll(async () => {
  sandbox = await connect();
  app = await startApp(sandbox.smtp.url);
});
afterAll(() => app.close());
beforeEach(async () => {
  inbox = await sandbox.createInbox();
});

test('a link confirms the address', async () => {
  await app.signUp(inbox.address);
  const message = await inbox.waitForOne();
  expect(message).toHaveSubject(/confirm/i);
  expect(message).toBeSentTo(inbox.address);
  expect(message).toHaveAttachment('terms.txt');
  await fetch(message.link({ kind: 'verify' }).href);
  expect(app.isVerified(inbox.address)).toBe(true);
});

test('the mail looks as it did', async () => {
  await app.signUp(inbox.address);
  expect(await inbox.waitFor()).toMatchMailSnapshot();
});
