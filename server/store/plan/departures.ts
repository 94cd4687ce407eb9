/** What goes with placements that a plan takes away: messages that lose their last place, accounts left empty. */
import { ALL, type AccountName } from '../ids.ts';
import type { MailboxState, MessageRecord, PlacementState } from '../state/mail.ts';

export class Departures {
  /** Accounts that nobody would miss and that this plan leaves without mail. */
  readonly forget: AccountName[] = [];
  readonly #arriving: ReadonlySet<AccountName>;
  readonly #left = new Map<MailboxState, number>();
  readonly #places = new Map<MessageRecord, { inAll: number; anywhere: number }>();
  readonly #dead = new Set<MessageRecord>();

  /** @param arriving accounts that the same plan puts mail into */
  constructor(arriving: ReadonlySet<AccountName> = new Set()) {
    this.#arriving = arriving;
  }

  /** The plan gives the message another place before any goes. */
  arrives(record: MessageRecord, account: AccountName): void {
    const places = this.#placesOf(record);
    places.anywhere++;
    if (account === ALL) places.inAll++;
  }

  isDead(record: MessageRecord): boolean {
    return this.#dead.has(record);
  }

  /** A placement goes; true when its message dies with it. */
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

  /** A message goes with all its placements. */
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
    const left = (this.#left.get(mailbox) ?? mailbox.placements.size) - 1;
    this.#left.set(mailbox, left);
    if (left === 0) this.forget.push(account.name);
  }
}
