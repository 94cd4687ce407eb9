/**
 * Tests the messages that rules generate: bounces in the format of RFC 3464, automatic replies, and their
 * destinations.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeDsn, asksNotice } from '../../contract/text/dsn.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodePart } from '../../server/message/part.ts';
import { LoopGuard } from '../../server/relay/loop-guard.ts';
import { startCapture } from '../helpers/capture.ts';
import { runScript } from '../helpers/dialog.ts';
import { sendRaw } from '../helpers/smtp.ts';

const raw = Buffer.from(
  'Subject: original\r\nFrom: a@x.test\r\nMessage-ID: <o@x.test>\r\n\r\nsecret body\r\n',
);

/** Returns the parts of a report as text. */
function parts(report: Buffer): { types: string[]; texts: string[] } {
  const { root } = parseStructure(report);
  return {
    types: root.children.map(({ type, subtype }) => `${type}/${subtype}`),
    texts: root.children.map((part) => decodePart(report, part).toString('utf8')),
  };
}

describe('a bounce', () => {
  it('honours RET, ENVID and ORCPT, and is captured into the sender’s account', async () => {
    const server = await startCapture();
    await server.capture.rules.put({ on: 'rcpt', when: { rcpt: 'gone@*' }, then: { bounce: true } });
    await runScript(
      `c connect
c ->| EHLO x.test\\r\\nMAIL FROM:<Sender@x.test> RET=HDRS ENVID=QQ+2B1\\r\\n
c ->| RCPT TO:<gone@x.test> NOTIFY=FAILURE ORCPT=rfc822;first+2B@x.test\\r\\nRCPT TO:<fine@x.test>\\r\\nDATA\\r\\n
c <... 354 {*}
c ->| ${raw.toString().replaceAll('\r\n', String.raw`\r\n`)}.\\r\\n
c <- 250 {*}`,
      'inline',
      () => Promise.resolve(server),
    );
    await expect.poll(() => server.messages('sender@x.test')).toHaveLength(1);
    const [report] = await server.messages('sender@x.test');
    expect(report).toMatchObject({
      envelope: { from: '', to: ['Sender@x.test'] },
      origin: { kind: 'generated' },
      tags: ['bounce'],
      findings: [],
      defects: [],
    });
    const bytes = (await server.store.messages.raw(report!.id))!;
    const { types, texts } = parts(bytes);
    expect(types).toEqual(['text/plain', 'message/delivery-status', 'text/rfc822-headers']);
    expect(texts[1]).toMatch(/^Reporting-MTA: dns; mx\.test\r\nOriginal-Envelope-Id: QQ\+1\r\n/);
    expect(texts[1]).toContain(
      '\r\n\r\nOriginal-Recipient: rfc822; first+@x.test\r\nFinal-Recipient: rfc822; gone@x.test\r\nAction: failed\r\nStatus: 5.1.1\r\n',
    );
    expect(texts[1]).not.toContain('fine@x.test');
    expect(texts[2]).toContain('Subject: original');
    expect(texts[2]).not.toContain('secret body');
    const parsed = await simpleParser(bytes);
    expect(parsed.subject).toBe('Undelivered mail returned to sender');
  });

  it('is sent by an address that triggers it, and never for the null sender or NOTIFY=NEVER', async () => {
    const server = await startCapture();
    await sendRaw(server, [raw], { from: 'a@x.test', to: ['bob-bounce@x.test'] });
    await sendRaw(server, [raw], { from: '', to: ['bob-bounce@x.test'] });
    await runScript(
      `c connect
c ->| EHLO x.test\\r\\nMAIL FROM:<b@x.test>\\r\\nRCPT TO:<bob-bounce@x.test> NOTIFY=NEVER\\r\\nDATA\\r\\n.\\r\\n
c <... 250 2.0.0 Ok: queued{*}`,
      'inline',
      () => Promise.resolve(server),
    );
    await expect.poll(() => server.messages('a@x.test')).toHaveLength(1);
    const report = await server.messages('a@x.test');
    const { texts } = parts((await server.store.messages.raw(report[0]!.id))!);
    expect(texts[2]).toBe(raw.toString());
    expect(await server.messages()).toHaveLength(4);
  });

  it('may be posted, or sent to a server of the local network', async () => {
    const bodies: string[] = [];
    const http = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        bodies.push(`${request.headers['content-type'] ?? ''}\n${body}`);
        response.end();
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      http.close();
      http.closeAllConnections();
    });
    const other = await startCapture();
    const server = await startCapture();
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
    const smtp = `smtp://127.0.0.1:${other.port}`;
    await server.capture.rules.putAll([
      { on: 'rcpt', when: { rcpt: 'web@*' }, then: { bounce: { to: url, status: '5.2.2' } } },
      { on: 'rcpt', when: { rcpt: 'smtp@*' }, then: { bounce: { to: smtp, action: 'delayed' } } },
    ]);
    await sendRaw(server, [raw], { from: 'a@x.test', to: ['web@x.test', 'smtp@x.test'] });
    await expect.poll(() => bodies.length).toBe(1);
    expect(bodies[0]).toMatch(/^message\/rfc822\n[^]*Status: 5\.2\.2/);
    await expect
      .poll(() => other.messages('a@x.test'))
      .toMatchObject([{ subject: 'Delivery of your mail is delayed' }]);
    expect(await server.messages()).toHaveLength(1);
  });
});

