import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detail, MessagePage, WaitTimeout } from '../../contract/index.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

const send = (to: string, subject: string) =>
  sendRaw(sandbox.smtp, [Buffer.from(`From: a@x.test\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\ntext\r\n`)], {
    from: 'a@x.test',
    to: [to],
  });
const wait = (query: string) => sandbox.api(`messages/wait?${query}`);
const seq = async () => (await sandbox.json<MessagePage>('messages?limit=1')).seq;

describe('a wait', () => {
  it('returns at once the oldest message after its seq', async () => {
    const after = await seq();
    await send('w1@x.test', 'one');
    await send('w1@x.test', 'two');
    const found = (await (await wait(`account=w1@x.test&after=${after}&timeout=0`)).json()) as Detail;
    expect(found.subject).toBe('one');
    const next = (await (await wait(`account=w1@x.test&after=${found.seq}&timeout=0`)).json()) as Detail;
    expect(next.subject).toBe('two');
  });

  it('ignores earlier messages', async () => {
    await send('w2@x.test', 'old');
    const response = await wait(`account=w2@x.test&after=${await seq()}&timeout=0`);
    expect(response.status).toBe(404);
  });

  it('returns when a matching message is captured, not for any other message', async () => {
    const pending = wait('account=w3@x.test&query=subject:right&timeout=15000');
    await send('w3@x.test', 'wrong');
    await send('other@x.test', 'right');
    await send('w3@x.test', 'right one');
    expect(((await (await pending).json()) as Detail).subject).toBe('right one');
  });

  it('can run many times at once, each with its own result', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `many${n}@x.test`);
    const pending = names.map((name) => wait(`account=${name}&timeout=15000`));
    for (const name of [...names].reverse()) await send(name, `for ${name}`);
    const found = await Promise.all(
      pending.map(async (each) => ((await (await each).json()) as Detail).subject),
    );
    expect(found).toEqual(names.map((name) => `for ${name}`));
  });

  it('reports on timeout the messages that arrived, the nearest first, and those that arrived elsewhere', async () => {
    const after = await seq();
    await send('w4@x.test', 'Welcome');
    await send('w4@x.test', 'Verify your address');
    await send('elsewhere@x.test', 'Verify your address');
    const query = encodeURIComponent('subject:verify has:attachment');
    const response = await wait(`account=w4@x.test&query=${query}&after=${after}&timeout=10`);
    expect(response.status).toBe(404);
    const problem = (await response.json()) as WaitTimeout;
    expect(problem).toMatchObject({
      type: 'urn:restante:wait-timeout',
      account: 'w4@x.test',
      query: 'subject:verify has:attachment',
      detail:
        'No message in w4@x.test matched within 10 ms; messages that arrived there and did not match: 2',
    });
    expect(
      problem.arrived.map(({ message, failed }) => [message.subject, failed.map(({ term }) => term)]),
    ).toEqual([
      ['Verify your address', ['has:attachment']],
      ['Welcome', ['subject:verify', 'has:attachment']],
    ]);
    expect(problem.elsewhere.map(({ account, message }) => [account, message.subject])).toEqual([
      ['elsewhere@x.test', 'Verify your address'],
    ]);
  });

  it('ends when its caller disconnects', async () => {
    const controller = new AbortController();
    const pending = sandbox.api('messages/wait?account=gone@x.test&timeout=60000', {
      signal: controller.signal,
    });
    await sandbox.api('info');
    controller.abort();
    await expect(pending).rejects.toThrow();
    // A request that is still open would delay the close of the sandbox after this test.
  });

  it.each(['timeout=-1', 'timeout=300001', 'timeout=soon', 'query=to:', 'after=-1'])(
    'refuses %s',
    async (query) => {
      expect((await wait(query)).status).toBe(400);
    },
  );
});
