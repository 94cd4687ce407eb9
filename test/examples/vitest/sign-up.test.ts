import { describe, expect, onTestFinished } from 'vitest';
import { test } from 'restante/vitest';
import { startApp } from '../app.mjs';

const open = async (smtp: string) => {
  const app = await startApp(smtp);
  onTestFinished(() => app.close());
  return app;
};

describe('signing up', () => {
  test('sends a link that confirms the address', async ({ sandbox, inbox }) => {
    const app = await open(sandbox.smtp.url);
    await app.signUp(inbox.address);
    const message = await inbox.waitForOne({ subject: 'confirm' });
    expect(message).toHaveSubject('Confirm your address');
    expect(message).toBeFrom('Shop');
    expect(message).toBeSentTo(inbox.address);
    expect(message).toHaveLink({ kind: 'verify' });
    expect(message).toHaveAttachment('terms.txt');
    expect(message).not.toHaveAttachment('invoice.pdf');
    await fetch(message.link({ kind: 'verify' }).href);
    expect(app.isVerified(inbox.address)).toBe(true);
  });

  test('looks as it did', async ({ sandbox, inbox }) => {
    const app = await open(sandbox.smtp.url);
    await app.signUp(inbox.address);
    expect(await inbox.waitFor()).toMatchMailSnapshot();
  });

  test('is tried again after a temporary refusal', async ({ sandbox, inbox }) => {
    const app = await open(sandbox.smtp.url);
    await inbox.rules.script('451 4.7.1 later', 'accept');
    await expect(app.signUp(inbox.address)).rejects.toThrow('451');
    await app.signUp(inbox.address);
    expect(`${await inbox.waitForCode()}`).toMatch(/^\d{6}$/);
  });
});
