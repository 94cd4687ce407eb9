/**
 * The options of the relay, and the functions through which the relay accesses the clock, the network and the
 * store.
 */
import type { RelayMode } from '../../contract/names.ts';
import type { Logger } from 'pino';
import type { Envelope } from '../message/envelope.ts';
import type { AccountName } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import type { LoopGuard } from './loop-guard.ts';
import type { PolicyFetch } from './mta-sts/fetch.ts';
import type { MailResolver } from './resolver.ts';

export interface RelayConfig {
  /**
   * The mode of the relay: `manual` sends when a person or an API call releases a message; `auto` also sends
   * the messages that rules release, and all captured mail for allowed recipients.
   */
  readonly mode: RelayMode;
  /**
   * Patterns of the recipients that the relay may send to; see `AddressPattern`. An empty list allows no
   * recipient.
   */
  readonly allow: readonly string[];
  /** Whether the allow list cannot be changed at run time. */
  readonly allowFixed: boolean;
  /** Patterns of the recipients that the relay must not send to, even if the allow list contains them. */
  readonly deny: readonly string[];
  /** Whether the relay also delivers to loopback, private and link-local addresses. */
  readonly private: boolean;
  /** The TCP port of the mail servers that the relay sends to. */
  readonly port: number;
  /**
   * The URL of the smart host, `smtp(s)://[user:password@]host[:port]`; `null` to look up MX records instead.
   */
  readonly smartHost: string | null;
  /**
   * Configured routes in the form `DOMAIN=HOST[:PORT]`: the host that receives the mail of the domain. The
   * host may have a private address.
   */
  readonly routes: readonly string[];
  /** The host name of the relay in EHLO and in trace fields. */
  readonly hostname: string;
  /** The maximum number of deliveries that are accepted within an hour; 0 for no limit. */
  readonly maxPerHour: number;
  readonly dkim: DkimKey | null;
  readonly timing?: Partial<RelayTiming>;
}

export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** The private key for DKIM signatures, in PEM format. */
  readonly privateKey: string;
}

/** The delays and time limits of the relay, in milliseconds. */
export interface RelayTiming {
  /** The delays before the second, third … round of a delivery; the last delay is repeated. */
  readonly delays: readonly number[];
  /**
   * The fraction of a delay that is random, so that deliveries that were deferred together are not retried
   * together.
   */
  readonly jitter: number;
  /** The age at which a delivery fails permanently, in milliseconds. */
  readonly giveUpAfter: number;
  /** The age of a delivery at which the sender is notified of the delay, in milliseconds. */
  readonly notifyAfter: number;
  readonly connect: number;
  readonly greeting: number;
  readonly command: number;
  readonly final: number;
  /** The time after which an unused connection is closed, in milliseconds. */
  readonly idle: number;
  /** The maximum time for which the relay waits for pending replies when it closes, in milliseconds. */
  readonly close: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * The default delays and time limits. The delays between rounds of delivery attempts are shorter than those of a
 * production server (RFC 5321 §4.5.4.1), because testers wait for the result.
 */
export const DEFAULT_TIMING: RelayTiming = {
  delays: [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR],
  jitter: 0.2,
  giveUpAfter: 48 * HOUR,
  notifyAfter: 4 * HOUR,
  connect: 30_000,
  greeting: MINUTE,
  command: 5 * MINUTE,
  final: 10 * MINUTE,
  idle: 5_000,
  close: 5_000,
};

/** A message that the relay generates to notify the sender of a failure or a delay. */
export interface Notice {
  readonly raw: Buffer;
  readonly envelope: Envelope;
  readonly tags: readonly string[];
}

export interface RelayOptions {
  readonly store: Store;
  readonly config: RelayConfig;
  readonly resolver: MailResolver;
  readonly logger: Logger;
  /** Returns the time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a random number in [0, 1), uniformly distributed. */
  readonly random: () => number;
  /** Captures a notice into the sandbox, as if it had been received. */
  readonly submit: (notice: Notice) => Promise<unknown>;
  /** Returns the account that receives the mail of a recipient's address. */
  readonly accountOf: (address: string) => AccountName;
  /** The guard that knows the addresses of this sandbox's listeners, so that the relay does not deliver to them. */
  readonly guard?: LoopGuard;
  /** The function that fetches the MTA-STS policy of a domain; if absent, policies are fetched over HTTPS. */
  readonly fetchPolicy?: PolicyFetch;
  /**
   * Additional certificate authorities that are trusted when a server's certificate is verified, in PEM
   * format.
   */
  readonly ca?: string | null;
}
