/**
 * The list of open SMTP sessions with the recipients of their transactions. A test that asserts that no mail
 * arrives has to wait for these sessions.
 */
import type { Origin } from '../message/envelope.ts';
import type { AccountName } from '../store/ids.ts';
import { ALL } from '../store/ids.ts';

export interface OpenSession {
  readonly peer: string | null;
  readonly user: string | null;
  /** The sender of the current mail transaction; `null` outside a transaction. */
  readonly from: string | null;
  readonly to: readonly string[];
}

/** The current mail transaction of a session, with the recipients that the client has named so far. */
export interface OpenTransaction {
  readonly from: string;
  readonly to: string[];
}

interface Session {
  readonly origin: Origin;
  /** The current mail transaction; `null` outside a transaction. */
  readonly transaction: OpenTransaction | null;
}

export class OpenSessions {
  readonly #accountOf: (address: string) => AccountName;
  readonly #open = new Set<Session>();

  constructor(accountOf: (address: string) => AccountName) {
    this.#accountOf = accountOf;
  }

  add(session: Session): void {
    this.#open.add(session);
  }

  delete(session: Session): void {
    this.#open.delete(session);
  }

  /**
   * Returns the sessions that may still deliver a message to `account`. For the account `all`, these are all
   * sessions. For an address, they are the sessions that have named the address as a recipient, that have
   * begun a transaction without a recipient, or that are logged in as that address.
   */
  list(account: AccountName = ALL): readonly OpenSession[] {
    const found: OpenSession[] = [];
    for (const { origin, transaction } of this.#open) {
      const { peer, user } = origin;
      const concerned =
        account === ALL ||
        (user !== null && this.#accountOf(user) === account) ||
        (transaction !== null &&
          (transaction.to.length === 0 || transaction.to.some((to) => this.#accountOf(to) === account)));
      if (concerned) found.push({ peer, user, from: transaction?.from ?? null, to: transaction?.to ?? [] });
    }
    return found;
  }
}
