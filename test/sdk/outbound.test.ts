import { createServer, type IncomingMessage } from 'node:http';
import { createConnection, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { sendRaw } from '../helpers/smtp.ts';
import { sandboxForTest, sendMail } from './application.ts';

const body = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

it('sends into the sandbox, from which the application reads', async () => {
  const sandbox = await sandboxForTest();
  const [person, application] = [await sandbox.createInbox(), await sandbox.createInbox()];
  const { id } = await person.send({ to: application.address, subject: 'Question', text: 'Why?' });
  const message = await application.waitFor();
  expect(message.id).toBe(id);
  expect(message.envelope).toMatchObject({ from: person.address, to: [application.address] });
});

it('replies in the thread, to Reply-To', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  const headers = { References: '<first@x.test>' };
  await sendMail(sandbox, {
    to: inbox.address,
    subject: 'Ticket 7',
    replyTo: 'ticket-7@x.test',
    messageId: '<m7@x.test>',
    headers,
  });
  await inbox.reply(await inbox.waitFor(), { text: 'Thank you' });
  const answer = await sandbox.inbox('ticket-7@x.test').waitFor();
  expect(answer.subject).toBe('Re: Ticket 7');
  expect(answer.headers.get('In-Reply-To')).toBe('<m7@x.test>');
  expect(answer.headers.get('References')).toBe('<first@x.test> <m7@x.test>');
});

it('sends by SMTP to the application’s own server', async () => {
  const [sandbox, application] = [await sandboxForTest(), await sandboxForTest()];
  const inbox = await sandbox.createInbox();
  const { id, reply } = await inbox.send(
    { to: 'in@app.test', subject: 'By SMTP', text: 'x' },
    { smtp: application.smtp.url },
  );
  expect(id).toBeNull();
  expect(reply).toMatch(/^250/);
  const message = await application.inbox('in@app.test').waitFor();
  expect(message.envelope.from).toBe(inbox.address);
  expect(message.subject).toBe('By SMTP');
});

