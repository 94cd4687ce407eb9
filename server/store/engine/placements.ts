/**
 * Implements the store's operations on placements; a placement is a message in a mailbox, with its UID and its
 * flags there.
 */
import type { MailboxId, Seq, Uid } from '../ids.ts';
import { ascending, copySlices } from './copy-slices.ts';
import { planFlags } from './plan/flags.ts';
import { planCopy, planExpunge } from './plan/placements.ts';
import type { CopyOutcome, FlagOperation, FlagOutcome, Placement, Placements } from '../store.ts';
import type { Core } from './core.ts';

export class EnginePlacements implements Placements {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async list(mailbox: MailboxId, changedSince?: Seq): Promise<readonly Placement[]> {
    this.#core.assertOpen();
    const known = this.#core.mailbox(mailbox);
    if (changedSince !== undefined && known.highestModseq <= changedSince) return [];
    const placements = known.placements.toArray();
    if (changedSince === undefined) return placements;
    return placements.filter(({ modseq }) => modseq > changedSince);
  }

  async expungedSince(mailbox: MailboxId, since: Seq): Promise<readonly Uid[] | undefined> {
    this.#core.assertOpen();
    return this.#core.mailbox(mailbox).history.since(since);
  }

  async setFlags(
    mailbox: MailboxId,
    uids: readonly Uid[],
    operation: FlagOperation,
    flags: readonly string[],
    unchangedSince?: Seq,
  ): Promise<FlagOutcome> {
    this.#core.assertOpen();
    this.#core.mailbox(mailbox);
    const outcomes = await this.#core.commitInSlices(uids, (slice) =>
      planFlags(this.#core.state, this.#core.mailbox(mailbox), slice, operation, flags, unchangedSince),
    );
    return {
      updated: outcomes.flatMap(({ updated }) => updated),
      modified: outcomes.flatMap(({ modified }) => modified),
    };
  }

  copy(mailbox: MailboxId, uids: readonly Uid[], to: MailboxId): Promise<CopyOutcome> {
    return this.#copyInSlices(mailbox, uids, to, false);
  }

  move(mailbox: MailboxId, uids: readonly Uid[], to: MailboxId): Promise<CopyOutcome> {
    return this.#copyInSlices(mailbox, uids, to, true);
  }

  async expunge(mailbox: MailboxId, uids: readonly Uid[]): Promise<readonly Uid[]> {
    this.#core.assertOpen();
    this.#core.mailbox(mailbox);
    const { state, clock } = this.#core;
    const expunged = await this.#core.commitInSlices(ascending(uids), (slice) =>
      planExpunge(state, this.#core.mailbox(mailbox), slice, clock()),
    );
    return expunged.flat();
  }

  /** Copies or moves messages in slices, with one commit for each slice. */
  async #copyInSlices(
    from: MailboxId,
    uids: readonly Uid[],
    to: MailboxId,
    move: boolean,
  ): Promise<CopyOutcome> {
    this.#core.assertOpen();
    this.#core.mailbox(from);
    const { state, clock } = this.#core;
    return copySlices(
      this.#core.mailbox(to).uidValidity,
      (done) =>
        this.#core.commitInSlices(ascending(uids), (slice) => {
          const [source, target] = [this.#core.mailbox(from), this.#core.mailbox(to)];
          const { lines, result } = planCopy(state, source, slice, target, clock(), move);
          return { lines, result: () => done(result()) };
        }),
      move ? null : (copies) => this.expunge(to, copies),
    );
  }
}
