import net from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  AmbiguousError,
  connect,
  MailTimeoutError,
  UnexpectedMailError,
  type Sandbox,
} from '../../sdk/index.ts';
import { sandboxForTest, sendMail } from './application.ts';

const elapsed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** The two ways to open a sandbox, which must behave in the same way. */
const open: Record<string, () => Promise<Sandbox>> = {
  'in this process': () => sandboxForTest(),
  'connected to': async () => connect((await sandboxForTest()).url),
};

describe.each(Object.keys(open))('a sandbox %s', (how) => {
  const openSandbox = open[how]!;

  it('creates an inbox and waits for its mail', async () => {
    const sandbox = await openSandbox();
    const inbox = await sandbox.createInbox({ name: 'Sign-up · Ünïcode' });
    expect(inbox.address).toMatch(/^sign-up-n-code\.[a-z0-9]{8}@restante\.test$/);
    const waiting = inbox.waitFor();
    await sendMail(sandbox, { to: inbox.address, subject: 'Welcome' });
    expect((await waiting).subject).toBe('Welcome');
  });

  it('returns the oldest match that was not returned before', async () => {
    const sandbox = await openSandbox();
    const inbox = await sandbox.createInbox();
    for (const subject of ['one a', 'two b', 'three a', 'four b'])
      await sendMail(sandbox, { to: inbox.address, subject });
    expect((await inbox.waitFor({ subject: 'b' })).subject).toBe('two b');
    expect((await inbox.waitFor()).subject).toBe('one a');
    expect((await inbox.waitFor(/b$/)).subject).toBe('four b');
    expect((await inbox.waitFor((message) => message.subject.startsWith('three'))).subject).toBe('three a');
    await expect(inbox.waitFor(undefined, { timeout: 0 })).rejects.toThrow(MailTimeoutError);
    expect((await sandbox.inbox(inbox.address).waitFor(undefined, { after: 0 })).subject).toBe('one a');
  });

  it('returns a different message to each of two waits', async () => {
    const sandbox = await openSandbox();
    const inbox = await sandbox.createInbox();
    const waits = [inbox.waitFor(), inbox.waitFor()];
    await sendMail(sandbox, { to: inbox.address, subject: 'one' });
    await sendMail(sandbox, { to: inbox.address, subject: 'two' });
    const subjects = (await Promise.all(waits)).map(({ subject }) => subject);
    expect(subjects.sort()).toEqual(['one', 'two']);
  });
});

