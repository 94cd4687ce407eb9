/** What was expunged from a mailbox and when, for QRESYNC (RFC 7162 §3.2.6); bounded, oldest forgotten first. */
import type { Seq, Uid } from '../ids.ts';

/** Expunges remembered in one mailbox: 160 KB at most, and more than a client sleeps through between two syncs. */
const REMEMBERED = 10_000;

export class ExpungeHistory {
  /** What was expunged after this seq is known completely. */
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

  /** UIDs expunged after `seq`, ascending; `undefined` when that is not known any more. */
  since(seq: Seq): Uid[] | undefined {
    if (seq < this.floor) return undefined;
    return this.#uids.filter((_, i) => (this.#seqs[i] ?? 0) > seq).sort((a, b) => a - b);
  }

  /** UIDs and seqs in pairs. */
  toPairs(): number[] {
    return this.#uids.flatMap((uid, i) => [uid, this.#seqs[i] ?? 0]);
  }

  static fromPairs(pairs: readonly number[], floor: Seq): ExpungeHistory {
    const history = new ExpungeHistory(floor);
    for (let i = 0; i + 1 < pairs.length; i += 2) history.add(pairs[i] as Uid, pairs[i + 1] as Seq);
    return history;
  }
}
