import { describe, expect, it } from 'vitest';
import { beginBudget, defaultTimeout, endBudget } from '../../sdk/budget.ts';
import { isMatch } from '../../sdk/matcher.ts';
import { matchers } from '../../sdk/matchers.ts';
import type { Message } from '../../sdk/message.ts';
import { mailSnapshot } from '../../sdk/snapshot.ts';
import { sandboxForTest, sendMail } from './application.ts';

async function sample(): Promise<Message> {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, {
    to: `Ann Example <ann@x.test>, ${inbox.address}`,
    bcc: 'hidden@x.test',
    subject: 'Confirm your address',
    text: `Your code is 482913,\nvalid until ${new Date(Date.now() + 3_600_000).toISOString()}.`,
    html: `<p>Your code is <b>482913</b></p><a href="https://x.test/verify?token=${crypto.randomUUID()}">Verify</a>`,
    attachments: [{ filename: 'terms.pdf', content: 'x' }],
  });
  return inbox.waitFor();
}

describe('assertions', () => {
  it('pass and fail, and report the actual values', async () => {
    const message = await sample();
    const holding = [
      matchers.toHaveSubject(message, 'Confirm your address'),
      matchers.toHaveSubject(message, /confirm/i),
      matchers.toBeFrom(message, 'SHOP@example.test'),
      matchers.toBeFrom(message, 'Shop'),
      matchers.toBeFrom(message, /^Shop </),
      matchers.toBeSentTo(message, 'ann@x.test'),
      matchers.toBeSentTo(message, 'Ann Example'),
      matchers.toBeSentTo(message, 'hidden@x.test'),
      matchers.toContainText(message, 'code is 482913, valid'),
      matchers.toContainText(message, /valid until \d/),
      matchers.toHaveLink(message),
      matchers.toHaveLink(message, /verify/),
      matchers.toHaveLink(message, { kind: 'verify', text: 'Verify' }),
      matchers.toHaveCode(message),
      matchers.toHaveCode(message, '482913'),
      matchers.toHaveAttachment(message),
      matchers.toHaveAttachment(message, 'terms'),
    ];
    expect(holding.filter(({ pass }) => !pass).map((each) => each.message())).toEqual([]);
    const failing = [
      matchers.toHaveSubject(message, 'Confirm'),
      matchers.toBeFrom(message, 'example.test'),
      matchers.toBeSentTo(message, 'nn@x.test'),
      matchers.toContainText(message, 'goodbye'),
      matchers.toHaveLink(message, { kind: 'reset' }),
      matchers.toHaveCode(message, '48291'),
      matchers.toHaveAttachment(message, /\.docx$/),
    ];
    expect(failing.filter(({ pass }) => pass)).toEqual([]);
    expect(failing[0]?.message()).toBe(
      'Expected the message to have the subject "Confirm"; it has "Confirm your address"',
    );
    expect(failing[6]?.message()).toBe(
      'Expected the message to have an attachment /\\.docx$/; it has "terms.pdf"',
    );
    expect(holding[15]?.message()).toBe('Expected the message not to have an attachment; it has "terms.pdf"');
  });

  it('refuse a value that is not a message', () => {
    expect(() => matchers.toHaveCode(Promise.resolve())).toThrow('await the wait first');
    expect(() => matchers.toHaveCode(undefined)).toThrow(TypeError);
  });

  it('start a global regular expression from its beginning each time', () => {
    const sticky = /a/g;
    expect([isMatch(sticky, 'a'), isMatch(sticky, 'a'), isMatch(sticky, 'a')]).toEqual([true, true, true]);
  });
});

describe('a snapshot', () => {
  it('is the same for two runs', async () => {
    const [one, two] = [await sample(), await sample()];
    expect(mailSnapshot(one)).toBe(mailSnapshot(two));
    expect(mailSnapshot(one)).toMatchInlineSnapshot(`
      "From: Shop <shop@example.test>
      To: Ann Example <ann@x.test>, <address>
      Subject: Confirm your address

      multipart/mixed
        multipart/alternative
          text/plain
          text/html
        application/pdf "terms.pdf"

      --- text ---
      Your code is <code>,
      valid until <date>.

      --- html ---
      <p>Your code is <b><code></b></p><a href="https://x.test/verify?token=<uuid>">Verify</a>
      "
    `);
  });

  it('masks the other values that change', async () => {
    const message = await sample();
    expect(mailSnapshot(message, { mask: [/Confirm|Verify/] })).toContain('Subject: <mask> your address');
  });
});

describe('the timeout of a wait without its own timeout', () => {
  it('is ten seconds, or less if the runner stops the test earlier', () => {
    expect(defaultTimeout()).toBe(10_000);
    beginBudget(5_000);
    try {
      expect(defaultTimeout()).toBeGreaterThan(4_500);
      expect(defaultTimeout()).toBeLessThanOrEqual(4_750);
      expect(defaultTimeout(1_000)).toBe(1_000);
      beginBudget(100);
      expect(defaultTimeout()).toBe(50);
      beginBudget(0);
      expect(defaultTimeout()).toBe(10_000);
    } finally {
      endBudget();
    }
    expect(defaultTimeout()).toBe(10_000);
  });
});

describe('toPassChecks', () => {
  it('fails on findings of the given severity, and lists them', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, html: '<p>Sale</p><img src="https://x.test/a.png">' });
    const message = await inbox.waitFor();
    const { findings, scores } = await message.checks();
    expect(findings.map(({ check, rule }) => `${check}/${rule}`)).toContain('accessibility/missing-alt');
    expect(scores.accessibility).toBeLessThan(100);
    const failed = await matchers.toPassChecks(message, { failOn: 'error' });
    expect(failed.pass).toBe(false);
    expect(failed.message()).toMatch(
      /error accessibility\/missing-alt \(line \d+\): An image has no alternative text\n {4}/,
    );
    const others = [...new Set(findings.map(({ check }) => check))];
    expect(await matchers.toPassChecks(message, { ignore: others })).toMatchObject({ pass: true });
    const ignored = { failOn: 'error', ignore: ['accessibility/missing-alt', 'content/*'] } as const;
    expect((await matchers.toPassChecks(message, ignored)).message()).not.toMatch('missing-alt');
    await expect(matchers.toPassChecks(message, { clients: ['eudora'] })).rejects.toThrow(
      /unknown client eudora/,
    );
  });
});
