/** What an SMTP listener is made with. */
import type { Logger } from 'pino';
import type { InFlight } from '../net/in-flight/index.ts';
import type { TlsMaterial } from '../net/tls/index.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import type { SmtpLimits } from './limits.ts';

/** RFC 5321 §4.5.3.1.8 asks for 100 at least; mass mailings in tests have more. */
export const DEFAULT_RECIPIENTS = 1000;

/** A client may be silent this long (RFC 5321 §4.5.3.2.7 asks for five minutes at least). */
export const IDLE_TIMEOUT = 300_000;

export interface SmtpServerOptions {
  readonly host: string;
  /** `0` is any free port. */
  readonly port: number;
  /** Name in the greeting. */
  readonly name: string;
  /** Octets; announced with SIZE. */
  readonly maxMessageSize: number;
  /** Where messages are held on their way in; in memory, without a limit, when absent. */
  readonly inFlight?: InFlight;
  /** Of one message; `DEFAULT_RECIPIENTS` when absent. */
  readonly maxRecipients?: number;
  readonly requireAuth: boolean;
  readonly requireTls: boolean;
  /** PEM; `null` offers no STARTTLS. */
  readonly tls: TlsMaterial | null;
  /** TLS from the first byte. */
  readonly implicitTls: boolean;
  /** Milliseconds a client may be silent; `IDLE_TIMEOUT` when absent. */
  readonly idleTimeout?: number;
  readonly limits?: SmtpLimits;
  /** Path of a Unix socket to listen on instead of host and port. */
  readonly path?: string | null;
  /** Peers from which a PROXY protocol header is expected before all else; `*` is every peer. */
  readonly proxies?: readonly string[];
  /** Peers that may speak for others with XCLIENT; `*` is every peer. */
  readonly xclients?: readonly string[];
  /** Whether captured mail can leave this sandbox by its relay, as HELP says. */
  readonly relays?: boolean;
  /** LMTP (RFC 2033) instead of SMTP. */
  readonly lmtp?: boolean;
  /** Is notified of failed TLS handshakes. */
  readonly handshakes?: HandshakeWatch | null;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly clock: () => number;
}
