/**
 * A POP3 server on a memory store, and what its dialogue scripts talk to. Settings: `@messages NAME…` delivers
 * those below to a@x.test, `@users NAME:PASSWORD…` closes the server to strangers, `@tls`, `@require-tls`.
 */
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createAuthenticator } from '../../server/auth.ts';
import { createPop3Server, type Pop3Server } from '../../server/pop3/server.ts';
import { accountName } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory.ts';
import type { Store } from '../../server/store/store.ts';
import { certificate } from './certificate.ts';
import type { StartWorld } from './dialog.ts';

const header = 'From: ann@x.test\r\nTo: a@x.test\r\n';
export const messages: Readonly<Record<string, string>> = {
  one: `${header}Subject: one\r\n\r\nfirst line\r\nsecond line\r\nthird line\r\n`,
  dots: `.Odd: first line begins with a dot\r\n${header}\r\n.\r\n..\r\n.end\r\n`,
  unended: `${header}Subject: unended\r\n\r\nno line ending`,
  bare: `${header}Subject: bare\r\n\r\na\n.b\r\n`,
  header: `${header}Subject: header only\r\n`,
};

export interface RunningPop3 {
  readonly server: Pop3Server;
  readonly store: Store;
  deliver(raw: string | Buffer): Promise<void>;
}

interface Settings {
  readonly users?: ReadonlyMap<string, string>;
  readonly tls?: boolean;
  readonly requireTls?: boolean;
}

export async function startPop3({
  users = new Map(),
  tls = false,
  requireTls = false,
}: Settings = {}): Promise<RunningPop3> {
  const store = await openMemoryStore();
  const server = createPop3Server({
    host: '127.0.0.1',
    port: 0,
    tls: tls ? certificate : null,
    implicitTls: false,
    requireTls,
    store,
    auth: createAuthenticator(store, users),
    logger: pino({ level: 'silent' }),
    version: '1.2.3',
    clock: () => 1_700_000_000_000,
  });
  await server.listen();
  onTestFinished(async () => {
    await server.close();
    await store.close();
  });
  return {
    server,
    store,
    async deliver(raw) {
      await store.add({
        raw: Buffer.from(raw),
        envelope: { from: { address: '', parameters: {} }, to: [] },
        origin: { kind: 'import', session: null, peer: null, helo: null, tls: null, user: null },
        targets: [{ account: accountName('a@x.test') }],
      });
    },
  };
}

export const pop3World: StartWorld = async (settings) => {
  const users = new Map(
    (settings['users'] ?? '')
      .split(' ')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split(':') as [string, string]),
  );
  const pop3 = await startPop3({
    users,
    tls: 'tls' in settings,
    requireTls: 'require-tls' in settings,
  });
  for (const name of (settings['messages'] ?? '').split(' ').filter((word) => word !== '')) {
    await pop3.deliver(messages[name]!);
  }
  return {
    ...pop3.server.address(),
    functions: {
      /** APOP's digest of the greeting's stamp and a password. */
      apop: (stamp = '', password = '') => createHash('md5').update(`<${stamp}>${password}`).digest('hex'),
    },
  };
};
