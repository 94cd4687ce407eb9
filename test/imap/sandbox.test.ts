/**
 * Tests IMAP and POP3 of a whole sandbox: all ports at once, notifications of new mail, limits as quota, and the
 * log.
 */
import { once } from 'node:events';
import { ImapFlow } from 'imapflow';
import Pop3Command from 'node-pop3';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../server/sandbox/index.ts';
import { onFreePorts } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const logged: string[] = [];
let sandbox: RunningSandbox;

beforeAll(async () => {
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  sandbox = await createSandbox(
    { ...onFreePorts, memory: true, tls: 'auto', maxMessages: 7, maxBytes: 10_240 },
    { logger },
  );
});
afterAll(() => sandbox.close());

const portOf = (protocol: string): number =>
  sandbox.endpoints.find((endpoint) => endpoint.protocol === protocol)!.port;

async function imap(protocol: 'imap' | 'imaps', user: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: portOf(protocol),
    secure: protocol === 'imaps',
    tls: { rejectUnauthorized: false },
    auth: { user, pass: 'hidden-password' },
    logger: false,
  });
  await client.connect();
  onTestFinished(() => client.logout());
  return client;
}

it.each(['imap', 'imaps'] as const)('%s reports a message while a client idles', async (protocol) => {
  const user = `${protocol}@x.test`;
  const client = await imap(protocol, user);
  expect(client.secureConnection).toBe(true);
  await client.mailboxOpen('INBOX');
  const told = once(client, 'exists');
  const idling = client.idle();
  await sendRaw({ host: '127.0.0.1', port: portOf('smtp') }, [Buffer.from('Subject: live\r\n\r\nx\r\n')], {
    from: 'app@x.test',
    to: [user],
  });
  expect(await told).toMatchObject([{ path: 'INBOX', count: 1, prevCount: 0 }]);
  const message = await client.fetchOne('1', { envelope: true });
  expect(message).toMatchObject({ envelope: { subject: 'live' } });
  await idling;
});

it.each([
  ['pop3', false],
  ['pop3s', true],
] as const)('%s gives the same bytes', async (protocol, secure) => {
  const raw = 'Subject: popped\r\n\r\ntext\r\n';
  const user = `${protocol}@x.test`;
  const smtp = { host: '127.0.0.1', port: portOf('smtp') };
  await sendRaw(smtp, [Buffer.from(raw)], { from: 'app@x.test', to: [user] });
  const client = new Pop3Command({
    host: '127.0.0.1',
    port: portOf(protocol),
    tls: secure,
    servername: 'localhost',
    tlsOptions: { rejectUnauthorized: false },
    user,
    password: 'hidden-password',
  });
  expect(await client.RETR(1)).toContain(raw.trimEnd());
  await client.QUIT();
});

it('reports the retention limits as the quota', async () => {
  const client = await imap('imaps', 'quota@x.test');
  expect(await client.getQuota('INBOX')).toMatchObject({
    storage: { limit: 10_240 },
    message: { limit: 7 },
  });
});

it('logs both dialogues, without a password', () => {
  const text = logged.join('');
  expect(text).toContain('IDLE');
  expect(text).toContain('FETCH responses');
  expect(text).toContain('RETR 1');
  expect(text).not.toContain('hidden-password');
  for (const user of ['imap@x.test', 'imaps@x.test', 'pop3@x.test']) {
    expect(text).not.toContain(Buffer.from(`\0${user}\0hidden-password`).toString('base64'));
  }
});

it('logs once that a login name is not an address and therefore opens the account all', async () => {
  const lines = (): string[] => logged.filter((line) => line.includes('opens the account all'));
  for (const user of ['bob', 'bob', 'all', 'bob@x.test']) await imap('imap', user);
  expect(lines().map((line) => JSON.parse(line) as object)).toMatchObject([{ level: 30, user: 'bob' }]);
  await imap('imap', 'carol');
  expect(lines()).toHaveLength(2);
});