describe('a wait', () => {
  it('finds mail for any address that arrived since the sandbox was opened', async () => {
    const started = await sandboxForTest();
    await sendMail(started, { to: 'bob@x.test', subject: 'before' });
    const sandbox = await connect(started.url);
    await sendMail(started, { to: 'Bob@x.test', subject: 'after' });
    expect((await sandbox.inbox('bob@X.test').waitFor()).subject).toBe('after');
    expect((await started.inbox('bob@x.test').waitFor()).subject).toBe('before');
    expect((await started.all.waitFor('subject:after')).subject).toBe('after');
  });

  it('can start at a mark', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, subject: 'one' });
    const after = await inbox.mark();
    await sendMail(sandbox, { to: inbox.address, subject: 'two' });
    expect((await inbox.waitFor(undefined, { after })).subject).toBe('two');
    expect((await inbox.waitFor()).subject).toBe('one');
  });

  it.each([0, 50, 400])('ends after %i ms, not sooner', async (timeout) => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await inbox.list();
    const took = await elapsed(() =>
      expect(inbox.waitFor(undefined, { timeout })).rejects.toThrow(MailTimeoutError),
    );
    expect(took).toBeGreaterThanOrEqual(timeout - 1);
  });

  it('finds with timeout 0 the messages that are stored', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address });
    expect((await inbox.waitFor(undefined, { timeout: 0 })).subject).toBe('Hello');
  });

  it.each([-1, Number.NaN, 2 ** 31])('refuses a timeout of %d', async (timeout) => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await expect(inbox.waitFor(undefined, { timeout })).rejects.toThrow(RangeError);
  });

  it('ends when it is aborted, with the reason', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const controller = new AbortController();
    const waiting = inbox.waitFor(undefined, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(inbox.waitFor(undefined, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it.each([
    ['subject:x) y', 'no opening one'],
    ['form:bob', 'Unknown field form'],
  ])('describes the error in the query %j', async (query, message) => {
    const sandbox = await sandboxForTest();
    await expect(sandbox.all.waitFor(query, { timeout: 0 })).rejects.toThrow(message);
  });

  it('refuses empty criteria', async () => {
    const sandbox = await sandboxForTest();
    await expect(sandbox.all.waitFor('')).rejects.toThrow('is empty');
    await expect(sandbox.all.waitFor({ subject: ' ' })).rejects.toThrow('subject is empty');
  });

  it('matches every part of a message', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, {
      to: `Ann "A" <${inbox.address}>`,
      cc: 'Carol <carol@x.test>',
      bcc: 'hidden@x.test',
      replyTo: 'help@x.test',
      subject: 'Your order (no. 7)',
      html: '<p>Code <b>482913</b>, <a href="https://x.test/verify?t=1">verify</a></p>',
      text: undefined,
      headers: { 'X-Run': 'r 42', 'X-Empty-Ish': 'x' },
      attachments: [{ filename: 'invoice.pdf', content: 'x' }],
    });
    const all = { timeout: 0, after: 0 };
    const matching = [
      { to: inbox.address },
      { to: /^Ann/ },
      { from: 'shop@example.test' },
      { from: /shop/i },
      { cc: 'carol' },
      { bcc: 'hidden@x.test' },
      { replyTo: /help/ },
      { subject: 'order (no. 7)' },
      { subject: (subject: string) => subject.length > 3 },
      { text: 'code 482913' },
      { text: /\d{6}/g },
      { headers: { 'x-run': 'r 42' } },
      { headers: { 'X-Run': /^r \d+$/ } },
      { headers: { 'X-Empty-Ish': true as const } },
      { attachment: 'invoice' },
      { attachment: /\.pdf$/ },
      { hasAttachment: true, hasHtml: true, hasCode: true, hasLink: true },
      { query: 'has:html OR has:attachment', subject: 'order' },
      { where: async () => true },
      /482913/,
      'subject:"order (no"',
    ];
    for (const wanted of matching) {
      const found = await sandbox.inbox(inbox.address).waitFor(wanted, all);
      expect(found.subject, JSON.stringify(wanted)).toBe('Your order (no. 7)');
    }
    const failing = [
      { to: 'nobody@x.test' },
      { hasHtml: false },
      { hasCode: false },
      { headers: { 'X-Other': true as const } },
      { attachment: /\.docx$/ },
      { query: 'has:html', subject: 'invoice' },
      { where: () => false },
      { tag: 'none' },
    ];
    for (const wanted of failing) {
      await expect(sandbox.inbox(inbox.address).waitFor(wanted, all), JSON.stringify(wanted)).rejects.toThrow(
        MailTimeoutError,
      );
    }
  });
});

describe('strict waits', () => {
  it('fail on a second match, and list both', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, subject: 'Confirm' });
    expect((await inbox.waitForOne({ subject: 'confirm' })).subject).toBe('Confirm');
    await sendMail(sandbox, { to: inbox.address, subject: 'Confirm 2' });
    const second = sendMail(sandbox, { to: inbox.address, subject: 'Confirm 3' });
    await expect(inbox.waitForOne({ subject: 'confirm' }, { quietFor: 2_000 })).rejects.toThrow(
      /two \(waited for 2000 ms\): subject:"confirm"\n {2}"Confirm 2" from .*\n {2}"Confirm 3" from /,
    );
    await second;
  });

  it('resolve with the number of messages, oldest first', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const waiting = inbox.waitForCount(3);
    for (const subject of ['1', '2', '3', '4']) await sendMail(sandbox, { to: inbox.address, subject });
    expect((await waiting).map(({ subject }) => subject)).toEqual(['1', '2', '3']);
    await expect(inbox.waitForCount(2, undefined, { timeout: 0 })).rejects.toThrow('(after 1 that did)');
    // The messages that a failed wait found were not returned.
    expect((await inbox.waitFor(undefined, { timeout: 0 })).subject).toBe('4');
    for (const count of [0, 1.5, Number.NaN]) {
      await expect(inbox.waitForCount(count)).rejects.toThrow(RangeError);
    }
  });
});

