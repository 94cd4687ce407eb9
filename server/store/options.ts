/** The options of a store. The caller passes the clock and the source of random numbers. */
import type { ThreadPool } from '../thread/pool.ts';
import type { AccountName } from './ids.ts';

/**
 * Limits of the stored messages; 0 or absent means no limit. Messages above a limit are removed, oldest arrival
 * first.
 */
export interface RetentionLimits {
  readonly maxMessages?: number;
  /** Maximum age in milliseconds since the message was stored. */
  readonly maxAge?: number;
  /** Maximum number of octets of raw messages. */
  readonly maxBytes?: number;
}

export interface Retention extends RetentionLimits {
  /** Limits for the INBOX of each account except `all`: messages above them are removed from that account only. */
  readonly perAccount?: RetentionLimits;
  /** Limits for the INBOX of the named accounts, instead of `perAccount`. */
  readonly accounts?: ReadonlyMap<AccountName, RetentionLimits>;
}

/** Whether messages can exceed an age limit without any call. */
export function hasAgeLimit(retention: Retention): boolean {
  const limits = [retention, retention.perAccount, ...(retention.accounts?.values() ?? [])];
  return limits.some((each) => (each?.maxAge ?? 0) > 0);
}

/** Limits of the time and of the memory for reading one message in a thread. */
export interface PrepareLimits {
  /** Milliseconds; 10 seconds when absent. */
  readonly deadline?: number;
  /** Megabytes of JavaScript objects; 512 when absent. */
  readonly heapMb?: number;
}

export interface StoreOptions {
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Returns a random number in [0, 1), uniformly distributed. */
  readonly random?: () => number;
  readonly retention?: Retention;
  /** Receives reports for the operator, line by line: damage, failures, mail that is refused. */
  readonly report?: (text: string) => void;
  /**
   * Entry file of the threads that prepare large messages; by default the one beside the bundled program, `null` for
   * none.
   */
  readonly thread?: string | null;
  /** Size in octets from which a message is large; a megabyte when absent. */
  readonly large?: number;
  /** Limits of time and memory for the preparation of a large message. */
  readonly prepareLimits?: PrepareLimits;
  /** Threads that read large messages for searches; when absent, the calling thread reads them. */
  readonly threads?: ThreadPool;
}
