/** Reports failed TLS handshakes in the log and to requests that wait for mail, with advice for the developer. */
import type { Logger } from 'pino';
import type { Endpoint } from '../../contract/index.ts';
import type { Capture } from '../capture/capture.ts';
import type { HandshakeFailure } from '../net/tls/handshake.ts';

/**
 * The time during which the same log line is not written again, in milliseconds, so that a client which retries
 * does not fill the log.
 */
const QUIET = 10_000;
/**
 * The maximum number of log lines that are remembered to detect repeats; when it is exceeded, all of them are
 * forgotten.
 */
const REMEMBERED = 100;

/** The listener at which a TLS handshake failed. */
interface FailedAt {
  readonly protocol: Endpoint['protocol'];
  /** The TCP port of the listener; `null` for a Unix socket. */
  readonly port: number | null;
}

interface HandshakeDeps {
  readonly logger: Logger;
  readonly clock: () => number;
  readonly capture: Pick<Capture, 'handshakeFailed'>;
  /** Advice for the developer on how to make a client trust the certificate. */
  readonly trust: string;
  /** Whether a TLS certificate is configured. */
  readonly hasTls: boolean;
  readonly endpoints: () => readonly Endpoint[];
}

export type ReportHandshake = (at: FailedAt, failure: HandshakeFailure) => void;

export function handshakeReports({ logger, clock, capture, ...deps }: HandshakeDeps): ReportHandshake {
  const repeats = new Repeats(clock);
  return ({ protocol, port }, { peer, reason, advice }) => {
    const further = { none: '', trust: `; ${deps.trust}`, port: `; ${portAdvice(protocol, port, deps)}` };
    const words = `TLS failed: ${reason}${further[advice]}`;
    capture.handshakeFailed(protocol, peer, words);
    const omitted = repeats.admit(`${protocol} ${port} ${words}`);
    if (omitted === null) return;
    const times = omitted === 0 ? '' : ` (${omitted} more of these since the last line)`;
    logger.warn({ protocol, port, peer }, `${words}${times}`);
  };
}

/** Returns advice for a client that began a TLS handshake on a listener which expects clear text. */
function portAdvice(
  protocol: Endpoint['protocol'],
  port: number | null,
  { hasTls, endpoints }: Pick<HandshakeDeps, 'hasTls' | 'endpoints'>,
): string {
  const isWeb = protocol === 'http';
  const here = port === null ? 'this socket' : `port ${port}`;
  const clear = isWeb ? 'http:// in its URL' : 'no TLS';
  if (!hasTls) return `let it use ${clear} with ${here}, or start Restante with --tls auto`;
  const secure = endpoints().find((each) => each.protocol === `${protocol}s`);
  const ways = [
    ...(secure === undefined ? [] : [`port ${secure.port}, which begins with TLS`]),
    isWeb ? `${clear} with ${here}` : `STARTTLS on ${here}`,
  ];
  return `let it use ${ways.join(', or ')}`;
}

/** Detects log lines that were logged a short time ago, so that repeats are omitted from the log. */
class Repeats {
  readonly #clock: () => number;
  readonly #lines = new Map<string, { at: number; omitted: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /**
   * Returns the number of lines with this key that were omitted since such a line was last logged; `null` if
   * this line must be omitted, too.
   */
  admit(key: string): number | null {
    const last = this.#lines.get(key);
    const now = this.#clock();
    // If the clock was set back, the current time may be before the start of the period; a new period then
    // begins.
    if (last !== undefined && now >= last.at && now < last.at + QUIET) {
      last.omitted++;
      return null;
    }
    if (this.#lines.size >= REMEMBERED) this.#lines.clear();
    this.#lines.set(key, { at: now, omitted: 0 });
    return last?.omitted ?? 0;
  }
}
