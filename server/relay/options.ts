/** The relay's configuration, and its access to the outside world. */
import type { RelayMode } from '../../contract/names.ts';
import type { Logger } from 'pino';
import type { Envelope } from '../message/envelope.ts';
import type { AccountName } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import type { LoopGuard } from './loop-guard.ts';
import type { PolicyFetch } from './mta-sts/fetch.ts';
import type { MailResolver } from './resolver.ts';

export interface RelayConfig {
  /** The mode: `manual` relays on release by a person or an API call, `auto` also by rules. */
  readonly mode: RelayMode;
  /** Patterns of recipients that the relay may send to; see `AddressPattern`. An empty list allows no recipient. */
  readonly allow: readonly string[];
  /** Patterns of recipients that the relay must not send to, even if the allow list allows them. */
  readonly deny: readonly string[];
  /** Whether the relay also delivers to loopback, private and link-local addresses. */
  readonly private: boolean;
  /** The port of the receiving servers. */
  readonly port: number;
  /** The smart host as `smtp(s)://[user:password@]host[:port]`; `null` to look up MX records. */
  readonly smartHost: string | null;
  /** Routes as `DOMAIN=HOST[:PORT]`: the host for the mail of a domain, which may have a private address. */
  readonly routes: readonly string[];
  /** The host name in EHLO and trace fields. */
  readonly hostname: string;
  /** The maximum number of deliveries accepted within an hour; 0 for no limit. */
  readonly maxPerHour: number;
  readonly dkim: DkimKey | null;
  readonly timing?: Partial<RelayTiming>;
}

export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** The private key, PEM. */
  readonly privateKey: string;
}

/** The delays and time limits of the relay, in milliseconds. */
export interface RelayTiming {
  /** The delays before the second, third … round; the last one is repeated. */
  readonly delays: readonly number[];
  /** The share of a delay that is random, so that deliveries deferred together are not retried together. */
  readonly jitter: number;
  /** The age at which a delivery fails permanently. */
  readonly giveUpAfter: number;
  /** The age at which the sender is notified of the delay. */
  readonly notifyAfter: number;
  readonly connect: number;
  readonly greeting: number;
  readonly command: number;
  readonly final: number;
  /** The time after which an unused connection is closed. */
  readonly idle: number;
  /** The maximum time that closing waits for pending replies. */
  readonly close: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * The delays are shorter than those of a production server (RFC 5321 §4.5.4.1), because testers wait for the
 * result.
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

/** A message that the relay generates: a notice of a failure or a delay. */
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
  /** Captures a notice into the sandbox. */
  readonly submit: (notice: Notice) => Promise<unknown>;
  /** Returns the account of a recipient. */
  readonly accountOf: (address: string) => AccountName;
  /** Knows the listeners of this sandbox, so that the relay does not deliver to them. */
  readonly guard?: LoopGuard;
  /** Fetches MTA-STS policies; by default over HTTPS. */
  readonly fetchPolicy?: PolicyFetch;
  /** Additional certificate authorities that are trusted when a certificate is verified, PEM. */
  readonly ca?: string | null;
}
