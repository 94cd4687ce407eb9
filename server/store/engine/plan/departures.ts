/**
 * Collects the placements (messages in mailboxes) that a plan adds and removes. From these, it determines the
 * messages that are no longer in any mailbox, and the accounts that no longer contain a message.
 */
import { ALL, type AccountName } from '../../ids.ts';
import type { MailboxState, MessageRecord, PlacementState } from '../../model/mail.ts';

export class Departures {
  /** Accounts that are removed because the plan removes their last message (see `AccountState.forgettable`). */
  readonly forget: AccountName[] = [];
  readonly #arriving: ReadonlySet<AccountName>;
  readonly #left = new Map<MailboxState, number>();
  readonly #places = new Map<MessageRecord, { inAll: number; anywhere: number }>();
  readonly #dead = new Set<MessageRecord>();

  /**
   * Creates an empty collection for one plan.
   * @param arriving accounts that receive mail in the same plan; they are not removed
   */
  constructor(arriving: ReadonlySet<AccountName> = new Set()) {
    this.#arriving = arriving;
  }

  /**
   * Must be called when the plan adds the message to another mailbox of the account. All additions must be
   * reported before the first removal.
   */
  arrives(record: MessageRecord, account: AccountName): void {
    const places = this.#placesOf(record);
    places.anywhere++;
    if (account === ALL) places.inAll++;
  }

  isDead(record: MessageRecord): boolean {
    return this.#dead.has(record);
  }

  /**
   * Must be called when the plan removes a message from one mailbox. Returns true if the message is then
   * deleted from the store.
   */
  leaves(placement: PlacementState): boolean {
    const { record, mailbox } = placement;
    const places = this.#placesOf(record);
    places.anywhere--;
    const inAll = mailbox.account.name === ALL;
    if (inAll) places.inAll--;
    if (inAll ? places.inAll > 0 : places.anywhere > 0) {
      this.#empties(mailbox);
      return false;
    }
    this.dies(record);
    return true;
  }

  /**
   * Must be called when the plan deletes a message from all its mailboxes. Determines which accounts thereby
   * lose their last message.
   */
  dies(record: MessageRecord): void {
    this.#dead.add(record);
    for (const { mailbox } of record.places) this.#empties(mailbox);
  }

  #placesOf(record: MessageRecord): { inAll: number; anywhere: number } {
    const known = this.#places.get(record);
    if (known !== undefined) return known;
    const places = { inAll: record.inAll, anywhere: record.places.length };
    this.#places.set(record, places);
    return places;
  }

  #empties(mailbox: MailboxState): void {
    const { account } = mailbox;
    if (!account.forgettable || this.#arriving.has(account.name)) return;
    const left = (this.#left.get(mailbox) ?? mailbox.messages) - 1;
    this.#left.set(mailbox, left);
    if (left === 0) this.forget.push(account.name);
  }
}
