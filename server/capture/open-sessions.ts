/** SMTP sessions that are open now, with the recipients of their transactions: a wait for no mail has to wait for them. */
import type { Origin } from '../message/envelope.ts';
import type { AccountName } from '../store/ids.ts';
import { ALL } from '../store/ids.ts';

export interface OpenSession {
  readonly peer: string | null;
  readonly user: string | null;
  /** Sender of the transaction under way; `null` when there is none. */
  readonly from: string | null;
  readonly to: readonly string[];
}

/** A transaction as far as it has come. */
export interface OpenTransaction {
  readonly from: string;
  readonly to: string[];
}

interface Session {
  readonly origin: Origin;
  /** `null` when there is none. */
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
   * The sessions that may still bring `account` a message: all sessions for `all`; for an address the sessions that have
   * named it as a recipient, that have begun a transaction without a recipient, or that are logged in as it.
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
