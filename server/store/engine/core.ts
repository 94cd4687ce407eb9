/**
 * The parts that the account, mailbox, message and record interfaces of the engine share: the state, the
 * journal, and `commit`, which changes both. Commits run one after the other; a call that only reads never
 * sees a half-applied commit.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MailboxId } from '../ids.ts';
import type { Journal } from './journal.ts';
import type { Plan } from './plan/plan.ts';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { MailboxState } from '../model/mail.ts';
import type { State } from '../model/state.ts';
import { StoreError } from '../store.ts';
import { SharedSlice } from '../../async/time-slice.ts';
import { commit } from './commit.ts';

/**
 * Maximum number of messages that one commit of a bulk call changes. A commit of this size takes a few
 * milliseconds.
 */
export const BULK = 500;

interface CoreParts {
  readonly state: State;
  readonly journal: Journal;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Function that is called after each commit. */
  readonly onCommit: () => void;
}

export class Core {
  readonly state: State;
  readonly journal: Journal;
  readonly clock: () => number;
  /**
   * The time slice that is shared by commits and the preparation of new messages. Without a shared slice, a commit and
   * a preparation could each block the event loop for a whole slice, one directly after the other.
   */
  readonly slice = new SharedSlice();
  readonly #onCommit: () => void;
  readonly #queue = new SerialQueue();
  #isClosing = false;

  constructor({ state, journal, clock, onCommit }: CoreParts) {
    this.state = state;
    this.journal = journal;
    this.clock = clock;
    this.#onCommit = onCommit;
  }

  /** Throws `StoreError('closed')` once closing of the store has begun. */
  assertOpen(): void {
    if (this.#isClosing) throw new StoreError('closed', 'The store is closed');
  }

  /** Marks the store as closing: all later calls to the store fail with `StoreError('closed')`. */
  startClosing(): void {
    this.#isClosing = true;
  }

  /** Resolves when all commits that were queued before this call have ended. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Returns the mailbox with this id. Throws `StoreError('not-found')` for an unknown id. */
  mailbox(id: MailboxId): MailboxState {
    const mailbox = this.state.mailboxes.get(id);
    if (mailbox === undefined) throw new StoreError('not-found', 'There is no such mailbox');
    return mailbox;
  }

  /**
   * Waits for all earlier commits, calls `make` to get a plan (a description of the change), and commits the
   * plan.
   * @param isAccess see `Journal.append`
   */
  async commit<T>(make: () => Plan<T>, isAccess = false): Promise<T> {
    this.assertOpen();
    return this.#queue.run(async () => {
      await this.slice.take();
      const result = await commit(this.state, this.journal, make(), isAccess);
      this.#onCommit();
      return result;
    });
  }

  /**
   * Divides the `items` of a bulk call into slices of limited size, and commits the plan for each slice.
   * Other work can run between two commits.
   */
  async commitInSlices<T, R>(items: readonly T[], plan: (slice: readonly T[]) => Plan<R>): Promise<R[]> {
    this.assertOpen();
    const results: R[] = [];
    for (let from = 0; from < items.length; from += BULK) {
      if (from > 0) await nextTurn();
      results.push(await this.commit(() => plan(items.slice(from, from + BULK))));
    }
    return results;
  }
}
