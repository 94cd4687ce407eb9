/** One message in one mailbox, as the state holds it: an immutable `Placement` that also knows both its ends. */
import type { MessageId, Seq, Uid } from '../ids.ts';
import type { Placement } from '../store.ts';
import type { FlagSet } from './flag-sets.ts';
import type { MailboxState } from './mailbox-state.ts';
import type { MessageRecord } from './message-record.ts';

/** What makes a placement, its two ends aside. */
export interface PlacementFacts {
  readonly uid: Uid;
  readonly flags: FlagSet;
  readonly modseq: Seq;
  /** Seq of the change that made it. */
  readonly born: Seq;
  readonly savedAt: number;
}

/** The fields that a message's record has already are read from there: there are more placements than anything. */
export class PlacementState implements Placement {
  readonly uid: Uid;
  readonly flags: FlagSet;
  readonly modseq: Seq;
  // Private, so that whoever compares or prints a placement sees what the interface promises and no more.
  readonly #record: MessageRecord;
  readonly #mailbox: MailboxState;
  readonly #born: Seq;
  /** Milliseconds after its message was stored: 0 but for copies. */
  readonly #savedLater: number;

  constructor(record: MessageRecord, mailbox: MailboxState, facts: PlacementFacts) {
    this.uid = facts.uid;
    this.flags = facts.flags;
    this.modseq = facts.modseq;
    this.#record = record;
    this.#mailbox = mailbox;
    this.#born = facts.born;
    this.#savedLater = facts.savedAt - record.storedAt;
  }

  get message(): MessageId {
    return this.#record.id;
  }

  get receivedAt(): number {
    return this.#record.receivedAt;
  }

  get savedAt(): number {
    return this.#record.storedAt + this.#savedLater;
  }

  get size(): number {
    return this.#record.size;
  }

  get record(): MessageRecord {
    return this.#record;
  }

  get mailbox(): MailboxState {
    return this.#mailbox;
  }

  get born(): Seq {
    return this.#born;
  }

  get seen(): boolean {
    return this.flags.includes('\\Seen');
  }

  get flagged(): boolean {
    return this.flags.includes('\\Flagged');
  }

  get deleted(): boolean {
    return this.flags.includes('\\Deleted');
  }

  withFlags(flags: FlagSet, modseq: Seq): PlacementState {
    const { uid, savedAt } = this;
    return new PlacementState(this.#record, this.#mailbox, { uid, flags, modseq, savedAt, born: this.#born });
  }
}
