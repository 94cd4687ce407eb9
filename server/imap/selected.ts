/**
 * A session's view of its selected mailbox: what the client has been told. Changes of the store queue up and are
 * told only when the protocol allows, so sequence numbers mean to both sides the same at all times.
 *
 * Invariants:
 * - A message leaves the view only in `drain(true)`, and every departure is in the updates returned.
 * - Messages enter at the end, in UID order; one that came and went between two drains is never told of.
 * - Applying a change twice, or one that a snapshot already holds, changes nothing.
 */
import type { Change } from '../store/changes.ts';
import type { MailboxId, Seq, Uid } from '../store/ids.ts';
import type { Placement } from '../store/store.ts';
import { lowerBound, type SequenceNumber } from './sequence-set.ts';

/** What the client is to be told, in order. */
export type Update =
  | { readonly kind: 'expunge'; readonly number: SequenceNumber; readonly uid: Uid }
  | { readonly kind: 'exists'; readonly count: number }
  | {
      readonly kind: 'flags';
      readonly number: SequenceNumber;
      readonly uid: Uid;
      readonly flags: readonly string[];
      readonly modseq: Seq;
    };

type Queued =
  | { readonly kind: 'added'; readonly uid: Uid }
  | { readonly kind: 'removed'; readonly uid: Uid }
  | { readonly kind: 'flags'; readonly uid: Uid; readonly flags: readonly string[]; readonly modseq: Seq };

export class SelectedView {
  readonly mailbox: MailboxId;
  /** UIDs by index; the sequence number is the index plus one. */
  #uids: Uid[] = [];
  /** Placements by index; `undefined` while a newcomer's has not been asked for. */
  #placements: (Placement | undefined)[] = [];
  #queue: Queued[] = [];
  #unloaded = 0;
  /** UID ranges that this session was the first to be told of (RFC 3501 §2.3.2), ascending. */
  readonly #recent: { readonly from: number; readonly to: number }[] = [];
  #recentCount = 0;
  #removed = false;

  constructor(mailbox: MailboxId, placements: readonly Placement[] = []) {
    this.mailbox = mailbox;
    this.snapshot(placements);
  }

  /** Starts from the mailbox as the store has it. Changes queued before and already in it do no harm. */
  snapshot(placements: readonly Placement[]): void {
    this.#uids = placements.map(({ uid }) => uid);
    this.#placements = [...placements];
  }

  get size(): number {
    return this.#uids.length;
  }

  /** UIDs by index, ascending. */
  get uids(): readonly Uid[] {
    return this.#uids;
  }

  /** Whether the mailbox itself is gone. */
  get removed(): boolean {
    return this.#removed;
  }

  /** Whether a drain may have something to tell. */
  get pending(): boolean {
    return this.#queue.length > 0;
  }

  /** Whether newcomers wait for `load`. */
  get unloaded(): boolean {
    return this.#unloaded > 0;
  }

  /** The message at an index; `undefined` when it was gone before anything but its number was known. */
  at(index: number): Placement | undefined {
    return this.#placements[index];
  }

  number(index: number): SequenceNumber {
    return (index + 1) as SequenceNumber;
  }