describe('waiting for no message', () => {
  it('ends after the given quiet time', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: 'somebody@else.test' });
    const took = await elapsed(() => inbox.waitForNone(undefined, { quietFor: 100 }));
    expect(took).toBeGreaterThanOrEqual(99);
  });

  it('fails on new messages, not on those that were returned before', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, subject: 'first' });
    await inbox.waitFor();
    const failed = inbox.waitForNone(undefined, { quietFor: 5_000 }).catch((error: unknown) => error);
    await sendMail(sandbox, { to: inbox.address, subject: 'again' });
    expect(await failed).toBeInstanceOf(UnexpectedMailError);
    expect(String(await failed)).toContain('"again" from shop@example.test');
  });

  it('waits for an SMTP session that is still delivering', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const socket = net.connect(sandbox.smtp.port, sandbox.smtp.host);
    onTestFinished(() => void socket.destroy());
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const say = async (command?: string): Promise<void> => {
      if (command !== undefined) socket.write(`${command}\r\n`);
      while (/^\d{3}-/.test(String((await lines.next()).value)));
    };
    await say();
    await say('EHLO slow.test');
    await say('MAIL FROM:<a@x.test>');
    await say(`RCPT TO:<${inbox.address}>`);
    await say('DATA');
    const failed = inbox.waitForNone(undefined, { quietFor: 30 }).catch((error: unknown) => error);
    // A wait in another inbox does not wait for a session that sends mail to this inbox.
    await (await sandbox.createInbox()).waitForNone(undefined, { quietFor: 60 });
    await say('Subject: slow\r\n\r\ntext\r\n.');
    expect(String(await failed)).toContain('"slow"');
  });

  it('does not resolve while a session never ends', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const socket = net.connect(sandbox.smtp.port, sandbox.smtp.host);
    onTestFinished(() => void socket.destroy());
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    socket.write(`HELO stuck.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<${inbox.address}>\r\nDATA\r\n`);
    for (let reply = ''; !reply.startsWith('354'); reply = String((await lines.next()).value));
    const took = await elapsed(() =>
      expect(inbox.waitForNone(undefined, { quietFor: 20, timeout: 150 })).rejects.toThrow(
        `Expected no message, and one is still on its way: any message\n  127.0.0.1`,
      ),
    );
    expect(took).toBeGreaterThanOrEqual(149);
  });

  it('respects its timeout', async () => {
    const inbox = (await sandboxForTest()).inbox('ann@x.test');
    await inbox.waitForNone(undefined, { timeout: 0 });
    await expect(inbox.waitForNone(undefined, { timeout: 100, quietFor: 200 })).rejects.toThrow(
      'quietFor is 200; it must be between 0 and the timeout of 100 milliseconds',
    );
  });

  it('finds a message of a session that ended just before the list of sessions was requested', async () => {
    const server = await sandboxForTest();
    let to = '';
    const sandbox = await connect(server.url, {
      fetch: async (input, options) => {
        const target = input instanceof Request ? input.url : String(input);
        if (/\/sessions\b/.test(target)) await sendMail(server, { to, subject: 'just now' });
        return fetch(input, options);
      },
    });
    const inbox = await sandbox.createInbox();
    to = inbox.address;
    await expect(inbox.waitForNone(undefined, { quietFor: 30 })).rejects.toThrow('"just now"');
  });
});

describe('codes and links', () => {
  it('are those of the oldest message that has one', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, subject: 'Nothing in it' });
    await sendMail(sandbox, {
      to: inbox.address,
      subject: 'Sign in',
      text: 'Your code is 482913. https://x.test/reset?t=9 to reset your password',
    });
    expect(await inbox.waitForCode()).toBe('482913');
    const link = await sandbox.inbox(inbox.address).waitForLink({ href: /reset/ });
    expect(link.toString()).toBe('https://x.test/reset?t=9');
    expect(link.message.subject).toBe('Sign in');
    await expect(inbox.waitForCode({ length: 4, near: /pin/i }, { timeout: 0 })).rejects.toThrow(
      'a code with length 4, near /pin/i',
    );
  });

  it('with equal scores are refused, and available for the next wait', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const both = 'Your sign-in code is 482913. Your backup code is 771204.';
    await sendMail(sandbox, { to: inbox.address, text: both });
    const tie = await inbox.waitForCode().catch((error: unknown) => error);
    expect(tie).toBeInstanceOf(AmbiguousError);
    expect(String(tie)).toMatch(/choose one with near or length\n {2}\d{6} \(\d+ %\) in ".*\n {2}\d{6} /);
    expect(await inbox.waitForCode({ near: /backup/ })).toBe('771204');
    // The code that is not selected is nearer to "sign-in" in characters, but in another sentence.
    const text = 'Your backup code is 771204. Your sign-in code, for now, is 482913.';
    await sendMail(sandbox, { to: inbox.address, text });
    expect(await inbox.waitForCode({ near: 'SIGN-IN' })).toBe('482913');
  });

  it('are refused if there are two', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const text = 'Links: https://x.test/a and https://x.test/b';
    await sendMail(sandbox, { to: inbox.address, text });
    const message = await inbox.waitFor();
    expect(() => message.link()).toThrow(AmbiguousError);
    expect(message.link({ href: '/b' }).href).toBe('https://x.test/b');
    expect(() => message.link({ kind: 'reset' })).toThrow('no link with kind "reset"; it has\n  other');
    expect(() => message.code()).toThrow('The message has no code at all');
  });
});
