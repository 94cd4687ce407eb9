/**
 * Tests input that deviates from the standard and that production servers accept nevertheless: it is accepted, nothing
 * of it is lost, and a finding names the deviation. The accepted rows were compared with Postfix 3.7.
 */
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { startCapture, type TestCapture } from '../helpers/capture.ts';

const MESSAGE =
  'Date: Mon, 30 Nov 2026 10:00:00 +0000\r\nFrom: a@x.test\r\nMessage-ID: <1@x.test>\r\n\r\nhello\r\n';
const EHLO = 'EHLO app.example.test';
const MAIL = 'MAIL FROM:<a@x.test>';
const RCPT = 'RCPT TO:<b@x.test>';

/** Sends everything at once, and returns everything that the server sends. */
async function converse({ host, port }: TestCapture, sent: Buffer): Promise<string> {
  const socket = net.connect({ host, port, allowHalfOpen: true });
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  socket.end(sent);
  await once(socket, 'close');
  return said;
}

const octets = (text: string | Buffer): Buffer => (typeof text === 'string' ? Buffer.from(text) : text);
const CRLF = Buffer.from('\r\n');
const lines = (...texts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(texts.flatMap((text) => [octets(text), CRLF]));

interface Careless {
  readonly ehlo?: string | Buffer | null;
  readonly mail?: string | Buffer;
  readonly rcpt?: string | Buffer;
  readonly data?: string;
  readonly finds: readonly string[];
  /** The stored sender and recipient, if they differ from those of the correct commands. */
  readonly from?: string;
  readonly to?: string;
}

const rows: Readonly<Record<string, Careless>> = {
  'nothing that departs': { finds: [] },
  'lower case': { ehlo: 'ehlo app.example.test', mail: 'mail from:<a@x.test>', data: 'data', finds: [] },
  'a parameter twice': { mail: `${MAIL} SIZE=130 SIZE=131`, finds: ['repeated-parameter'] },
  'smtplib with mail_options': {
    mail: `${MAIL} size=130 BODY=8BITMIME SMTPUTF8 BODY=8BITMIME SMTPUTF8`,
    finds: ['repeated-parameter'],
  },
  'a parameter of RCPT twice': { rcpt: `${RCPT} NOTIFY=NEVER NOTIFY=NEVER`, finds: ['repeated-parameter'] },
  'BODY in odd case': { mail: `${MAIL} bOdY=8bitmime`, finds: [] },
  'SIZE of nothing': { mail: `${MAIL} SIZE=0`, finds: [] },
  'SIZE understated': { mail: `${MAIL} SIZE=1`, finds: ['size-understated'] },
  'AUTH of nobody': { mail: `${MAIL} AUTH=<>`, finds: [] },
  'AUTH without a value': { mail: `${MAIL} AUTH=`, finds: ['parameter-malformed'] },
  'ENVID too long': { mail: `${MAIL} ENVID=${'a'.repeat(101)}`, finds: ['parameter-malformed'] },
  'a blank before the path': { mail: 'MAIL FROM: <a@x.test>', finds: ['space-in-path-command'] },
  'a tab before the path': { rcpt: 'RCPT TO:\t<b@x.test>', finds: ['space-in-path-command'] },
  'blanks within the brackets': { rcpt: 'RCPT TO:< b @x.test >', finds: ['space-in-path-command'] },
  'two blanks behind the command': { mail: 'MAIL  FROM:<a@x.test>', finds: ['blank-in-command'] },
  'a tab behind the command': { mail: 'MAIL\tFROM:<a@x.test>', finds: ['blank-in-command'] },
  'a blank before the command': { rcpt: ` ${RCPT}`, finds: ['blank-in-command'] },
  'blanks at the end': { data: 'DATA  ', finds: ['blank-in-command'] },
  'a tab behind EHLO': { ehlo: 'EHLO\tapp.example.test', finds: ['blank-in-command'] },
  'blanks between parameters': { mail: `${MAIL}  SIZE=130   BODY=8BITMIME`, finds: [] },
  'no brackets': { mail: 'MAIL FROM:a@x.test', finds: ['path-without-brackets'] },
  'no opening bracket': { rcpt: 'RCPT TO:b@x.test>', finds: ['path-without-brackets'] },
  'no brackets and a quoted local part': {
    rcpt: 'RCPT TO:"b c"@x.test',
    to: '"b c"@x.test',
    finds: ['path-without-brackets'],
  },
  'brackets twice': { mail: 'MAIL FROM:<<a@x.test>>', finds: ['address-malformed'] },
  'a display name in the brackets': { mail: 'MAIL FROM:<Ann <a@x.test>>', finds: ['address-malformed'] },
  'a semicolon behind the path': { rcpt: `${RCPT};`, finds: ['address-malformed'] },
  'a source route': { rcpt: 'RCPT TO:<@r.test,@s.test:b@x.test>', finds: ['source-route'] },
  'a null sender': { mail: 'MAIL FROM:<>', from: '', finds: [] },
  'a null sender with a blank': { mail: 'MAIL FROM:< >', from: '', finds: ['space-in-path-command'] },
  'a null sender in quotes': { mail: 'MAIL FROM:<"">', from: '', finds: ['address-malformed'] },
  'a sender without a domain': { mail: 'MAIL FROM:<root>', from: 'root', finds: ['address-without-domain'] },
  'a recipient without a domain': { rcpt: 'RCPT TO:<root>', to: 'root', finds: ['address-without-domain'] },
  'two at signs': { rcpt: 'RCPT TO:<b@c@x.test>', to: 'b@c@x.test', finds: ['address-malformed'] },
  'dots in a row': { rcpt: 'RCPT TO:<b..c@x.test>', to: 'b..c@x.test', finds: ['address-malformed'] },
  'a domain that ends with a dot': {
    rcpt: 'RCPT TO:<b@x.test.>',
    to: 'b@x.test.',
    finds: ['address-malformed'],
  },
  'quoted local parts': {
    mail: 'MAIL FROM:<"a b"@x.test>',
    rcpt: 'RCPT TO:<"b@\\"c"@x.test>',
    from: '"a b"@x.test',
    to: '"b@\\"c"@x.test',
    finds: [],
  },
  'UTF-8 without SMTPUTF8': {
    rcpt: 'RCPT TO:<grün@x.test>',
    to: 'grün@x.test',
    finds: ['utf8-address-without-smtputf8'],
  },
  'ISO 8859-1': {
    rcpt: Buffer.from('RCPT TO:<gr\xfcn@x.test>', 'latin1'),
    to: 'grün@x.test',
    finds: ['command-not-utf8', 'utf8-address-without-smtputf8'],
  },
  'no EHLO': { ehlo: null, finds: ['helo-missing'] },
  'EHLO with an address': { ehlo: 'EHLO 127.0.0.1', finds: ['helo-not-a-name'] },
  'EHLO with an address literal': { ehlo: 'EHLO [127.0.0.1]', finds: [] },
  'EHLO with an underscore': { ehlo: 'EHLO my_host.example.test', finds: ['helo-not-a-name'] },
  'EHLO with blanks': { ehlo: 'EHLO my own host', finds: ['helo-not-a-name'] },
  'EHLO with a long name': { ehlo: `EHLO ${'a'.repeat(400)}`, finds: ['helo-not-a-name'] },
  'HELO behind EHLO': { ehlo: `${EHLO}\r\nHELO app.example.test`, finds: [] },
  'NOOP with words': { ehlo: `${EHLO}\r\nNOOP a b c`, finds: [] },
  'RSET before all else': { ehlo: `RSET\r\n${EHLO}`, finds: [] },
  'RSET outside a transaction': { ehlo: `${EHLO}\r\nRSET\r\nRSET`, finds: [] },
};

describe('careless input', () => {
  it.each(Object.entries(rows))('%s is accepted', async (_, row) => {
    const server = await startCapture();
    const { ehlo = EHLO, mail = MAIL, rcpt = RCPT, data = 'DATA' } = row;
    const commands = [...(ehlo === null ? [] : [ehlo]), mail, rcpt, data];
    const sent = Buffer.concat([lines(...commands), Buffer.from(`${MESSAGE}.\r\n`), lines('QUIT now')]);
    const said = await converse(server, sent);
    expect(said).toMatch(/^250 2\.0\.0 Ok: queued/m);
    expect(said).not.toMatch(/^[45]/m);
    expect(said).toMatch(/^221 .*\r\n$/m);
    const [message] = await server.messages();
    expect((await server.raw()).toString()).toBe(MESSAGE);
    expect(message?.fullEnvelope.from.address).toBe(row.from ?? 'a@x.test');
    expect(message?.fullEnvelope.to.map(({ address }) => address)).toEqual([row.to ?? 'b@x.test']);
    // The client of this test sends everything before the greeting, which is a deviation, too.
    const found = message?.findings.map(({ rule }) => rule).filter((rule) => rule !== 'early-talker');
    expect(found?.sort()).toEqual(row.finds);
  });

  it('adds a finding only to the message that it concerns', async () => {
    const server = await startCapture();
    const transaction = (mail: string) =>
      Buffer.concat([lines(mail, RCPT, 'DATA'), Buffer.from(`${MESSAGE}.\r\n`)]);
    await converse(
      server,
      Buffer.concat([lines(EHLO), transaction(' mail FROM: a@x.test'), transaction(MAIL)]),
    );
    const found = (await server.messages()).map(({ findings }) =>
      findings
        .map(({ rule }) => rule)
        .filter((rule) => rule !== 'early-talker')
        .sort(),
    );
    expect(found).toEqual([['blank-in-command', 'path-without-brackets', 'space-in-path-command'], []]);
  });

  it('stores lines of any length', async () => {
    const server = await startCapture();
    const raw = `${MESSAGE}${'x'.repeat(5000)}\r\n`;
    await converse(server, Buffer.concat([lines(EHLO, MAIL, RCPT, 'DATA'), Buffer.from(`${raw}.\r\n`)]));
    expect((await server.raw()).toString()).toBe(raw);
  });
});

/** Postfix refuses these lines, too: the address or the parameters would be guesses, or the value has no meaning. */
const refused: readonly (readonly [line: string, reply: RegExp])[] = [
  ['MAIL FROM', /^501 5\.5\.4/m],
  ['MAIL FROM <a@x.test>', /^501 5\.5\.4/m],
  ['MAIL FROM:<a@x.test', /^501 5\.5\.4/m],
  ['MAIL FROM:<a b@x.test>', /^501 5\.1\.7/m],
  ['MAIL FROM:Ann <a@x.test>', /^501 5\.5\.4/m],
  ['MAIL FROM:<a@x.test>SIZE=10', /^501 5\.5\.4/m],
  [`${MAIL} FOO=1`, /^555 5\.5\.4/m],
  [`${MAIL} SIZE=-1`, /^501 5\.5\.4/m],
  [`${MAIL} SIZE=99999999999999999999999`, /^552 5\.3\.4/m],
  [`${MAIL} BODY=8BIT`, /^501 5\.5\.4/m],
  ['EHLO', /^501 5\.5\.4/m],
  ['RSET now', /^501 5\.5\.4/m],
  ['DATA', /^503 5\.5\.1/m],
  [RCPT, /^503 5\.5\.1/m],
];

it.each(refused)('refuses %s', async (line, reply) => {
  const server = await startCapture();
  expect(await converse(server, lines(EHLO, line))).toMatch(reply);
});
