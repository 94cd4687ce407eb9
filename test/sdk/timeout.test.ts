import { once } from 'node:events';
import net from 'node:net';
import { createTransport } from 'nodemailer';
import { expect, it } from 'vitest';
import { connect, MailTimeoutError, type Sandbox } from '../../sdk/index.ts';
import { blocksOf } from '../helpers/documentation.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sandboxForTest, sendMail } from './application.ts';

const failure = async (wait: Promise<unknown>): Promise<MailTimeoutError> => {
  const error: unknown = await wait.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MailTimeoutError)) throw new Error(`no timeout: ${String(error)}`);
  return error;
};

it('reports everything that may explain it, as docs/sdk.md shows', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox({ address: 'ann@x.test' });
  await inbox.rules.add({
    name: 'no bounces here',
    when: { from: 'bounce@*' },
    then: { reject: '550 5.7.1 not you' },
  });
  await sendMail(sandbox, { to: 'ann@x.test', subject: 'Verify' });
  await sendMail(sandbox, { to: 'ann@elsewhere.test', subject: 'Verify it' });
  const waiting = failure(
    inbox.waitFor(
      { subject: /verify/i, to: 'ann@x.test', hasCode: true, hasAttachment: true },
      { timeout: 300 },
    ),
  );
  const transport = createTransport({ host: sandbox.smtp.host, port: sandbox.smtp.port });
  const refused = transport.sendMail({
    from: 'bounce@x.test',
    to: 'ann@x.test',
    subject: 'Verify',
    text: '1',
  });
  await expect(refused).rejects.toThrow('550');
  transport.close();
  const error = await waiting;
  expect(error.code).toBe('MAIL_TIMEOUT');
  const [shown] = blocksOf('docs/sdk.md').filter(({ language }) => language === 'text');
  const stable = error.message
    .replace(/127\.0\.0\.1:\d+ from/, '127.0.0.1:41234 from')
    .replace(sandbox.url, 'http://127.0.0.1:8025/');
  expect(`${stable}\n`).toBe(shown?.text);
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    code: 'MAIL_TIMEOUT',
    account: 'ann@x.test',
    timeout: 300,
  });
});

it('names the address of the inbox only where the web UI will still respond after the tests', async () => {
  const lookOf = async (sandbox: Sandbox): Promise<string | undefined> => {
    const error = await failure(sandbox.inbox('ann@x.test').waitFor({}, { timeout: 0 }));
    return /^ {2}look +(.*)$/m.exec(error.message)?.[1];
  };
  const kept = await startTestSandbox({}, { startedBy: 'command' });
  expect(await lookOf(await connect(kept.url))).toBe(`${kept.url}inbox/ann%40x.test`);
  const own = await sandboxForTest();
  const advice = /^this sandbox ends with the tests; .* RESTANTE_URL=/;
  expect(await lookOf(own)).toMatch(advice);
  // A worker connects to the sandbox that the test runner's setup has started.
  expect(await lookOf(await connect(own.url))).toMatch(advice);
});

it('lists first the messages with the fewest failed conditions of criteria and query', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, { to: inbox.address, subject: 'Your invoice' });
  await sendMail(sandbox, { to: inbox.address, subject: 'Verify', text: 'Your code is 482913' });
  await sendMail(sandbox, { to: inbox.address, subject: 'Verify', text: 'no code' });
  const wanted = {
    subject: 'verify',
    hasCode: true,
    where: function fresh() {
      return false;
    },
  };
  const { report, message } = await failure(inbox.waitFor(wanted, { timeout: 20 }));
  expect(
    report.arrived.map(({ message: { subject }, failed }) => [subject, failed.map(({ term }) => term)]),
  ).toEqual([
    ['Verify', ['fresh']],
    ['Verify', ['a code', 'fresh']],
    ['Your invoice', ['subject:verify', 'a code', 'fresh']],
  ]);
  expect(message).toContain('✗ a code: there is none');
});

