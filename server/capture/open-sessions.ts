/** SMTP sessions that are open now, and for whom they have begun a message: what a wait for nothing must know. */
import type { EnvelopePath } from '../message/envelope.ts';
import type { SmtpSession } from '../smtp/handler.ts';
import type { AccountName } from '../store/ids.ts';
import { ALL } from '../store/ids.ts';

export interface OpenSession {
  readonly peer: string | null;
  readonly user: string | null;
  /** Sender of the transaction under way; `null` when there is none. */
  readonly from: string | null;
  readonly to: readonly string[];
}

interface Transaction {
  readonly from: string;
  readonly to: string[];
}

export class OpenSessions {
  readonly #accountOf: (address: string) => AccountName;
  readonly #open = new Map<SmtpSession, Transaction | null>();

  constructor(accountOf: (address: string) => AccountName) {
    this.#accountOf = accountOf;
  }

  opened(session: SmtpSession): void {
    this.#open.set(session, null);
  }

  began(session: SmtpSession, from: EnvelopePath): void {
    this.#open.set(session, { from: from.address, to: [] });
  }

  named(session: SmtpSession, to: EnvelopePath): void {
    this.#open.get(session)?.to.push(to.address);
  }

  finished(session: SmtpSession): void {
    if (this.#open.has(session)) this.#open.set(session, null);
  }

  closed(session: SmtpSession): void {
    this.#open.delete(session);
  }

  /**
   * Those that may still bring `account` a message: any for `all`; for an address those that have named it, or that
   * have begun a message and named nobody yet, or that are logged in as it.
   */
  list(account: AccountName = ALL): readonly OpenSession[] {
    const found: OpenSession[] = [];
    for (const [session, transaction] of this.#open) {
      const { peer, user } = session.origin;
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
