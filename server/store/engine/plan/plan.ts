/**
 * A plan describes a change to the current state: it contains log entries with all numbers assigned, which
 * are not yet written and not yet applied. Only one plan exists at a time, so the state does not change
 * before the plan is committed.
 */
import type { MailboxId, Seq, Uid } from '../../ids.ts';
import type { Entry } from '../../model/entry.ts';
import type { MailboxState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';

export interface Plan<T> {
  /** Lines to write to the log. The entries of one line are applied all together or not at all. */
  readonly lines: readonly (readonly Entry[])[];
  /**
   * Returns the result of the call that made the plan. It is called after the lines were applied to the
   * state.
   */
  readonly result: () => T;
}

export const nothing = <T>(result: T): Plan<T> => ({ lines: [], result: () => result });

/** Assigns change numbers (seqs) and UIDs for the log entries of one plan. */
export class Numbering {
  readonly #uids = new Map<MailboxState, Uid>();
  #next: Seq;

  constructor(state: State) {
    this.#next = (state.seq + 1) as Seq;
  }

  /** Reserves the next `count` change numbers (seqs), and returns the first of them. */
  take(count = 1): Seq {
    const first = this.#next;
    this.#next = (first + count) as Seq;
    return first;
  }

  uid(mailbox: MailboxState): Uid {
    const uid = this.#uids.get(mailbox) ?? mailbox.uidNext;
    this.#uids.set(mailbox, (uid + 1) as Uid);
    return uid;
  }
}

/**
 * Returns the id of a new mailbox. The id is unique, because it is made from the number (seq) of the change
 * that creates the mailbox.
 */
export const mailboxIdOf = (seq: Seq): MailboxId => `m${seq.toString(36)}` as MailboxId;
