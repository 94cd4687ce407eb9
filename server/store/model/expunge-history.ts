/**
 * The UIDs that were expunged from a mailbox, each with the number (seq) of the change that expunged it, for QRESYNC
 * (RFC 7162 §3.2.6). The number of stored UIDs is limited; the oldest UIDs are dropped first.
 */
import type { Seq, Uid } from '../ids.ts';

/**
 * Maximum number of expunged UIDs that are stored for one mailbox. They take 160 KB; a client rarely misses
 * more expunges between two synchronizations.
 */
const REMEMBERED = 10_000;

export class ExpungeHistory {
  /** Change number (seq) after which the history is complete: it contains every later expunge. */
  floor: Seq;
  #uids: Uid[] = [];
  #seqs: Seq[] = [];

  constructor(floor: Seq) {
    this.floor = floor;
  }

  add(uid: Uid, seq: Seq): void {
    this.#uids.push(uid);
    this.#seqs.push(seq);
    if (this.#uids.length < 2 * REMEMBERED) return;
    this.floor = this.#seqs[REMEMBERED - 1] ?? this.floor;
    this.#uids = this.#uids.slice(REMEMBERED);
    this.#seqs = this.#seqs.slice(REMEMBERED);
  }

  /**
   * Returns the UIDs that were expunged after the change number `seq`, ascending; `undefined` if some of them
   * are no longer stored.
   */
  since(seq: Seq): Uid[] | undefined {
    if (seq < this.floor) return undefined;
    return this.#uids.filter((_, i) => (this.#seqs[i] ?? 0) > seq).sort((a, b) => a - b);
  }

  /** Returns the history as pairs of a UID and the number (seq) of its expunge, in one flat array. */
  toPairs(): number[] {
    return this.#uids.flatMap((uid, i) => [uid, this.#seqs[i] ?? 0]);
  }

  static fromPairs(pairs: readonly number[], floor: Seq): ExpungeHistory {
    const history = new ExpungeHistory(floor);
    for (let i = 0; i + 1 < pairs.length; i += 2) history.add(pairs[i] as Uid, pairs[i + 1] as Seq);
    return history;
  }
}
