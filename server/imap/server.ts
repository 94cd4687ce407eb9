/**
 * The IMAP server: accepts connections, unencrypted or with implicit TLS, and creates a session for each
 * connection. Sessions share only the objects in `ImapDeps`, and no session can stop another session or the
 * server.
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

/** Default size of the largest message that APPEND accepts, in octets. */
const MESSAGE_LIMIT = 50 * 1024 * 1024;

/**
 * Maximum time without a command after login, in milliseconds; RFC 9051 §5.4 requires at least 30 minutes. A
 * client that uses IDLE is not disconnected.
 */
const IDLE_TIMEOUT = 31 * 60_000;

export interface ImapServerOptions {
  readonly host: string;
  /** TCP port to listen on; 0 for any free port. */
  readonly port: number;
  /** Whether connections use TLS from the first octet (IMAPS); requires `tls`. */
  readonly implicitTls?: boolean;
  /** Private key and certificate as PEM. With them, the server offers STARTTLS on an unencrypted port. */
  readonly tls: TlsMaterial | null;
  /** Whether logins without TLS are refused, so that the TLS handling of an application can be tested. */
  readonly requireTls?: boolean;
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** The object that is notified of each failed TLS handshake; may be absent or `null`. */
  readonly handshakes?: HandshakeWatch | null;
  readonly version: string;
  /**
   * Whether the server offers UTF8=ACCEPT (RFC 6855). Searches of clients based on Jakarta Mail give wrong
   * results after they enable it.
   */
  readonly utf8?: boolean;
  /** Size of the largest message that APPEND accepts, in octets. */
  readonly messageLimit?: number;
  /**
   * The object that holds messages while APPEND receives them; when absent, messages are held in memory without a
   * limit.
   */
  readonly inFlight?: InFlight;
  /** Retention limits of the store, which the QUOTA response reports. */
  readonly quota?: ImapDeps['quota'];
  /** Time without a command after login that ends a session, in milliseconds; 31 minutes when absent. */
  readonly idleTimeout?: number;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock?: () => number;
  /**
   * The timer function that delays the reports to idling sessions, so that several changes are reported together;
   * `setTimeout` when absent.
   */
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
