/** The options of a store. The caller passes the clock and the source of random numbers. */
import type { ThreadPool } from '../thread/pool.ts';
import type { AccountName } from './ids.ts';

/**
 * Limits of the stored messages; 0 or absent means no limit. When a limit is exceeded, the messages that
 * arrived first are removed.
 */
export interface RetentionLimits {
  readonly maxMessages?: number;
  /** Maximum age of a message since it was stored, in milliseconds. */
  readonly maxAge?: number;
  /** Maximum total size of the raw messages in octets. */
  readonly maxBytes?: number;
}

export interface Retention extends RetentionLimits {
  /**
   * Limits for the INBOX of each account except `all`. Messages above these limits are removed from that
   * account only.
   */
  readonly perAccount?: RetentionLimits;
  /**
   * Limits for the INBOX of single accounts, by account name; for these accounts, `perAccount` does not
   * apply.
   */
  readonly accounts?: ReadonlyMap<AccountName, RetentionLimits>;
}

/**
 * Returns whether an age limit exists. If so, messages must be removed from time to time even if no call
 * changes the store.
 */
export function hasAgeLimit(retention: Retention): boolean {
  const limits = [retention, retention.perAccount, ...(retention.accounts?.values() ?? [])];
  return limits.some((each) => (each?.maxAge ?? 0) > 0);
}

/** Limits of time and memory for reading one message in a worker thread. */
export interface PrepareLimits {
  /** Maximum time for reading one message, in milliseconds; 10,000 by default. */
  readonly deadline?: number;
  /** Maximum memory for the JavaScript objects of a worker thread, in megabytes; 512 by default. */
  readonly heapMb?: number;
}

export interface StoreOptions {
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Returns a random number in [0, 1), uniformly distributed. */
  readonly random?: () => number;
  readonly retention?: Retention;
  /**
   * Number of matching messages up to which every list contains their exact number; 10,000 by default. A store may stop
   * counting there (see `MessagePage.totalIsAtLeast`).
   */
  readonly countLimit?: number;
  /**
   * Function that receives reports for the operator, one line each, about damage, failures and refused mail.
   */
  readonly report?: (text: string) => void;
  /**
   * Path of the script for the worker threads that prepare large messages; by default the script beside the
   * bundled program. With `null`, no worker thread is used.
   */
  readonly thread?: string | null;
  /** Size in octets from which a message is prepared in a worker thread; 1 MiB by default. */
  readonly large?: number;
  /** Limits of time and memory for preparing a large message in a worker thread. */
  readonly prepareLimits?: PrepareLimits;
  /**
   * Worker threads that read large messages for searches. Without them, the main thread reads these messages.
   */
  readonly threads?: ThreadPool;
}