it('reports that nothing arrived, and which messages were returned before', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  const empty = await failure(inbox.waitFor(undefined, { timeout: 0 }));
  expect(empty.message).toContain('\n  wanted     any message\n  arrived    nothing in this account\n');
  await sendMail(sandbox, { to: inbox.address, subject: 'Seen' });
  await inbox.waitFor();
  expect((await failure(inbox.waitFor(undefined, { timeout: 0 }))).message).toContain(
    '✓ matches, and was returned before',
  );
});

it('reports the number of omitted items, and leaves out refusals of others', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sandbox.rules.add({ when: { rcpt: 'other@x.test' }, then: { reject: '550 no' } });
  for (let n = 0; n < 8; n++) await sendMail(sandbox, { to: inbox.address, subject: `no. ${n}` });
  const waiting = failure(inbox.waitFor({ subject: 'x' }, { timeout: 200 }));
  await expect(sendMail(sandbox, { to: 'other@x.test' })).rejects.toThrow('550');
  const { message, report } = await waiting;
  expect(message).toContain('and 3 more');
  expect(report.refused).toEqual([]);
});

it('lists first the nearest messages of other accounts', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, { to: 'typo@x.test', subject: 'Verify' });
  for (let n = 0; n < 25; n++) await sendMail(sandbox, { to: `other${n}@x.test`, subject: `no. ${n}` });
  const { message, report } = await failure(inbox.waitFor({ subject: 'verify' }, { timeout: 0 }));
  expect(message).toMatch(/\n {2}elsewhere {2}in typo@x\.test: "Verify" from/);
  expect(report.elsewhere).toHaveLength(20);
});

it('reports the number of earlier messages, and how to include them', async () => {
  const started = await sandboxForTest();
  for (const to of ['ann@x.test', 'ann@x.test', 'bob@x.test']) await sendMail(started, { to });
  const sandbox = await connect(started.url);
  const ann = sandbox.inbox('ann@x.test');
  const { message, report } = await failure(ann.waitFor(undefined, { timeout: 0 }));
  expect(report.before).toBe(2);
  expect(message).toContain(
    '\n  arrived    nothing new in this account' +
      '\n  before     2 messages were there before this sandbox was connected to; { after: 0 } looks at them, too\n',
  );
  const bob = sandbox.inbox('bob@x.test').waitFor(undefined, { timeout: 0 });
  expect((await failure(bob)).message).toContain(
    '1 message was there before this sandbox was connected to; {',
  );
  // A test that passes `after` knows about earlier messages, so they are not reported.
  const after = await ann.mark();
  expect((await failure(ann.waitFor(undefined, { timeout: 0, after }))).message).not.toContain('before');
  expect((await ann.waitFor(undefined, { timeout: 0, after: 0 })).subject).toBe('Hello');
});

it('leaves out sessions that delivered nothing and ended before the wait began', async () => {
  const sandbox = await sandboxForTest({ auth: [{ user: 'app', password: 'right' }] });
  const inbox = await sandbox.createInbox();
  const transport = createTransport({
    host: sandbox.smtp.host,
    port: sandbox.smtp.port,
    auth: { user: 'app', pass: 'wrong' },
  });
  await expect(transport.sendMail({ from: 'a@x.test', to: inbox.address })).rejects.toThrow('535');
  transport.close();
  const talkHttp = async (): Promise<void> => {
    const socket = net.connect(sandbox.smtp.port, sandbox.smtp.host);
    socket.resume().end('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
  };
  await talkHttp();
  await sandbox.rules.add({ when: { from: 'bounce@*' }, then: { reject: '550 no' } });
  await expect(sendMail(sandbox, { to: inbox.address, from: 'bounce@x.test' })).rejects.toThrow('550');
  const { report } = await failure(inbox.waitFor(undefined, { timeout: 0 }));
  // A session with an envelope or a failed login explains mail that was sent before the wait began.
  expect(report.refused.map(({ from }) => from)).toEqual([null, 'bounce@x.test']);
  expect(report.refused[0]?.reply).toMatch(/^535/);
  const waiting = failure(inbox.waitFor(undefined, { timeout: 300 }));
  await talkHttp();
  expect((await waiting).report.refused.map(({ from }) => from)).toEqual([null, 'bounce@x.test', null]);
});
