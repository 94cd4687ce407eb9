/**
 * A session's view of its selected mailbox: the state of the mailbox as the server has reported it to the
 * client. Changes of the store are queued and reported only when the protocol allows it, so a sequence number
 * always refers to the same message for the server and for the client.
 *
 * Invariants:
 * - A message is removed from the view only by `drain(true)`, which returns every removal.
 * - Messages are added at the end, in UID order. A message that is added and removed between two drains is
 *   never reported.
 * - A change that is applied twice, or that the initial snapshot already contains, has no effect.
 */
import type { Change } from '../../store/changes.ts';
import type { MailboxId, Seq, Uid } from '../../store/ids.ts';
import type { Placement } from '../../store/store.ts';
import { lowerBound, type SequenceNumber, type UidList } from '../wire/sequence-set.ts';
import { SharedEntries } from './shared-entries.ts';

/** A change that the server must report to the client. */
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

/** A message whose flags must be reported to the client. */
export interface FlagReport {
  readonly number: SequenceNumber;
  readonly uid: Uid;
  readonly modseq: Seq;
  /** Flags without `\Recent`; `null` to report only the MODSEQ. */
  readonly flags: readonly string[] | null;
}

/** A STORE command of this session, with the result of its changes in the store. */
interface StoredFlags {
  readonly updated: readonly Placement[];
  /**
   * UIDs of messages whose flags were not stored, because the messages were changed after the MODSEQ of
   * UNCHANGEDSINCE.
   */
  readonly modified: readonly Uid[];
  /** Whether the client used `.SILENT`: the flags that it has stored itself are not reported to it. */
  readonly silent: boolean;
  /**
   * Returns the flags of a message after the command, computed from its flags before the command; `null` for a
   * command with UNCHANGEDSINCE.
   */
  readonly change: ((flags: readonly string[]) => readonly string[]) | null;
}

type Queued =
  | { readonly kind: 'added'; readonly uid: Uid; readonly seq: Seq }
  | { readonly kind: 'removed'; readonly uid: Uid }
  | { readonly kind: 'flags'; readonly uid: Uid; readonly flags: readonly string[]; readonly modseq: Seq };

/** A message of the view: its placement (flags, MODSEQ), or only its UID while the placement is not loaded. */
type Entry = Placement | Uid;

export class SelectedView implements UidList {
  readonly mailbox: MailboxId;
  /** The messages by index, ascending by UID; the sequence number is the index plus one. */
  #entries = new SharedEntries<Entry>();
  #queue: Queued[] = [];
  /** UIDs of expunged messages whose removal is queued but not yet reported. */
  #departed = new Set<Uid>();
  #unloadedSince: Seq | null = null;
  /** The flags that were already reported for messages whose placement (flags, MODSEQ) is not loaded. */
  readonly #toldUnloaded = new Map<Uid, Pick<Placement, 'flags' | 'modseq'>>();
  /** Ranges of UIDs that are recent in this session (RFC 3501 §2.3.2), ascending. */
  readonly #recent: { readonly from: number; readonly to: number }[] = [];
  #recentCount = 0;
  #removed = false;

  constructor(mailbox: MailboxId, placements: readonly Placement[] = []) {
    this.mailbox = mailbox;
    this.snapshot(placements);
  }

