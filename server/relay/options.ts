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
  /** `manual`: on release by a person or a call. `auto`: also by rules. */
  readonly mode: RelayMode;
  /** Patterns of recipients that may be mailed; see `AddressPattern`. An empty list allows no recipient. */
  readonly allow: readonly string[];
  /** Patterns of recipients that may not, whatever is allowed. */
  readonly deny: readonly string[];
  /** Deliver to loopback, private and link-local addresses too. */
  readonly private: boolean;
  /** Port of the receiving servers. */
  readonly port: number;
  /** `smtp(s)://[user:password@]host[:port]`; `null` looks up MX records. */
  readonly smartHost: string | null;
  /** `DOMAIN=HOST[:PORT]`: another route for the mail of a domain, to addresses of any kind. */
  readonly routes: readonly string[];
  /** Name given in EHLO and trace fields. */
  readonly hostname: string;
  /** Deliveries accepted within an hour; 0 is no limit. */
  readonly maxPerHour: number;
  readonly dkim: DkimKey | null;
  readonly timing?: Partial<RelayTiming>;
}

export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** All in milliseconds. */
export interface RelayTiming {
  /** Waits before the second, third … round; the last one repeats. */
  readonly delays: readonly number[];
  /** Share of a wait that is random, so that deliveries deferred together come back apart. */
  readonly jitter: number;
  /** Age at which a delivery fails for good. */
  readonly giveUpAfter: number;
  /** Age at which the sender is told of the delay. */
  readonly notifyAfter: number;
  readonly connect: number;
  readonly greeting: number;
  readonly command: number;
  readonly final: number;
  /** How long a connection is kept for the next message. */
  readonly idle: number;
  /** How long closing waits for replies that are on their way. */
  readonly close: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Shorter than a production server's (RFC 5321 §4.5.4.1): who tests mail is waiting for it. */
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

/** A message that the relay makes itself: a bounce, a notice of delay. */
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
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Captures a notice into the sandbox. */
  readonly submit: (notice: Notice) => Promise<unknown>;
  /** The account of a recipient. */
  readonly accountOf: (address: string) => AccountName;
  /** Knows where this sandbox itself listens, so that the relay does not deliver to it. */
  readonly guard?: LoopGuard;
  /** Fetches MTA-STS policies; over HTTPS unless told otherwise. */
  readonly fetchPolicy?: PolicyFetch;
  /** Authorities trusted besides the system's when a certificate must be verified, PEM. */
  readonly ca?: string | null;
}
