/** A POP3 server with a store in memory, and the environment of its dialogue scripts. */
import { createHash, createHmac } from 'node:crypto';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createAuthenticator } from '../../server/auth.ts';
import type { Envelope, Origin } from '../../server/message/envelope.ts';
import { createPop3Server, type Pop3ServerOptions } from '../../server/pop3/server.ts';
import { accountName } from '../../server/store/ids.ts';
import type { AddedMessage, Store } from '../../server/store/store.ts';
import { certificate } from './certificate.ts';
import { breaker, openDamagedStore } from './damaged-store.ts';
import type { DialogWorld } from './dialog.ts';
import type { Listener } from '../../server/net/listener.ts';
import { openTestStore } from './test-store.ts';

const origin: Origin = { kind: 'smtp', session: null, peer: null, helo: null, tls: null, user: null };
const envelope: Envelope = { from: { address: 'sender@x.test', parameters: {} }, to: [] };

export interface Pop3Fixture {
  readonly store: Store;
  readonly server: Listener;
  readonly port: number;
  /** Port of a second listener on the same store, with TLS from the first octet. */
  readonly securePort: number;
  /** Captures a message for `account` without changing its octets. */
  readonly deliver: (raw: string | Buffer, account?: string) => Promise<AddedMessage>;
}

export type Pop3FixtureOptions = Partial<Pop3ServerOptions> & {
  readonly users?: ReadonlyMap<string, string>;
};

/** Starts both listeners; they are closed when the test ends. */
export async function startPop3(options: Pop3FixtureOptions = {}): Promise<Pop3Fixture> {
  const clock = options.clock ?? Date.now;
  const store = options.store ?? (await openTestStore({ clock }));
  const common = {
    host: '127.0.0.1',
    port: 0,
    tls: null,
    implicitTls: false,
    requireTls: false,
    store,
    auth: createAuthenticator(store.accounts, options.users ?? new Map<string, string>()),
    logger: pino({ level: 'silent' }),
    version: '1.2.3',
    clock,
    ...options,
  };
  const server = createPop3Server(common);
  const secure = createPop3Server({ ...common, tls: certificate, implicitTls: true });
  await Promise.all([server.listen(), secure.listen()]);
  onTestFinished(async () => {
    await Promise.all([server.close(), secure.close()]);
    await store.close();
  });
  return {
    store,
    server,
    port: server.address().port,
    securePort: secure.address().port,
    deliver: (raw, account = 'a@x.test') =>
      store.messages.add({
        raw: typeof raw === 'string' ? Buffer.from(raw) : raw,
        envelope,
        origin,
        targets: [{ account: accountName(account) }],
      }),
  };
}

/** The messages that the setting `@messages` of a script can deliver. */
export const messages: Readonly<Record<string, string>> = {
  plain: 'Subject: plain\r\n\r\nhello\r\nworld\r\n',
  dots: '.Subject: dots\r\n\r\n.\r\n..two\r\nend.\r\n.',
  unix: 'Subject: unix\n\n.one\ntwo\n',
  bodiless: 'Subject: bodiless\r\n',
  empty: '',
  utf8: 'Subject: grün\r\n\r\nStraße\r\n',
};

const md5 = (...words: string[]): string => createHash('md5').update(words.join('')).digest('hex');

/** Returns the response to a CRAM-MD5 challenge (RFC 2195), both in base64. */
const cram = (user = '', secret = '', challenge = ''): string => {
  const digest = createHmac('md5', secret).update(Buffer.from(challenge, 'base64')).digest('hex');
  return Buffer.from(`${user} ${digest}`).toString('base64');
};

/** The fixed time of the scripts' clock, in milliseconds since the epoch. */
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/**
 * Starts the POP3 server for dialogue scripts. Settings: `@messages NAME…` delivers messages of this file to
 * a@x.test; `@users NAME:PASSWORD…` rejects all other logins; `@require-tls`; `@tls`; `@disk` stores the mail on
 * disk. `{break disk}` makes the messages on disk unreadable. The listener `pop3s` uses TLS from the first octet.
 * `{md5 …}` is an MD5 digest in hexadecimal, `{cram USER SECRET CHALLENGE}` the response to a CRAM-MD5 challenge.
 */
export async function pop3World(settings: Readonly<Record<string, string>>): Promise<DialogWorld> {
  const disk = 'disk' in settings ? await openDamagedStore(() => NOW) : null;
  const fixture = await startPop3({
    clock: () => NOW,
    ...(disk === null ? {} : { store: disk.store }),
    users: new Map(settings['users']?.split(' ').map((pair) => pair.split(':') as [string, string])),
    tls: 'tls' in settings ? certificate : null,
    requireTls: 'require-tls' in settings,
  });
  for (const name of settings['messages']?.split(' ') ?? []) {
    const raw = messages[name];
    if (raw === undefined) throw new Error(`no message called ${name}`);
    await fixture.deliver(raw);
  }
  return {
    host: '127.0.0.1',
    port: fixture.port,
    listeners: { pop3s: { host: '127.0.0.1', port: fixture.securePort, secure: true } },
    functions: { md5, cram, break: breaker(fixture.store, disk) },
  };
}
