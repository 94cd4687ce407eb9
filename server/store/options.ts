/** What a store is opened with. The world (clock, randomness) comes from the composition root. */
import type { ThreadPool } from '../thread/pool.ts';
import type { PrepareLimits } from './prepare/preparer.ts';
import type { AccountName } from './ids.ts';

/** Limits on what is kept; 0 or absent is no limit. What is above them goes, oldest arrival first. */
export interface RetentionLimits {
  readonly maxMessages?: number;
  /** Milliseconds since the message was stored. */
  readonly maxAge?: number;
  /** Octets of raw messages. */
  readonly maxBytes?: number;
}

export interface Retention extends RetentionLimits {
  /** For the INBOX of each account but `all`: what is above goes from that account only. */
  readonly perAccount?: RetentionLimits;
  /** For the INBOX of the accounts named, instead of `perAccount`. */
  readonly accounts?: ReadonlyMap<AccountName, RetentionLimits>;
}

/** Whether time alone can make messages go. */
export function hasAgeLimit(retention: Retention): boolean {
  const limits = [retention, retention.perAccount, ...(retention.accounts?.values() ?? [])];
  return limits.some((each) => (each?.maxAge ?? 0) > 0);
}

export interface StoreOptions {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly retention?: Retention;
  /** Receives what the operator must know, line by line: damage, failures, mail that is refused. */
  readonly report?: (text: string) => void;
  /** Entry of the threads that prepare large messages; by default the one beside the bundled program, `null` for none. */
  readonly thread?: string | null;
  /** Octets from which on a message is large; a megabyte when absent. */
  readonly large?: number;
  /** Time and memory for the preparation of a large message. */
  readonly prepareLimits?: PrepareLimits;
  /** Where large messages are read for searches; in the calling thread when absent. */
  readonly threads?: ThreadPool;
}
