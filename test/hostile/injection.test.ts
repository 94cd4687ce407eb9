/** Tests values with line breaks, by which an attacker tries to add a header field, a command or a recipient. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detail, MessagePage } from '../../contract/index.ts';
import { composeDsn } from '../../contract/text/dsn.ts';
import { headerValues } from '../../server/message/header.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const EVIL = 'x\r\nBcc: evil@x.test\r\n\r\n<script>';
let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

const count = async (): Promise<number> => (await sandbox.json<MessagePage>('messages?limit=1')).total;

function post(path: string, body: unknown, type = 'application/json'): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return sandbox.api(path, { method: 'POST', headers: { 'content-type': type }, body: text });
}

describe('composing over the API', () => {
  const mail = { from: 'a@x.test', to: 'b@x.test', subject: 'x', text: 'text' };

  it.each([
    ['subject', { ...mail, subject: EVIL }],
    ['display name', { ...mail, from: { name: EVIL, address: 'a@x.test' } }],
    ['header value', { ...mail, headers: { 'X-Own': EVIL } }],
    ['header name', { ...mail, headers: { [`X-Own: 1\r\nBcc: evil@x.test\r\nX-More`]: 'x' } }],
    ['reference', { ...mail, inReplyTo: `<a@x>\r\nBcc: evil@x.test`, references: [EVIL] }],
    [
      'file name',
      { ...mail, attachments: [{ filename: `a.txt"${EVIL}`, content: 'eA==', contentId: EVIL }] },
    ],
    ['media type', { ...mail, attachments: [{ filename: 'a', content: 'eA==', type: `text/plain${EVIL}` }] }],
  ])('creates no header field from a line break in a %s', async (_place, body) => {
    const response = await post('messages', body);
    if (!response.ok) {
      expect(response.status).toBe(400);
      return;
    }
    const { id } = (await response.json()) as { id: string };
    const raw = Buffer.from(await (await sandbox.api(`messages/${id}/raw`)).arrayBuffer());
    const { root } = parseStructure(raw);
    for (const part of [root, ...root.children]) expect(headerValues(part, 'bcc')).toEqual([]);
    const detail = await sandbox.json<Detail>(`messages/${id}`);
    expect(detail.envelope.to).toEqual(['b@x.test']);
    expect(detail.text?.trim()).toBe('text');
  });

  it.each([
    ['the query', `messages?from=a@x.test&to=${encodeURIComponent('b@x.test\r\nRCPT TO:<evil@x.test>')}`],
    ['the query', `messages?to=b@x.test&from=${encodeURIComponent('a@x.test>\r\nDATA')}`],
  ])('refuses an envelope with a line break in %s', async (_place, path) => {
    const before = await count();
    const response = await post(path, 'Subject: x\r\n\r\n', 'message/rfc822');
    expect(response.status).toBe(400);
    expect(await count()).toBe(before);
  });

  it('refuses an envelope with a line break in JSON', async () => {
    const before = await count();
    for (const envelope of [{ to: ['b@x.test\r\nevil'] }, { from: 'a@x.test\0', to: ['b@x.test'] }])
      expect((await post('messages', { ...mail, envelope })).status).toBe(400);
    const split = { ...mail, to: { name: '', address: 'b@x.test\r\nBcc: evil@x.test' } };
    expect((await post('messages', split)).status).toBe(400);
    expect(await count()).toBe(before);
  });
});

describe('reports and replies that the server generates', () => {
  it('do not start a line at a line break in the data', () => {
    const report = composeDsn({
      reportingMta: 'mx.test',
      to: `a@x.test${EVIL}`,
      recipients: [
        {
          address: `b@x.test${EVIL}`,
          action: 'failed',
          status: '5.1.1',
          diagnostic: EVIL,
          remoteMta: EVIL,
          originalRecipient: EVIL,
        },
      ],
      original: Buffer.from('Subject: x\r\n\r\nbody\r\n'),
      ret: 'HDRS',
      envelopeId: EVIL,
      arrival: 0,
      date: 0,
      token: 'x',
    });
    expect(Buffer.from(report).toString('latin1')).not.toMatch(/^Bcc:/im);
  });

  it('an automatic reply contains data of the message only in the intended fields', async () => {
    await post('rules', {
      on: 'stored',
      when: { rcpt: 'auto@x.test' },
      then: { autoReply: { text: 'away' } },
    });
    const subject = '=?utf-8?q?x=0D=0ABcc:_evil@x.test=0D=0A=0D=0A?=';
    await sendRaw(
      sandbox.smtp,
      [
        Buffer.from(
          `From: a@reply.test\r\nSubject: ${subject}\r\nMessage-ID: <a\r\n b@x.test>\r\n\r\nhello\r\n`,
        ),
      ],
      { from: 'a@reply.test', to: ['auto@x.test'] },
    );
    await expect
      .poll(async () => (await sandbox.json<MessagePage>('messages?account=a@reply.test')).total)
      .toBe(1);
    const raw = await (await sandbox.api('messages/latest/raw?account=a@reply.test')).text();
    expect(raw).not.toMatch(/^Bcc:/im);
  });
});

describe('names', () => {
  it('of accounts contain no line break', async () => {
    expect((await post('accounts', { address: 'a@x.test\r\nevil: 1' })).status).toBe(400);
    expect((await sandbox.api(`messages?account=${encodeURIComponent('a@x.test\r\nevil')}`)).ok).toBe(true);
  });
});

describe('responses', () => {
  it('contain no data of a message in HTTP header fields', async () => {
    const [id] = await sendRaw(sandbox.smtp, [
      Buffer.from(
        `Subject: x\r\nContent-Type: image/png; name*=utf-8''a%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0a.png\r\n` +
          `Content-Disposition: inline; filename*=utf-8''a%0d%0aSet-Cookie:%20evil=1.png\r\n\r\nx\r\n`,
      ),
    ]);
    const { headers, status } = await sandbox.api(`messages/${id!}/parts/1`);
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toBeNull();
  });
});
