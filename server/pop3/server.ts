/** The POP3 server: accepts connections, in clear or over TLS from the start, and gives each a session. */
import { randomBytes } from 'node:crypto';
import type net from 'node:net';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import { Connection } from '../net/connection.ts';
import { createListener } from '../net/listener.ts';
import type { LiveSession } from '../net/live-session.ts';
import { secureContext, type TlsMaterial } from '../net/tls.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import type { Store } from '../store/store.ts';
import { MaildropLocks } from './maildrop.ts';
import { Pop3Dialogue } from './dialogue.ts';
import { Pop3Session, type Pop3Context } from './session.ts';

/** RFC 1939 §3: an autologout timer of ten minutes at least. */
const IDLE_TIMEOUT = 600_000;

export interface Pop3ServerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** PEM; `null` offers no STLS. */
  readonly tls: TlsMaterial | null;
  /** TLS from the first octet (POP3S); needs `tls`. */
  readonly implicitTls: boolean;
  readonly requireTls: boolean;
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** Is notified of failed TLS handshakes. */
  readonly handshakes?: HandshakeWatch | null;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Milliseconds of silence after which a session is ended; ten minutes when absent. */
  readonly idleTimeout?: number;
}

export interface Pop3Server {
  listen(): Promise<void>;
  address(): { readonly host: string; readonly port: number };
  readonly connections: number;
  /** Those open now. */
  sessions(): readonly LiveSession[];
  close(): Promise<void>;
}

export function createPop3Server(options: Pop3ServerOptions): Pop3Server {
  const { host, port, logger, clock, handshakes = null, idleTimeout = IDLE_TIMEOUT } = options;
  if (options.implicitTls && options.tls === null) throw new Error('Implicit TLS needs a certificate');
  const context: Pop3Context = {
    ...options,
    locks: MaildropLocks.of(options.store),
    secureContext: options.tls === null ? null : secureContext(options.tls),
    stamp: () => `<${randomBytes(6).toString('hex')}.${clock()}@${hostname()}>`,
  };
  const dialogues = new Map<Pop3Dialogue, Promise<void>>();
  const accept = (socket: net.Socket): void => {
    const dialogue = new Pop3Dialogue(
      new Pop3Session(new Connection(socket, { idleTimeout, handshakes }), context),
    );
    dialogues.set(
      dialogue,
      dialogue.run().finally(() => dialogues.delete(dialogue)),
    );
  };
  const server = createListener({ tls: options.implicitTls ? options.tls : null, handshakes }, accept);
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          server.on('error', (error) => logger.error({ err: error }, 'pop3: the listener failed'));
          resolve();
        });
      }),
    address() {
      const bound = server.address() as net.AddressInfo;
      return { host: bound.address, port: bound.port };
    },
    get connections() {
      return dialogues.size;
    },
    sessions: () => [...dialogues.keys()].map(({ session }) => session.live),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const dialogue of dialogues.keys()) dialogue.stop();
      await Promise.all(dialogues.values());
      await closed;
    },
  };
}
