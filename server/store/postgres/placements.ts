/** Implements the store's operations on placements: messages in mailboxes, with their UIDs and flags. */
import type { MailboxId, Seq, Uid } from '../ids.ts';
import { ascending, copySlices } from '../engine/copy-slices.ts';
import { planFlags } from '../engine/plan/flags.ts';
import { planCopy, planExpunge } from '../engine/plan/placements.ts';
import type { MailboxState } from '../model/mail.ts';
import type { State } from '../model/state.ts';
import {
  StoreError,
  type CopyOutcome,
  type FlagOperation,
  type FlagOutcome,
  type Placement,
  type Placements,
} from '../store.ts';
import type { Core } from './core.ts';
import { MAILBOX, type MailboxRow } from './rows.ts';
import { safeName } from './text.ts';

const noMailbox = (): StoreError => new StoreError('not-found', 'There is no such mailbox');

function mailboxOf(state: State, id: MailboxId): MailboxState {
  const mailbox = state.mailboxes.get(id);
  if (mailbox === undefined) throw noMailbox();
  return mailbox;
}

const LIST = `select p.uid, p.message, p.flags, p.modseq, m.received_at as "receivedAt", p.saved_at as "savedAt", m.size
  from placement p join message m on m.id = p.message`;

export class PostgresPlacements implements Placements {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async list(mailbox: MailboxId, changedSince?: Seq): Promise<readonly Placement[]> {
    await this.#mailbox(mailbox);
    return changedSince === undefined
      ? this.#core.read(`${LIST} where p.mailbox = $1 order by p.uid`, [mailbox], 'placement-list')
      : this.#core.read(`${LIST} where p.mailbox = $1 and p.modseq > $2 order by p.uid`, [
          mailbox,
          changedSince,
        ]);
  }

  async expungedSince(mailbox: MailboxId, since: Seq): Promise<readonly Uid[] | undefined> {
    const { history_floor: floor } = await this.#mailbox(mailbox);
    if (since < floor) return undefined;
    const rows = await this.#core.read<{ uid: Uid }>(
      'select uid from expunged where mailbox = $1 and seq > $2 order by uid',
      [mailbox, since],
    );
    return rows.map(({ uid }) => uid);
  }

  async setFlags(
    mailbox: MailboxId,
    uids: readonly Uid[],
    operation: FlagOperation,
    flags: readonly string[],
    unchangedSince?: Seq,
  ): Promise<FlagOutcome> {
    await this.#mailbox(mailbox);
    const outcomes = await this.#core.commitInSlices(
      uids,
      (slice) => ({ mailboxes: [mailbox], placements: { mailbox, uids: slice }, flags }),
      (state, slice) => planFlags(state, mailboxOf(state, mailbox), slice, operation, flags, unchangedSince),
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
    await this.#mailbox(mailbox);
    const expunged = await this.#core.commitInSlices(
      ascending(uids),
      (slice) => ({ mailboxes: [mailbox], placements: { mailbox, uids: slice } }),
      (state, slice) => planExpunge(state, mailboxOf(state, mailbox), slice, this.#core.clock()),
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
    await this.#mailbox(from);
    const { uid_validity: uidValidity } = await this.#mailbox(to);
    return copySlices(
      uidValidity,
      (done) =>
        this.#core.commitInSlices(
          ascending(uids),
          (slice) => ({ mailboxes: [from, to], placements: { mailbox: from, uids: slice } }),
          (state, slice) => {
            const [source, target] = [mailboxOf(state, from), mailboxOf(state, to)];
            const { lines, result } = planCopy(state, source, slice, target, this.#core.clock(), move);
            return { lines, result: () => done(result()) };
          },
        ),
      move ? null : (copies) => this.expunge(to, copies),
    );
  }

  async #mailbox(id: MailboxId): Promise<MailboxRow> {
    const [row] = await this.#core.read<MailboxRow>(
      `select ${MAILBOX} from mailbox where id = $1`,
      [safeName(id)],
      'placement-mailbox',
    );
    if (row === undefined) throw noMailbox();
    return row;
  }
}