it('sends by HTTP, and reports a refusal', async () => {
  const posted: { headers: IncomingMessage['headers']; text: string }[] = [];
  const server = createServer((request, response) => {
    void body(request).then((text) => {
      posted.push({ headers: request.headers, text });
      response.statusCode = posted.length === 1 ? 202 : 400;
      response.end('noted');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const http = `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbound`;
  const inbox = await (await sandboxForTest()).createInbox();
  const mail = { to: 'in@app.test', subject: 'By HTTP', text: 'x' };
  expect((await inbox.send(mail, { http, headers: { 'x-key': 'k' } })).reply).toBe('202 noted');
  expect(posted[0]?.headers).toMatchObject({
    'content-type': 'message/rfc822',
    'x-envelope-from': inbox.address,
    'x-envelope-to': 'in@app.test',
    'x-key': 'k',
  });
  expect(posted[0]?.text).toContain('Subject: By HTTP');
  await expect(inbox.send(mail, { http })).rejects.toThrow('400 noted');
});

it('bounces to the envelope sender, from the null sender', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, {
    to: inbox.address,
    subject: 'News',
    messageId: '<n1@x.test>',
    envelope: { from: 'bounces+42@app.test', to: [inbox.address] },
    dsn: { id: 'env 7', return: 'headers', notify: 'failure', recipient: 'original@x.test' },
  });
  await inbox.bounce(await inbox.waitFor(), { status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' });
  const bounced = await sandbox.inbox('bounces+42@app.test').waitFor();
  expect(bounced.envelope.from).toBe('');
  expect(bounced.structure.type).toBe('multipart/report');
  expect(bounced.structure.parts.map(({ type }) => type)).toEqual([
    'text/plain',
    'message/delivery-status',
    'text/rfc822-headers',
  ]);
  const raw = new TextDecoder().decode(await bounced.raw());
  expect(raw).toContain(`Final-Recipient: rfc822; ${inbox.address}\r\nAction: failed\r\nStatus: 5.2.2\r\n`);
  expect(raw).toContain('Diagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n');
  expect(raw).toContain('Original-Envelope-Id: env 7\r\n');
  expect(raw).toContain('Original-Recipient: rfc822; original@x.test\r\n');
  expect(raw).toContain('Message-ID: <n1@x.test>\r\n');
  expect(bounced.defects).toEqual([]);
  await expect(sandbox.all.bounce(bounced)).rejects.toThrow('null sender');
});

it('returns the bytes of 8-bit mail unchanged', async () => {
  const sandbox = await sandboxForTest();
  const header = Buffer.from('From: Ren\u00e9 <r@app.test>\r\nSubject: Caf\u00e9\r\n', 'latin1');
  const body = Buffer.from('\r\nna\u00efve \u00fcber\r\n', 'latin1');
  const original = Buffer.concat([header, body]);
  await sendRaw(sandbox.smtp, [original], { from: 'r@app.test', to: ['ann@x.test'] });
  const inbox = sandbox.inbox('ann@x.test');
  const message = await inbox.waitFor();
  const reader = sandbox.inbox('r@app.test');
  await inbox.bounce(message, { full: true });
  const whole = Buffer.from(await (await reader.waitFor()).raw());
  expect(whole.includes(original)).toBe(true);
  await inbox.bounce(message);
  const short = Buffer.from(await (await reader.waitFor()).raw());
  expect([short.includes(header), short.includes(body)]).toEqual([true, false]);
});

it('sends replies as the recipients of an inbox', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  const sub = inbox.addressFor('orders');
  await sendMail(sandbox, { from: 'app@app.test', to: [sub, 'Bob@x.test'] });
  const [application, message] = [sandbox.inbox('app@app.test'), await inbox.waitFor()];
  const final = async (): Promise<string[]> => {
    const raw = new TextDecoder().decode(await (await application.waitFor()).raw());
    return [...raw.matchAll(/^Final-Recipient: rfc822; (.*)\r$/gm)].map(([, address = '']) => address);
  };
  await inbox.bounce(message);
  expect(await final()).toEqual([sub]);
  await sandbox.all.bounce(message);
  expect(await final()).toEqual([sub, 'Bob@x.test']);
  await sandbox.all.bounce(message, { recipient: 'Bob@x.test' });
  expect(await final()).toEqual(['Bob@x.test']);
  await inbox.reply(message, { text: 'Thank you' });
  expect((await application.waitFor()).from).toEqual([{ name: '', address: sub }]);
  await sandbox.inbox('bob@x.test').reply(message, { text: 'Thank you' });
  expect((await application.waitFor()).from).toEqual([{ name: '', address: 'Bob@x.test' }]);
  await sandbox.all.reply(message, { text: 'Thank you' });
  expect((await application.waitFor()).envelope.from).toBe(sub);
});

it('decodes the parameters of the envelope, and creates no line from them', async () => {
  const sandbox = await sandboxForTest();
  const client = createConnection(sandbox.smtp.port, sandbox.smtp.host);
  client.end(
    [
      'EHLO app.test',
      'MAIL FROM:<app@app.test> SMTPUTF8 ENVID=a+2Bb+0D+0A+1BX-Evil:+20yes',
      'RCPT TO:<zo\u00eb@x.test> ORCPT=rfc822;ann+2Bx@x.test',
      'DATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n',
    ].join('\r\n'),
  );
  onTestFinished(() => void client.destroy());
  await sandbox.all.bounce(await sandbox.all.waitFor());
  const report = await sandbox.inbox('app@app.test').waitFor();
  const raw = new TextDecoder().decode(await report.raw());
  expect(raw).toContain('Original-Envelope-Id: a+b X-Evil: yes\r\n');
  expect(raw).toContain('Original-Recipient: rfc822; ann+x@x.test\r\n');
  // A non-ASCII address has the type `utf-8` (RFC 6533 §3), and its report has another media type, too.
  expect(raw).toContain('Final-Recipient: utf-8; zo\u00eb@x.test\r\n');
  expect(report.structure.parts[1]?.type).toBe('message/global-delivery-status');
});
