/** Tests of the whole sandbox: stored rules and limits, also after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { MessagePage, RuleList } from '../contract/index.ts';
import { startTestSandbox } from './helpers/sandbox.ts';
import { sendRaw } from './helpers/smtp.ts';

it('stores its rules, and closes without waiting for the replies that rules delay', async () => {
  const data = mkdtempSync(path.join(os.tmpdir(), 'restante-test-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const first = await startTestSandbox({ data });
  await first.json('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'no', on: 'mail', then: { reject: '554 5.7.1 never' } }),
  });
  await first.close();

  const second = await startTestSandbox({ data });
  const { rules } = await second.json<RuleList>('rules');
  expect(rules.map(({ name }) => name)).toEqual(['no']);
  const raw = [Buffer.from('Subject: x\r\n\r\nx\r\n')];
  await expect(sendRaw(second.smtp, raw)).rejects.toThrow('554 5.7.1 never');
  await second.json(`rules/${rules[0]?.id ?? ''}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'slow', on: 'mail', then: { delay: '1h' } }),
  });
  const held = sendRaw(second.smtp, raw).catch((error: unknown) => error);
  await expect
    .poll(async () => (await second.json<RuleList>('rules')).rules[0]?.hits, { interval: 5 })
    .toBe(1);
  await second.close();
  expect(await held).toBeDefined();
});

it('applies the limit of an account to that account, and not to the account "all"', async () => {
  const sandbox = await startTestSandbox({ accountMaxMessages: 2 });
  const raws = [1, 2, 3].map((n) => Buffer.from(`Subject: number ${n}\r\n\r\nx\r\n`));
  await sendRaw(sandbox.smtp, raws, { from: 'app@x.test', to: ['ann@x.test'] });
  const subjects = async (account: string): Promise<string[]> => {
    const { messages } = await sandbox.json<MessagePage>(`messages?account=${account}`);
    return messages.map(({ subject }) => subject);
  };
  await expect.poll(() => subjects('ann@x.test'), { interval: 5 }).toEqual(['number 3', 'number 2']);
  expect(await subjects('all')).toHaveLength(3);
});
