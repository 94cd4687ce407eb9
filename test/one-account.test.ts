/** Tests that all spellings of an address name one account, in every interface of a running sandbox. */
import { once } from 'node:events';
import net from 'node:net';
import { createTransport } from 'nodemailer';
import { ImapFlow } from 'imapflow';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { connect } from '../sdk/index.ts';
import type { AccountList, Detail, MessagePage, Rule, RuleExplanations } from '../contract/index.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from './helpers/sandbox.ts';
import { sendRaw } from './helpers/smtp.ts';

const UNICODE = 'kunde@bücher.test';
const ENCODED = 'kunde@xn--bcher-kva.test';
/** Spellings of one mailbox. */
const spellings = [
  UNICODE,
  ENCODED,
  'KUNDE@BÜCHER。test',
  'kunde@bu\u0308cher.test',
  '"kunde"@XN--Bcher-KVA.test',
];

let sandbox: TestSandbox;
const mail = (subject: string): Buffer => Buffer.from(`Subject: ${subject}\r\n\r\nhi\r\n`);
const total = async (scope: string): Promise<number> =>
  (await sandbox.json<MessagePage>(`messages?limit=1&${scope}`)).total;
const inAccount = (account: string): Promise<number> => total(`account=${encodeURIComponent(account)}`);
const put = (rule: object): Promise<Rule> =>
  sandbox.json<Rule>('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });

beforeAll(async () => {
  sandbox = await openTestSandbox();
  for (const [index, to] of spellings.entries()) {
    await sendRaw(sandbox.smtp, [mail(`spelling ${index}`)], { from: 'shop@bücher.test', to: [to] });
  }
});
afterAll(() => sandbox.close());

describe('for every spelling', () => {
  it('mail is in one account with one name', async () => {
    const { accounts } = await sandbox.json<AccountList>('accounts');
    expect(accounts.map(({ name }) => name)).toEqual(['all', UNICODE]);
    for (const spelling of spellings) {
      expect(await inAccount(spelling)).toBe(5);
      expect(
        await total(`query=${encodeURIComponent(`to:${spelling.replaceAll('"', '')}`)}`),
      ).toBeGreaterThan(0);
    }
  });

  it('a wait in the Unicode spelling receives mail from Nodemailer, which encodes the domain', async () => {
    const transport = createTransport({ ...sandbox.smtp, ignoreTLS: true });
    const who = 'nora@bücher.test';
    const waiting = sandbox.json<Detail>(`messages/wait?timeout=10000&account=${encodeURIComponent(who)}`);
    const { envelope } = await transport.sendMail({
      from: 'shop@bücher.test',
      to: who,
      subject: 'idn',
      text: 'x',
    });
    expect(envelope.to).toEqual(['nora@xn--bcher-kva.test']);
    const { subject, bcc } = await waiting;
    // The header names the recipient in Unicode, so the recipient is not listed as bcc.
    expect({ subject, bcc }).toEqual({ subject: 'idn', bcc: [] });
  });

  it('the SDK waits for mail, and explains a timeout', async () => {
    const client = await connect(sandbox.url);
    const rule = await put({ name: 'full', on: 'rcpt', account: ENCODED, then: { reject: 452 } });
    for (const spelling of [UNICODE, ENCODED]) {
      const inbox = client.inbox(spelling);
      const message = await inbox.waitFor({ subject: 'spelling 1' }, { after: 0 });
      expect(message.envelope.to).toEqual([ENCODED]);
      const refused = sendRaw(sandbox.smtp, [mail('no')], { from: 'a@x.test', to: [spelling] });
      await expect(refused).rejects.toThrow(/452/);
      const failure = await inbox.waitFor({ subject: 'never' }, { timeout: 1 }).catch(String);
      expect(failure).toContain('refused');
      expect(failure).toContain('"full"');
    }
    await sandbox.api(`rules/${rule.id}`, { method: 'DELETE' });
  });

  it('IMAP and POP3 open the account', async () => {
    for (const user of [UNICODE, ENCODED, 'KUNDE@BÜCHER.test']) {
      const client = new ImapFlow({
        ...sandbox.imap,
        secure: false,
        auth: { user, pass: 'any' },
        logger: false,
      });
      await client.connect();
      expect(await client.status('INBOX', { messages: true })).toMatchObject({ messages: 5 });
      await client.logout();
      expect(await popCount(sandbox, user)).toBe(5);
    }
  });

  it('a login of --auth is accepted in every spelling, with its password only', async () => {
    const closed = await startTestSandbox({ auth: [{ user: 'Lager@BÜCHER.test', password: 's3cret' }] });
    for (const user of ['lager@bücher.test', 'LAGER@xn--bcher-kva.test']) {
      const send = (pass: string) =>
        createTransport({ ...closed.smtp, ignoreTLS: true, auth: { user, pass } }).sendMail({
          from: 'a@x.test',
          to: 'fixed@x.test',
          subject: user,
        });
      await send('s3cret');
      await expect(send('wrong')).rejects.toThrow(/535/);
      await expect(popCount(closed, user)).rejects.toThrow(/-ERR/);
    }
    const scope = `account=${encodeURIComponent('lager@bücher.test')}`;
    expect(await closed.json<MessagePage>(`messages?${scope}`)).toMatchObject({ total: 2 });
  });

  it('rules match, and count their hits', async () => {
    const sent = async (from: string, to: string): Promise<string> =>
      sendRaw(sandbox.smtp, [mail('rule')], { from, to: [to] }).then(
        () => 'accepted',
        (error: unknown) => String(error).replace(/^.*(\d{3}) .*$/s, '$1'),
      );
    const cases = [
      [{ rcpt: '*@regel.bücher.test' }, 'a@x.test', 'k@regel.xn--bcher-kva.test'],
      [{ rcpt: 'K@*.XN--BCHER-KVA.test' }, 'a@x.test', 'k@regel.bücher.test'],
      [{ from: '*@xn--bcher*' }, 'a@bücher.test', 'k@x.test'],
      [{ from: '/@bücher\\.test$/' }, 'a@xn--bcher-kva.test', 'k@x.test'],
      [{ from: 'jörg@*' }, 'JO\u0308RG@x.test', 'k@x.test'],
    ] as const;
    for (const [when, from, to] of cases) {
      const { id } = await put({ on: 'rcpt', when, then: { reject: 550 } });
      expect(await sent(from, to), JSON.stringify(when)).toBe('550');
      await sandbox.api(`rules/${id}`, { method: 'DELETE' });
      expect(await sent(from, to), JSON.stringify(when)).toBe('accepted');
    }
    const once = await put({
      on: 'rcpt',
      times: 1,
      when: { per: 'rcpt', rcpt: 'per@*' },
      then: { reject: 451 },
    });
    expect(await sent('a@x.test', 'per@bücher.test')).toBe('451');
    expect(await sent('a@x.test', 'per@xn--bcher-kva.test')).toBe('accepted');
    await sandbox.api(`rules/${once.id}`, { method: 'DELETE' });
  });

  it('rules of an account apply to the account only, and are deleted with it', async () => {
    await put({ name: 'mine', on: 'rcpt', account: 'mine@XN--bcher-kva.test', then: { reject: 550 } });
    const body = JSON.stringify({ from: 'a@x.test', to: ['mine@bücher.test'], raw: 'Subject: x\r\n\r\n' });
    const { rules } = await sandbox.json<RuleExplanations>('rules/explain', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(rules.map(({ name, fires }) => ({ name, fires }))).toEqual([{ name: 'mine', fires: true }]);
    const listed = await sandbox.json<{ rules: Rule[] }>(
      `rules?account=${encodeURIComponent('mine@bücher.test')}`,
    );
    expect(listed.rules.map(({ account }) => account)).toEqual(['mine@bücher.test']);
    const gone = await sandbox.api(`rules?account=${encodeURIComponent('MINE@bücher.test')}`, {
      method: 'DELETE',
    });
    expect(await gone.json()).toEqual({ count: 1 });
  });

  it('magic addresses work without a rule', async () => {
    const send = sendRaw(sandbox.smtp, [mail('magic')], {
      from: 'a@x.test',
      to: ['jörg-reject-550@bücher。test'],
    });
    await expect(send).rejects.toThrow(/550/);
  });

  it('an account is minted once, and deleted by any of its names', async () => {
    const mint = (address: string) =>
      sandbox.api('accounts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ address, password: 'p' }),
      });
    expect(await (await mint('neu@xn--bcher-kva.test')).json()).toMatchObject({ name: 'neu@bücher.test' });
    expect((await mint('NEU@bücher.test')).status).toBe(409);
    const gone = await sandbox.api(`accounts/${encodeURIComponent('neu@XN--BCHER-KVA.test')}`, {
      method: 'DELETE',
    });
    expect(gone.status).toBe(204);
  });
});

/** Returns the number of messages in a POP3 maildrop. Rejects with the error reply to a refused login. */
async function popCount({ pop3 }: TestSandbox, user: string): Promise<number> {
  const socket = net.connect(pop3.port, pop3.host);
  socket.setEncoding('utf8');
  try {
    const answers: string[] = [];
    for (const line of [null, `USER ${user}`, 'PASS any', 'STAT']) {
      if (line !== null) socket.write(`${line}\r\n`);
      const [answer] = (await once(socket, 'data')) as [string];
      if (answer.startsWith('-ERR')) throw new Error(answer);
      answers.push(answer);
    }
    return Number(/^\+OK (\d+)/.exec(answers.at(-1) ?? '')?.[1]);
  } finally {
    socket.destroy();
  }
}
