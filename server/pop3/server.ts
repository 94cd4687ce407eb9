/**
 * The POP3 server: accepts connections, in clear text or with implicit TLS, and creates a session for each
 * connection.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import { Connection } from '../net/connection.ts';
import { lineListener, type Listener } from '../net/listener.ts';
import { secureContext, type TlsMaterial } from '../net/tls/index.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import type { Store } from '../store/store.ts';
import { MaildropLocks } from './maildrop.ts';
import { Pop3Dialogue } from './dialogue.ts';
import { Pop3Session, type Pop3Context } from './session.ts';

/** The default idle timeout in milliseconds: RFC 1939 §3 requires an autologout timer of at least ten minutes. */
const IDLE_TIMEOUT = 600_000;

export interface Pop3ServerOptions {
  readonly host: string;
  /** The port to listen on; 0 selects a free port. */
  readonly port: number;
  /** The key and the certificate in PEM; with `null`, STLS is not offered. */
  readonly tls: TlsMaterial | null;
  /** Whether TLS begins with the first octet (POP3S); requires `tls`. */
  readonly implicitTls: boolean;
  readonly requireTls: boolean;
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** The object that is notified of each failed TLS handshake; may be absent or `null`. */
  readonly handshakes?: HandshakeWatch | null;
  readonly version: string;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Time without an octet after which a session is ended, in milliseconds; ten minutes when absent. */
  readonly idleTimeout?: number;
}

export function createPop3Server(options: Pop3ServerOptions): Listener {
  const { clock, handshakes = null, idleTimeout = IDLE_TIMEOUT } = options;
  const context: Pop3Context = {
    ...options,
    locks: MaildropLocks.of(options.store),
    secureContext: options.tls === null ? null : secureContext(options.tls),
    stamp: () => `<${randomBytes(6).toString('hex')}.${clock()}@${hostname()}>`,
  };
  return lineListener({
    ...options,
    handshakes,
    protocol: 'pop3',
    open: (socket) =>
      new Pop3Dialogue(new Pop3Session(new Connection(socket, { idleTimeout, handshakes }), context)),
  });
}
