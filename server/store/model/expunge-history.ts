/**
 * The expunged UIDs of a mailbox with the seqs (change numbers) of their expunges, for QRESYNC (RFC 7162
 * §3.2.6). The number of stored expunges is limited; the oldest are dropped first.
 */
import type { Seq, Uid } from '../ids.ts';

/**
 * Maximum number of stored expunges of one mailbox: they take 160 KB, and a client rarely misses as many
 * between two syncs.
 */
const REMEMBERED = 10_000;

export class ExpungeHistory {
  /** The history contains every expunge after this seq (change number). */
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
   * Returns the UIDs that were expunged after `seq`, ascending; `undefined` when expunges after `seq` were
   * already dropped.
   */
  since(seq: Seq): Uid[] | undefined {
    if (seq < this.floor) return undefined;
    return this.#uids.filter((_, i) => (this.#seqs[i] ?? 0) > seq).sort((a, b) => a - b);
  }

  /** Returns the stored expunges as pairs of a UID and the seq of its expunge, in one flat array. */
  toPairs(): number[] {
    return this.#uids.flatMap((uid, i) => [uid, this.#seqs[i] ?? 0]);
  }

  static fromPairs(pairs: readonly number[], floor: Seq): ExpungeHistory {
    const history = new ExpungeHistory(floor);
    for (let i = 0; i + 1 < pairs.length; i += 2) history.add(pairs[i] as Uid, pairs[i + 1] as Seq);
    return history;
  }
}
