/**
 * Tests the selection of links and attachments, unsubscription, forwarding, the newest message, counts, and
 * assertions on inboxes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NotInMessageError, type Sandbox } from '../../sdk/index.ts';
import { matchers } from '../../sdk/matchers.ts';
import { sandboxForTest, sendMail } from './application.ts';

describe('picks', () => {
  it('selects links by their source', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, {
      to: inbox.address,
      text: 'https://x.test/text',
      html: '<a href="https://x.test/html">Go</a>',
      headers: { 'List-Unsubscribe': '<https://x.test/leave>' },
    });
    const message = await inbox.waitFor();
    expect(message.link({ source: 'text' }).href).toBe('https://x.test/text');
    expect(message.link({ source: 'html' }).href).toBe('https://x.test/html');
    expect(message.link({ source: 'header' }).href).toBe('https://x.test/leave');
    // @ts-expect-error -- an unknown source is refused at run time, too
    expect(() => message.link({ source: 'header-field' })).toThrow('Unknown source "header-field"');
  });

  it('selects attachments by name and type', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, {
      to: inbox.address,
      attachments: [
        { filename: 'terms.txt', content: 'Be kind.' },
        { filename: 'terms.pdf', content: '%PDF-1.7', contentType: 'application/pdf' },
      ],
    });
    const message = await inbox.waitFor();
    expect(message.attachment({ type: 'application/pdf' }).filename).toBe('terms.pdf');
    expect(message.attachment({ filename: /^terms/, type: /plain/ }).filename).toBe('terms.txt');
    expect(message.attachment('terms').filename).toBe('terms.txt');
    expect(() => message.attachment({ type: 'image/png' })).toThrow(
      'The message has no attachment with type "image/png"; it has\n  terms.txt text/plain\n  terms.pdf application/pdf',
    );
  });
});

/** Returns a PDF document with one page for each text. */
function pdfOf(texts: readonly string[]): Buffer {
  const pages = texts.map((_, n) => `${4 + 2 * n} 0 R`);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.join(' ')}] /Count ${texts.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...texts.flatMap((text, n) => {
      const content = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * n} 0 R ` +
          '/Resources << /Font << /F1 3 0 R >> >> >>',
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let document = '%PDF-1.4\n';
  const offsets = objects.map((object, n) => {
    const offset = document.length;
    document += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
  return Buffer.from(
    `${document}${table}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${document.length}\n%%EOF`,
  );
}

it('reads the text of a PDF attachment', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, {
    to: inbox.address,
    attachments: [
      { filename: 'invoice.pdf', content: pdfOf(['Invoice 4711', 'Total: 12.50 EUR']) },
      { filename: 'damaged.pdf', content: '%PDF-1.7', contentType: 'application/pdf' },
    ],
  });
  const message = await inbox.waitFor();
  expect(await message.attachment({ type: 'application/pdf' }).text()).toBe(
    'Invoice 4711\n\nTotal: 12.50 EUR',
  );
  await expect(message.attachment('damaged.pdf').text()).rejects.toThrow('Invalid PDF structure');
});

describe('unsubscribe', () => {
  const open = async (): Promise<{ url: string; requests: string[] }> => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        requests.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
        response.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  };

  it('sends the request of RFC 8058', async () => {
    const { url, requests } = await open();
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, {
      to: inbox.address,
      headers: {
        'List-Unsubscribe': `<mailto:leave@x.test?subject=7>, <${url}/leave?u=7>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    const { unsubscribe } = await inbox.waitFor();
    expect(unsubscribe).toMatchObject({
      http: `${url}/leave?u=7`,
      mailto: 'mailto:leave@x.test?subject=7',
      oneClick: true,
    });
    expect((await unsubscribe.post()).status).toBe(200);
    expect(requests).toEqual([
      'POST /leave?u=7 application/x-www-form-urlencoded List-Unsubscribe=One-Click',
    ]);
  });

  it('refuses the request for a message that does not offer it', async () => {
    const { url, requests } = await open();
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, headers: { 'List-Unsubscribe': `<${url}/leave>` } });
    const { unsubscribe } = await inbox.waitFor();
    expect(unsubscribe).toMatchObject({ http: `${url}/leave`, mailto: null, oneClick: false });
    await expect(unsubscribe.post()).rejects.toThrow(NotInMessageError);
    expect(requests).toEqual([]);
  });
});

