/** The options of an SMTP listener. */
import type { Logger } from 'pino';
import type { InFlight } from '../net/in-flight/index.ts';
import type { TlsMaterial } from '../net/tls/index.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import type { SmtpLimits } from './limits.ts';

/**
 * The default maximum number of recipients of a message. RFC 5321 §4.5.3.1.8 requires at least 100; mass
 * mailings in tests have more.
 */
export const DEFAULT_RECIPIENTS = 1000;

/** The default idle timeout in milliseconds (RFC 5321 §4.5.3.2.7 requires at least five minutes). */
export const IDLE_TIMEOUT = 300_000;

export interface SmtpServerOptions {
  readonly host: string;
  /** The port to listen on; 0 selects a free port. */
  readonly port: number;
  /** The server's name in the greeting. */
  readonly name: string;
  /** The maximum size of a message in octets, which the EHLO reply announces with SIZE. */
  readonly maxMessageSize: number;
  /**
   * The object that holds the messages that are being received; when absent, messages are held in memory without a
   * limit.
   */
  readonly inFlight?: InFlight;
  /** The maximum number of recipients of one message; `DEFAULT_RECIPIENTS` when absent. */
  readonly maxRecipients?: number;
  readonly requireAuth: boolean;
  readonly requireTls: boolean;
  /** The key and the certificate in PEM; with `null`, STARTTLS is not offered. */
  readonly tls: TlsMaterial | null;
  /** Whether TLS begins with the first octet (implicit TLS). */
  readonly implicitTls: boolean;
  /** Time without an octet after which a session is ended, in milliseconds; `IDLE_TIMEOUT` when absent. */
  readonly idleTimeout?: number;
  readonly limits?: SmtpLimits;
  /** The path of a Unix socket to listen on instead of a host and a port. */
  readonly path?: string | null;
  /** The clients (proxies) that must first send a PROXY protocol header; `*` stands for every client. */
  readonly proxies?: readonly string[];
  /** The clients that may use XCLIENT to set the data of another client; `*` stands for every client. */
  readonly xclients?: readonly string[];
  /** Whether captured mail can be relayed to real mail servers; the reply to HELP depends on this option. */
  readonly relays?: boolean;
  /** Whether the listener uses LMTP (RFC 2033) instead of SMTP. */
  readonly lmtp?: boolean;
  /** The object that is notified of each failed TLS handshake; may be absent or `null`. */
  readonly handshakes?: HandshakeWatch | null;
  readonly logger: Logger;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
}