  /**
   * Sets the messages with which the view begins. The array `placements` is shared by all views and never changed.
   * Queued changes that the messages already reflect have no effect.
   */
  snapshot(placements: readonly Placement[]): void {
    this.#entries = new SharedEntries<Entry>(placements);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Returns the UID at an index; 0 beyond the end. */
  uidAt(index: number): Uid {
    const entry = this.#entries.at(index);
    return entry === undefined ? NO_UID : uidOf(entry);
  }

  /** The highest UID in the view; 0 in an empty mailbox. */
  get lastUid(): Uid {
    return this.uidAt(this.size - 1);
  }

  /** Whether the mailbox was deleted. */
  get removed(): boolean {
    return this.#removed;
  }

  /** Records that the mailbox no longer exists, because its account was removed. */
  markRemoved(): void {
    this.#removed = true;
  }

  /** Whether changes are queued that are not yet reported. */
  get pending(): boolean {
    return this.#queue.length > 0;
  }

  /**
   * A change number of the store: all messages whose placement (flags, MODSEQ) is not loaded were added after this
   * change. `null` if all placements are loaded.
   */
  get unloadedSince(): Seq | null {
    return this.#unloadedSince;
  }

  /**
   * Returns the message at an index; `undefined` if its placement (flags, MODSEQ) is not loaded, or if it was
   * expunged before `load`.
   */
  at(index: number): Placement | undefined {
    const entry = this.#entries.at(index);
    return typeof entry === 'object' ? entry : undefined;
  }

  number(index: number): SequenceNumber {
    return (index + 1) as SequenceNumber;
  }

  /** Returns the index of a UID, or −1. */
  indexOf(uid: Uid): number {
    const index = lowerBound(this, uid);
    return this.uidAt(index) === uid ? index : -1;
  }

  /** Returns the UIDs below `next` that no message of the view has. */
  missingUids(next: Uid): Uid[] {
    const missing: Uid[] = [];
    let index = 0;
    for (let uid = 1; uid < next; uid++) {
      if (this.uidAt(index) === uid) index++;
      else missing.push(uid as Uid);
    }
    return missing;
  }

  /** Returns whether a message is expunged in the store, but its removal is not yet reported to the client. */
  hasDeparted(uid: Uid): boolean {
    return this.#departed.has(uid);
  }

  /** Queues a change of the store, if it affects this mailbox. */
  receive(change: Change): void {
    if (change.kind === 'flagged') {
      if (change.place.mailbox !== this.mailbox) return;
      this.#queue.push({ kind: 'flags', uid: change.place.uid, flags: change.flags, modseq: change.seq });
    } else if ('places' in change || 'place' in change) {
      const { seq } = change;
      const added = change.kind === 'message-added' || change.kind === 'placed';
      for (const { mailbox, uid } of 'places' in change ? change.places : [change.place]) {
        if (mailbox !== this.mailbox) continue;
        this.#queue.push(added ? { kind: 'added', uid, seq } : { kind: 'removed', uid });
        if (!added) this.#departed.add(uid);
      }
    } else if (change.kind === 'mailbox-removed' && change.mailbox === this.mailbox) {
      this.#removed = true;
    }
  }

  /**
   * Sets the placements (UID, flags, MODSEQ) of messages that have none yet, and returns them. Other messages
   * keep the placement that was reported to the client. Messages that are not in the view are ignored.
   */
  load(placements: readonly Placement[]): readonly Placement[] {
    const loaded: Placement[] = [];
    for (const placement of placements) {
      const index = this.indexOf(placement.uid);
      if (index === -1 || this.at(index) !== undefined) continue;
      const told = this.#toldUnloaded.get(placement.uid);
      this.#entries.set(index, told === undefined ? placement : changed(placement, told));
      loaded.push(placement);
    }
    this.#unloadedSince = null;
    this.#toldUnloaded.clear();
    return loaded;
  }

  /**
   * Applies the flags that a command of this session has set, and removes the changes of these flags from the
   * queue, because the command itself reports them.
   *
   * @returns the UIDs whose flags another session has also changed since the last report
   */
  applyOwn(updated: readonly Placement[]): ReadonlySet<Uid> {
    const own = new Map(updated.map((placement) => [placement.uid, placement.modseq]));
    const foreign = new Set<Uid>();
    this.#queue = this.#queue.filter((event) => {
      const modseq = event.kind === 'flags' ? own.get(event.uid) : undefined;
      if (modseq === undefined || event.kind !== 'flags') return true;
      if (event.modseq === modseq) return false;
      foreign.add(event.uid);
      return true;
    });
    for (const placement of updated) {
      const index = this.indexOf(placement.uid);
      if (index !== -1) this.#entries.set(index, placement);
    }
    return foreign;
  }

  /**
   * Applies the result of a STORE command of this session.
   *
   * @param named UIDs of the messages that the command names
   * @returns the reports for the client; a report contains no flags if `silent` is set and no other session
   * changed the flags
   */
  applyStore(named: readonly Uid[], { updated, modified, silent, change }: StoredFlags): FlagReport[] {
    const foreign = this.applyOwn(updated);
    // RFC 2180 §4.2: messages that other sessions have expunged still exist for the client, so it gets the
    // usual response for them.
    if (change !== null) this.#changeDeparted(named, change);
    const unchanged = new Set(modified);
    return named.flatMap((uid): FlagReport | [] => {
      const index = unchanged.has(uid) ? -1 : this.indexOf(uid);
      const placement = this.at(index);
      if (placement === undefined) return [];
      const flags = silent && !foreign.has(uid) ? null : placement.flags;
      return { number: this.number(index), uid, modseq: placement.modseq, flags };
    });
  }

  /**
   * Returns the queued changes to report now, and removes them from the queue. Expunges stay queued unless
   * `expunge` is set.
   *
   * The order is: expunges by ascending UID, the new number of messages, then flags. The sequence numbers in the
   * flag changes are those after the expunges.
   */
  drain(expunge: boolean): Update[] {
    if (this.#queue.length === 0) return [];
    const queue = this.#queue;
    this.#queue = [];
    const removed = this.#departed;
    this.#departed = new Set();
    const before = this.size;
    const flags = new Map<Uid, Queued & { kind: 'flags' }>();
    for (const event of queue) {
      if (event.kind === 'added') {
        if (event.uid > this.lastUid && !removed.has(event.uid)) this.#append(event);
      } else if (event.kind === 'flags') {
        this.#changeFlags(event, flags);
      }
    }
    const added = this.size > before;

    const updates: Update[] = [];
    if (expunge) {
      updates.push(...this.#remove(removed));
    } else {
      for (const uid of removed) {
        if (this.indexOf(uid) === -1) continue;
        this.#queue.push({ kind: 'removed', uid });
        this.#departed.add(uid);
      }
    }
    if (added) updates.push({ kind: 'exists', count: this.size });
    for (const { uid, flags: now, modseq } of flags.values()) {
      const index = this.indexOf(uid);
      if (index !== -1) updates.push({ kind: 'flags', number: this.number(index), uid, flags: now, modseq });
    }
    return updates;
  }

  /** Records that the messages of the view from the UID `first` on are recent in this session. */
  claimRecent(first: Uid): void {
    const to = this.lastUid;
    const from = Math.max(first, (this.#recent.at(-1)?.to ?? 0) + 1);
    if (from > to) return;
    this.#recent.push({ from, to });
    this.#recentCount += this.size - lowerBound(this, from);
  }

  /** The number of messages in the view that are recent in this session. */
  get recentCount(): number {
    return this.#recentCount;
  }

  isRecent(uid: Uid): boolean {
    return this.#recent.some(({ from, to }) => uid >= from && uid <= to);
  }

  /**
   * Changes the flags of those messages of `uids` that are expunged: for the client, these messages still
   * exist.
   */
  #changeDeparted(uids: readonly Uid[], change: (flags: readonly string[]) => readonly string[]): void {
    const departed = new Set(uids.filter((uid) => this.#departed.has(uid)));
    if (departed.size === 0) return;
    // The queued changes of other sessions are older than the client's STORE. The STORE is applied to the flags in
    // these changes as well, because the client would otherwise lose its result when the changes are reported.
    this.#queue = this.#queue.map((event) =>
      event.kind === 'flags' && departed.has(event.uid) ? { ...event, flags: change(event.flags) } : event,
    );
    for (const uid of departed) {
      const index = this.indexOf(uid);
      const placement = this.at(index);
      if (placement === undefined) continue;
      this.#entries.set(
        index,
        changed(placement, { flags: change(placement.flags), modseq: placement.modseq }),
      );
    }
  }

  #append({ uid, seq }: Queued & { kind: 'added' }): void {
    this.#entries.push(uid);
    this.#unloadedSince ??= (seq - 1) as Seq;
  }

  #changeFlags(event: Queued & { kind: 'flags' }, told: Map<Uid, Queued & { kind: 'flags' }>): void {
    const index = this.indexOf(event.uid);
    if (index === -1) return;
    const known = this.at(index);
    if (known === undefined) {
      this.#toldUnloaded.set(event.uid, event);
    } else {
      if (known.modseq >= event.modseq) return;
      this.#entries.set(index, changed(known, event));
    }
    told.set(event.uid, event);
  }

  #remove(uids: ReadonlySet<Uid>): Update[] {
    if (uids.size === 0) return [];
    const ascending = [...uids].filter((uid) => this.indexOf(uid) !== -1).sort((a, b) => a - b);
    const indexes = this.#entries.remove(ascending, uidOf);
    return ascending.map((uid, before): Update => {
      if (this.isRecent(uid)) this.#recentCount--;
      // Each reported expunge decrements the sequence numbers of the messages after it.
      return { kind: 'expunge', number: this.number((indexes[before] ?? 0) - before), uid };
    });
  }
}

const NO_UID = 0 as Uid;
const uidOf = (entry: Entry): Uid => (typeof entry === 'object' ? entry.uid : entry);

/**
 * Returns a copy of a placement (UID, flags, MODSEQ) with other flags. The function copies each field by name,
 * because some fields of a store's placement are inherited and a spread would omit them.
 */
function changed(placement: Placement, { flags, modseq }: Pick<Placement, 'flags' | 'modseq'>): Placement {
  const { uid, message, receivedAt, savedAt, size } = placement;
  return { uid, message, flags, modseq, receivedAt, savedAt, size };
}
