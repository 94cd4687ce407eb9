/**
 * Tests that all spellings of an address name one account: in limits of accounts, by LMTP and XCLIENT, in imports,
 * and for domains with ß.
 */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import type { MessagePage } from '../contract/index.ts';
import { encodeXtext } from '../contract/text/xtext.ts';
import { startTestSandbox, type TestSandbox } from './helpers/sandbox.ts';
import { sendRaw } from './helpers/smtp.ts';

const UNICODE = 'kunde@bücher.test';
const ENCODED = 'Kunde@xn--bcher-kva.test';
const mail = Buffer.from('Subject: a spelling\r\n\r\nhi\r\n');

const totalOf = async (sandbox: TestSandbox, account: string): Promise<number> =>
  (await sandbox.json<MessagePage>(`messages?account=${encodeURIComponent(account)}`)).total;

const send = (sandbox: TestSandbox, to: string): Promise<string[]> =>
  sendRaw(sandbox.smtp, [mail], { from: 'a@x.test', to: [to] });

/** Sends lines one after another, each after the reply to the previous line. Returns the last reply. */
async function converse(port: number, lines: readonly string[]): Promise<string> {
  const socket = net.connect(port, '127.0.0.1').setEncoding('latin1');
  let [reply] = (await once(socket, 'data')) as [string];
  for (const line of lines) {
    socket.write(Buffer.from(`${line}\r\n`));
    [reply] = (await once(socket, 'data')) as [string];
  }
  socket.destroy();
  return reply;
}

it('counts the messages of every spelling for the limit of an account', async () => {
  const sandbox = await startTestSandbox({ accountMaxMessages: 2 });
  for (const to of [UNICODE, ENCODED, UNICODE, ENCODED.toUpperCase()]) await send(sandbox, to);
  expect(await totalOf(sandbox, UNICODE)).toBe(2);
  expect(await totalOf(sandbox, ENCODED)).toBe(2);
  expect(await totalOf(sandbox, 'all')).toBe(4);
});

it('counts the octets of every spelling for the limit of an account', async () => {
  const sandbox = await startTestSandbox({ accountMaxBytes: 2 * mail.length });
  for (const to of [UNICODE, ENCODED, UNICODE, ENCODED.toUpperCase()]) await send(sandbox, to);
  expect(await totalOf(sandbox, UNICODE)).toBe(2);
  expect(await totalOf(sandbox, 'all')).toBe(4);
});

it('imports into the account of every spelling', async () => {
  const sandbox = await startTestSandbox();
  for (const to of [UNICODE, ENCODED]) {
    const response = await sandbox.api(`messages?to=${encodeURIComponent(to)}`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: mail,
    });
    expect(response.status).toBe(201);
  }
  expect(await totalOf(sandbox, UNICODE)).toBe(2);
});

it('delivers by LMTP to the account of every spelling', async () => {
  const listen = [{ protocol: 'lmtp' as const, host: '127.0.0.1', port: 0, path: null }];
  const sandbox = await startTestSandbox({ listen });
  const { port } = sandbox.sandbox.endpoints.find(({ protocol }) => protocol === 'lmtp')!;
  for (const to of [UNICODE, ENCODED]) {
    const talk = ['LHLO x', 'MAIL FROM:<a@x.test> SMTPUTF8', `RCPT TO:<${to}>`, 'DATA', 'x\r\n.'];
    expect(await converse(port, talk)).toMatch(/^250 /);
  }
  expect(await totalOf(sandbox, UNICODE)).toBe(2);
});

it('files mail under the login that XCLIENT names, in any letter case', async () => {
  const sandbox = await startTestSandbox({ xclientFrom: ['127.0.0.1'] });
  for (const login of [ENCODED, ENCODED.toUpperCase(), encodeXtext(UNICODE)]) {
    const talk = [
      'EHLO x',
      `XCLIENT LOGIN=${login}`,
      'EHLO x',
      'MAIL FROM:<a@x.test>',
      'RCPT TO:<other@x.test>',
    ];
    expect(await converse(sandbox.smtp.port, [...talk, 'DATA', 'x\r\n.'])).toMatch(/^250 /);
  }
  expect(await totalOf(sandbox, UNICODE)).toBe(3);
});

it('distinguishes a domain with ß from the domain with ss, as in IDNA 2008', async () => {
  const sandbox = await startTestSandbox();
  for (const to of ['a@straße.test', 'A@STRAßE.test', 'a@xn--strae-oqa.test']) await send(sandbox, to);
  for (const to of ['a@strasse.test', 'a@STRASSE.test']) await send(sandbox, to);
  expect(await totalOf(sandbox, 'a@xn--strae-oqa.TEST')).toBe(3);
  expect(await totalOf(sandbox, 'a@StraSSe.test')).toBe(2);
});