it('forwards a message as an attachment, byte by byte', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, { to: inbox.address, subject: 'Grüße', text: 'Hällo' });
  const message = await inbox.waitFor();
  await message.forward({ to: 'desk@x.test', text: 'See below' });
  const forwarded = await sandbox.inbox('desk@x.test').waitFor();
  expect(forwarded.subject).toBe('Fwd: Grüße');
  expect(forwarded.from[0]?.address).toBe(inbox.address);
  expect(forwarded.text?.trim()).toBe('See below');
  const attached = await forwarded.attachment({ type: 'message/rfc822' }).bytes();
  expect(Buffer.from(attached).equals(Buffer.from(await message.raw()))).toBe(true);
});

it('counts messages, returns the newest, and clears the sandbox', async () => {
  const sandbox = await sandboxForTest();
  const [inbox, other] = [await sandbox.createInbox(), await sandbox.createInbox()];
  expect(await inbox.latest()).toBeNull();
  await sendMail(sandbox, { to: inbox.address, subject: 'First' });
  await sendMail(sandbox, { to: inbox.address, subject: 'Second' });
  await sendMail(sandbox, { to: other.address, subject: 'Other' });
  expect((await inbox.latest())?.subject).toBe('Second');
  expect((await inbox.latest('subject:first'))?.subject).toBe('First');
  expect([await inbox.count(), await inbox.count('subject:first')]).toEqual([2, 1]);
  expect(await sandbox.clear()).toBe(3);
  expect([await inbox.count(), await other.count(), await sandbox.all.count()]).toEqual([0, 0, 0]);
});

describe('toHaveReceived', () => {
  const assert = (isNot: boolean, ...call: Parameters<typeof matchers.toHaveReceived>) =>
    matchers.toHaveReceived.call({ isNot }, ...call);

  it('waits for a match', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const waiting = assert(false, inbox, { subject: /welcome/i });
    await sendMail(sandbox, { to: inbox.address, subject: 'Welcome' });
    expect((await waiting).pass).toBe(true);
    const failed = await assert(false, inbox, { subject: 'Reset' }, { timeout: 0 });
    expect(failed.pass).toBe(false);
    expect(failed.message()).toMatch(/No message matched.*\n.*Reset/);
  });

  it('waits for the absence of a match when it is negated', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, subject: 'Welcome' });
    // A negated assertion holds when `pass` is false.
    expect((await assert(true, inbox, 'subject:reset', { quietFor: 20 })).pass).toBe(false);
    const failed = await assert(true, inbox, 'subject:welcome', { quietFor: 20 });
    expect(failed.pass).toBe(true);
    expect(failed.message()).toContain('"Welcome"');
  });

  it('refuses a value that is not an inbox', async () => {
    await expect(assert(false, 'ann@x.test')).rejects.toThrow('not an inbox');
  });
});

describe('waitForOne', () => {
  /** Opens an SMTP session that has sent its message up to the final dot; `end` sends the dot. */
  async function openSession(sandbox: Sandbox, to: string): Promise<{ end: () => void }> {
    const socket = createConnection(sandbox.smtp.port, sandbox.smtp.host);
    onTestFinished(() => void socket.destroy());
    const say = async (line: string): Promise<void> => {
      socket.write(`${line}\r\n`);
      await once(socket, 'data');
    };
    await once(socket, 'data');
    await say('EHLO x.test');
    await say('MAIL FROM:<a@x.test>');
    await say(`RCPT TO:<${to}>`);
    await say('DATA');
    socket.write('Subject: Second\r\n\r\nx\r\n');
    return { end: () => void socket.write('.\r\n') };
  }

  it('reports a second message whose session was open at the first match', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const session = await openSession(sandbox, inbox.address);
    await sendMail(sandbox, { to: inbox.address, subject: 'First' });
    const waiting = inbox.waitForOne();
    session.end();
    await expect(waiting).rejects.toThrow('one message, and there are two');
  });

  it('returns the match when the open session delivers nothing', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await openSession(sandbox, inbox.address);
    await sendMail(sandbox, { to: inbox.address, subject: 'First' });
    expect((await inbox.waitForOne()).subject).toBe('First');
  });
});
