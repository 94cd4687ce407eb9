/** A mailbox: its placements, ascending by UID, and counters kept as they come and go. */
import type { MailboxId, Seq, Uid } from '../ids.ts';
import type { MailboxInfo, MailboxRole } from '../store.ts';
import type { AccountState } from './account-state.ts';
import { ExpungeHistory } from './expunge-history.ts';
import { OrderedList } from './ordered-list.ts';
import type { PlacementState } from './placement.ts';

const uidOf = (placement: PlacementState): number => placement.uid;

/** The largest UID (RFC 9051 §9). */
const LAST_UID = 0xffff_ffff;

export class MailboxState {
  readonly id: MailboxId;
  account: AccountState;
  name: string;
  role: MailboxRole | null;
  uidValidity: number;
  uidNext = 1 as Uid;
  /** First UID that no session has claimed as recent. */
  recent = 1 as Uid;
  highestModseq: Seq;
  readonly placements = new OrderedList<PlacementState>(uidOf);
  unseen = 0;
  deleted = 0;
  size = 0;
  /** Made with the first expunge; until then nothing was expunged after `historyFloor`. */
  #history: ExpungeHistory | null = null;
  #historyFloor = 0 as Seq;

  constructor(
    id: MailboxId,
    account: AccountState,
    facts: { name: string; role: MailboxRole | null; uidValidity: number; modseq: Seq },
  ) {
    this.id = id;
    this.account = account;
    this.name = facts.name;
    this.role = facts.role;
    this.uidValidity = facts.uidValidity;
    this.highestModseq = facts.modseq;
  }

  get history(): ExpungeHistory {
    return (this.#history ??= new ExpungeHistory(this.#historyFloor));
  }

  /** Whether anything was expunged, or forgotten of it. */
  get hasHistory(): boolean {
    return this.#history !== null || this.#historyFloor > 0;
  }

  /** Expunge history as compaction keeps it. */
  get keptHistory(): { expunged?: readonly number[]; floor: Seq } {
    if (this.#history === null) return { floor: this.#historyFloor };
    return { expunged: this.#history.toPairs(), floor: this.#history.floor };
  }

  restoreHistory(pairs: readonly number[], floor: Seq): void {
    this.#historyFloor = floor;
    this.#history = pairs.length === 0 ? null : ExpungeHistory.fromPairs(pairs, floor);
  }

  /** Leaves UIDs out; a new UIDVALIDITY where there are not so many left. */
  skipUids(count: number): void {
    if (this.uidNext + count > LAST_UID) this.uidValidity++;
    else this.uidNext = (this.uidNext + count) as Uid;
  }

  /** Forgets expunges up to `seq`: the log lost something there. */
  forgetHistory(seq: Seq): void {
    this.#historyFloor = seq;
    this.#history = null;
  }

  /** Puts a placement in, or another in the place of one with its UID. */
  put(placement: PlacementState): void {
    const before = this.placements.get(placement.uid);
    if (before !== undefined) this.#count(before, -1);
    this.placements.set(placement);
    this.#count(placement, 1);
    if (placement.uid >= this.uidNext) this.uidNext = (placement.uid + 1) as Uid;
    this.touch(placement.modseq);
  }

  take(uid: Uid, seq: Seq): PlacementState | undefined {
    const placement = this.placements.delete(uid);
    if (placement === undefined) return undefined;
    this.#count(placement, -1);
    // A mailbox that nobody ever opened has no client that could ask.
    if (this.account.watched) this.history.add(uid, seq);
    else this.#historyFloor = seq;
    this.touch(seq);
    return placement;
  }

  touch(seq: Seq): void {
    if (seq > this.highestModseq) this.highestModseq = seq;
  }

  info(): MailboxInfo {
    return {
      id: this.id,
      account: this.account.name,
      name: this.name,
      role: this.role,
      subscribed: this.account.subscriptions.has(this.name),
      uidValidity: this.uidValidity,
      uidNext: this.uidNext,
      highestModseq: this.highestModseq,
      recentFrom: this.recent,
      recent: this.placements.countFrom(this.recent),
      messages: this.placements.size,
      unseen: this.unseen,
      deleted: this.deleted,
      size: this.size,
    };
  }

  #count(placement: PlacementState, by: 1 | -1): void {
    if (!placement.seen) this.unseen += by;
    if (placement.deleted) this.deleted += by;
    this.size += by * placement.size;
  }
}
