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

  test('sends what a reader needs', async ({ sandbox, inbox }) => {
    const app = await open(sandbox.smtp.url);
    await app.signUp(inbox.address);
    const message = await inbox.waitFor();
    expect(message).toHaveSubject(/confirm/i);
    expect(message).toBeFrom('shop@example.test');
    expect(message).toContainText('follow this link');
    expect(message).toHaveLink({ kind: 'verify', text: 'Confirm your address' });
    expect(message).toHaveCode(/^\d{6}$/);
    expect(message).toHaveAttachment('terms.txt');
    expect(message).not.toContainText('Goodbye');
    expect(() => expect(message).toHaveCode('none')).toThrow(/to have the code "none"; it has "\d{6}"/);
    expect(() => expect(message).not.toBeFrom('Shop')).toThrow('it has "Shop <shop@example.test>"');
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
    expect(await inbox.waitForCode()).toMatch(/^\d{6}$/);
  });
});
