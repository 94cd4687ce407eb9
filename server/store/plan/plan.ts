/**
 * A plan is what a call will do, worked out against the state as it stands: entries with every number assigned,
 * not yet written, not yet applied. Plans are made one at a time, so nothing moves between plan and commit.
 */
import type { MailboxId, Seq, Uid } from '../ids.ts';
import type { Entry } from '../state/entry.ts';
import type { MailboxState } from '../state/mail.ts';
import type { State } from '../state/state.ts';

export interface Plan<T> {
  /** Lines of the log; the entries of one line stand or fall together. */
  readonly lines: readonly (readonly Entry[])[];
  /** Called when the lines are applied. */
  readonly result: () => T;
}

export const nothing = <T>(result: T): Plan<T> => ({ lines: [], result: () => result });

/** Numbers for the changes and placements of one plan. */
export class Numbering {
  readonly #uids = new Map<MailboxState, Uid>();
  #next: Seq;

  constructor(state: State) {
    this.#next = (state.seq + 1) as Seq;
  }

  /** Takes the next `count` seqs; returns the first. */
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

/** A mailbox's id: from the seq of the change that made it, which is never given twice. */
export const mailboxIdOf = (seq: Seq): MailboxId => `m${seq.toString(36)}` as MailboxId;
