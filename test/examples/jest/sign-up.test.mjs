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

test('an assertion for each thing that a reader sees', async () => {
  await app.signUp(inbox.address);
  const message = await inbox.waitFor();
  expect(message).toHaveSubject('Confirm your address');
  expect(message).toBeFrom('Shop');
  expect(message).toBeSentTo(inbox.address);
  expect(message).toContainText('follow this link');
  expect(message).toHaveLink({ kind: 'verify', text: 'Confirm your address' });
  expect(message).toHaveCode(/^\d{6}$/);
  expect(message).toHaveAttachment('terms.txt');
  expect(message).not.toContainText('Goodbye');
  expect(() => expect(message).toHaveCode('none')).toThrow(/to have the code "none"; it has "\d{6}"/);
  expect(() => expect(message).not.toBeFrom('Shop')).toThrow('it has "Shop <shop@example.test>"');
});

test('the mail looks as it did', async () => {
  await app.signUp(inbox.address);
  expect(await inbox.waitFor()).toMatchMailSnapshot();
});

test('a server that is not there is named', async () => {
  await expect(connect('http://127.0.0.1:1')).rejects.toThrow('No sandbox responds at http://127.0.0.1:1/');
});
