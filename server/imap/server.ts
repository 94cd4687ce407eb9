/**
 * The IMAP server: accepts connections, unencrypted or with implicit TLS, and creates a session for each. Sessions
 * share only their dependencies, and no session can stop another session or the server.
 */
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import { Connection } from '../net/connection.ts';
import { unlimited, type InFlight } from '../net/in-flight/index.ts';
import { lineListener, type Listener } from '../net/listener.ts';
import { offeredMechanisms } from '../net/sasl/index.ts';
import { secureContext, type TlsMaterial } from '../net/tls/index.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import type { Store } from '../store/store.ts';
import { COMMANDS } from './commands/index.ts';
import { Announcer, type Later } from './session/announcer.ts';
import { Idlers } from './session/idlers.ts';
import { liveSession } from './session/live.ts';
import { Dialogue } from './dialogue.ts';
import { MailboxFeed } from './session/mailbox-feed.ts';
import { MessageCache } from './message/message-cache.ts';
import type { ImapDeps } from './session/deps.ts';
import { Session } from './session/session.ts';

/** Default for the largest message that APPEND accepts, octets. */
const MESSAGE_LIMIT = 50 * 1024 * 1024;

/**
 * Milliseconds without a command after login; RFC 9051 §5.4 requires at least 30 minutes. IDLE prevents the timeout.
 */
const IDLE_TIMEOUT = 31 * 60_000;

export interface ImapServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** TLS from the first octet (IMAPS); needs `tls`. */
  readonly implicitTls?: boolean;
  /** Key and certificate as PEM. With them, STARTTLS is offered on an unencrypted port. */
  readonly tls: TlsMaterial | null;
  /** Refuses logins without TLS, so that an application's TLS handling can be tested. */
  readonly requireTls?: boolean;
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** Is notified of failed TLS handshakes. */
  readonly handshakes?: HandshakeWatch | null;
  readonly version: string;
  /**
   * Offers UTF8=ACCEPT (RFC 6855). Searches of clients based on Jakarta Mail give wrong results after they enable it.
   */
  readonly utf8?: boolean;
  /** Octets of the largest message that APPEND accepts. */
  readonly messageLimit?: number;
  /** Holds messages while APPEND receives them; the default is memory, without a limit. */
  readonly inFlight?: InFlight;
  /** Retention limits of the store, for QUOTA. */
  readonly quota?: ImapDeps['quota'];
  /** Milliseconds without a command after login that end a session; the default is 31 minutes. */
  readonly idleTimeout?: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Starts the timer that collects changes for idling sessions; the default is `setTimeout`. */
  readonly later?: Later;
}

export function createImapServer(options: ImapServerOptions): Listener {
  const { store, auth, logger, version, handshakes = null } = options;
  const material = options.tls;
  const deps: ImapDeps = {
    store,
    auth,
    logger,
    version,
    feed: new MailboxFeed(store.changes),
    messages: new MessageCache(store.messages),
    idlers: new Idlers(),
    announcer: new Announcer(
      options.later ?? ((work, milliseconds) => setTimeout(work, milliseconds).unref()),
    ),
    offered: COMMANDS.flatMap(({ capabilities = [] }) => capabilities).filter(
      (name) => name !== 'UTF8=ACCEPT' || options.utf8 === true,
    ),
    mechanisms: offeredMechanisms(auth),
    secureContext: material === null ? null : secureContext(material),
    requireTls: options.requireTls ?? false,
    messageLimit: options.messageLimit ?? MESSAGE_LIMIT,
    inFlight: options.inFlight ?? unlimited(),
    quota: options.quota ?? { messages: null, octets: null },
    idleTimeout: options.idleTimeout ?? IDLE_TIMEOUT,
    clock: options.clock ?? Date.now,
  };
  return lineListener({
    host: options.host,
    port: options.port,
    tls: material,
    implicitTls: options.implicitTls ?? false,
    handshakes,
    logger,
    protocol: 'imap',
    open(socket) {
      const session = new Session(new Connection(socket, { idleTimeout: 0, handshakes }), deps);
      const dialogue = new Dialogue(session);
      return {
        run: () => dialogue.run(),
        stop: () => dialogue.stop(),
        get live() {
          return liveSession(session);
        },
      };
    },
    closed() {
      deps.feed.close();
      deps.idlers.close();
    },
  });
}