describe('a loop through an application that drops the trail', () => {
  /** Starts an application that answers each webhook by a mail with a new number in the subject. */
  async function application(answer: (round: number) => Promise<unknown>): Promise<string> {
    let round = 0;
    const http = createServer((request, response) => {
      request.resume().on('end', () => {
        void answer(++round).then(() => response.end());
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      http.close();
      http.closeAllConnections();
    });
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  }

  it('ends after a number of similar messages', async () => {
    let now = Date.now();
    const guard = new LoopGuard({ maxAlike: 5, clock: () => now });
    const server = await startCapture({ capture: { guard } });
    const ticket = (round: number): Buffer =>
      Buffer.from(`Subject: ${'Re: '.repeat(round)}ticket #${1000 + round}\r\n\r\nx\r\n`);
    const url = await application((round) => sendRaw(server, [ticket(round)]));
    await server.capture.rules.put({ on: 'stored', then: { webhook: { url } } });
    const failure = () => server.capture.rules.list()[0]?.failure ?? '';
    await sendRaw(server, [ticket(0)]);
    await expect.poll(failure).toMatch(/A loop was stopped: the rule acted on 5 messages/);
    expect(await server.messages()).toHaveLength(6);
    // Mail to another recipient still triggers its webhook; similar mail triggers it again after a pause.
    await sendRaw(server, [raw], { from: 'b@x.test', to: ['other@x.test'] });
    await expect.poll(() => server.messages()).toHaveLength(8);
    now += 61_000;
    await sendRaw(server, [ticket(0)]);
    await expect.poll(() => server.messages()).toHaveLength(14);
  });
});

describe('an automatic reply', () => {
  it('is sent to people, and not to machines', async () => {
    const server = await startCapture();
    await server.capture.rules.put({
      on: 'stored',
      then: { autoReply: { text: 'Gone fishing – bis bald' } },
    });
    const to = ['away@x.test'];
    const list = Buffer.from('List-Id: <l.x.test>\r\nSubject: list\r\n\r\nx\r\n');
    const auto = Buffer.from('Auto-Submitted: auto-generated\r\nSubject: auto\r\n\r\nx\r\n');
    await sendRaw(server, [raw], { from: 'person@x.test', to });
    await sendRaw(server, [list, auto], { from: 'machine@x.test', to });
    await sendRaw(server, [raw], { from: '', to });
    await expect.poll(() => server.messages('person@x.test')).toHaveLength(1);
    const [answer] = await server.messages('person@x.test');
    const bytes = (await server.store.messages.raw(answer!.id))!;
    const parsed = await simpleParser(bytes);
    expect(parsed).toMatchObject({
      subject: 'Auto: original',
      inReplyTo: '<o@x.test>',
      from: { value: [{ address: 'away@x.test' }] },
      text: expect.stringContaining('Gone fishing – bis bald') as string,
    });
    expect(answer?.envelope).toEqual({ from: '', to: ['person@x.test'] });
    expect(answer?.findings).toEqual([]);
    expect(await server.messages('machine@x.test')).toEqual([]);
  });
});

describe('a delivery status notification', () => {
  it('has the format of RFC 6533 for international addresses', () => {
    const recipient = {
      address: 'grün@x.test',
      action: 'failed',
      status: '5.1.1',
      diagnostic: 'no\r\nsuch',
    } as const;
    const at = Date.parse('2026-11-23T10:00:00Z');
    const report = composeDsn({
      reportingMta: 'mx.test',
      to: 'a@x.test',
      recipients: [
        recipient,
        { ...recipient, address: 'b@x.test', action: 'delivered', remoteMta: 'mx.y.test' },
      ],
      original: raw,
      ret: 'FULL',
      envelopeId: null,
      arrival: at,
      date: at,
      token: 'token',
    });
    const { types, texts } = parts(Buffer.from(report));
    expect(types).toEqual(['text/plain', 'message/global-delivery-status', 'message/rfc822']);
    expect(texts[1]).toContain('Final-Recipient: utf-8; grün@x.test\r\n');
    expect(texts[1]).toContain('Diagnostic-Code: smtp; no such\r\n');
    expect(texts[1]).toContain('Remote-MTA: dns; mx.y.test\r\n');
    expect(Buffer.from(report).toString()).toContain('Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n');
  });

  it('is sent if NOTIFY requests it', () => {
    expect(asksNotice(undefined, 'failed')).toBe(true);
    expect(asksNotice(undefined, 'delivered')).toBe(false);
    expect(asksNotice('never', 'failed')).toBe(false);
    expect(asksNotice('SUCCESS,DELAY', 'failed')).toBe(false);
    expect(asksNotice('SUCCESS,DELAY', 'delayed')).toBe(true);
    expect(asksNotice('success', 'relayed')).toBe(true);
  });
});