  /** Index of a UID, or −1. */
  indexOf(uid: Uid): number {
    const index = lowerBound(this.#uids, uid);
    return this.#uids[index] === uid ? index : -1;
  }

  /** UIDs of messages that are gone, though the client has not been told yet. */
  get departed(): ReadonlySet<Uid> {
    return new Set(this.#queue.filter(({ kind }) => kind === 'removed').map(({ uid }) => uid));
  }

  /** Takes from a change what concerns this mailbox. */
  receive(change: Change): void {
    if (change.kind === 'flagged') {
      if (change.place.mailbox !== this.mailbox) return;
      this.#queue.push({ kind: 'flags', uid: change.place.uid, flags: change.flags, modseq: change.seq });
    } else if ('places' in change || 'place' in change) {
      const kind = change.kind === 'message-added' || change.kind === 'placed' ? 'added' : 'removed';
      for (const { mailbox, uid } of 'places' in change ? change.places : [change.place]) {
        if (mailbox === this.mailbox) this.#queue.push({ kind, uid });
      }
    } else if (change.kind === 'mailbox-removed' && change.mailbox === this.mailbox) {
      this.#removed = true;
    }
  }

  /**
   * Gives newcomers their placements; returns those. Messages already known keep theirs: the client was told them.
   */
  load(placements: readonly Placement[]): readonly Placement[] {
    const loaded: Placement[] = [];
    for (const placement of placements) {
      const index = this.indexOf(placement.uid);
      if (index === -1 || this.#placements[index] !== undefined) continue;
      this.#placements[index] = placement;
      loaded.push(placement);
    }
    this.#unloaded = 0;
    return loaded;
  }

  /**
   * Takes over what this session's own command did, so that it is not told again.
   *
   * @returns the UIDs whose flags somebody else changed as well since the last drain
   */
  applyOwn(updated: readonly Placement[]): ReadonlySet<Uid> {
    const own = new Map(updated.map((placement) => [placement.uid, placement]));
    const foreign = new Set<Uid>();
    for (const event of this.#queue) {
      const placement = event.kind === 'flags' ? own.get(event.uid) : undefined;
      if (placement !== undefined && event.kind === 'flags' && event.modseq !== placement.modseq) {
        foreign.add(event.uid);
      }
    }
    for (const placement of updated) {
      const index = this.indexOf(placement.uid);
      if (index !== -1) this.#placements[index] = placement;
    }
    return foreign;
  }

  /**
   * What the client is to be told now. Departures stay queued unless `expunge`.
   *
   * The order is departures by ascending UID, the new count, then flags with the numbers that hold after both.
   */
  drain(expunge: boolean): Update[] {
    if (this.#queue.length === 0) return [];
    const queue = this.#queue;
    this.#queue = [];
    const removed = new Set(queue.filter(({ kind }) => kind === 'removed').map(({ uid }) => uid));
    const before = this.#uids.length;
    const flags = new Map<Uid, Queued & { kind: 'flags' }>();
    for (const event of queue) {
      if (event.kind === 'added') {
        if (event.uid > (this.#uids.at(-1) ?? 0) && !removed.has(event.uid)) this.#append(event.uid);
      } else if (event.kind === 'flags') {
        this.#changeFlags(event, flags);
      }
    }
    const added = this.#uids.length > before;

    const updates: Update[] = [];
    if (expunge) {
      updates.push(...this.#remove(removed));
    } else {
      for (const uid of removed) if (this.indexOf(uid) !== -1) this.#queue.push({ kind: 'removed', uid });
    }
    if (added) updates.push({ kind: 'exists', count: this.#uids.length });
    for (const { uid, flags: now, modseq } of flags.values()) {
      const index = this.indexOf(uid);
      if (index !== -1) updates.push({ kind: 'flags', number: this.number(index), uid, flags: now, modseq });
    }
    return updates;
  }

  /** Counts the messages from `from` on, as far as the view reaches, as recent in this session. */
  claimRecent(from: Uid): void {
    const to = this.#uids.at(-1) ?? 0;
    if (from > to) return;
    this.#recent.push({ from, to });
    this.#recentCount += this.#uids.length - lowerBound(this.#uids, from);
  }

  /** Messages in the view that are recent. */
  get recentCount(): number {
    return this.#recentCount;
  }

  isRecent(uid: Uid): boolean {
    return this.#recent.some(({ from, to }) => uid >= from && uid <= to);
  }

  #append(uid: Uid): void {
    this.#uids.push(uid);
    this.#placements.push(undefined);
    this.#unloaded++;
  }

  #changeFlags(event: Queued & { kind: 'flags' }, told: Map<Uid, Queued & { kind: 'flags' }>): void {
    const index = this.indexOf(event.uid);
    if (index === -1) return;
    const known = this.#placements[index];
    if (known !== undefined) {
      if (known.modseq >= event.modseq) return;
      this.#placements[index] = { ...known, flags: event.flags, modseq: event.modseq };
    }
    told.set(event.uid, event);
  }

  #remove(uids: ReadonlySet<Uid>): Update[] {
    if (uids.size === 0) return [];
    const updates: Update[] = [];
    const keep = (uid: Uid): boolean => !uids.has(uid);
    for (const [index, uid] of this.#uids.entries()) {
      if (keep(uid)) continue;
      updates.push({ kind: 'expunge', number: this.number(index - updates.length), uid });
      if (this.isRecent(uid)) this.#recentCount--;
    }
    if (updates.length > 0) {
      const uidsBefore = this.#uids;
      this.#placements = this.#placements.filter((_, index) => keep(uidsBefore[index] ?? (0 as Uid)));
      this.#uids = uidsBefore.filter(keep);
    }
    return updates;
  }
}
