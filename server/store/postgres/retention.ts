/**
 * Retention on PostgreSQL: determines which messages a commit must load, so that the engine can remove the
 * oldest messages while a limit is exceeded.
 */
import type { AccountName } from '../ids.ts';
import { planSweep } from '../engine/plan/retention.ts';
import type { Retention, RetentionLimits } from '../options.ts';
import type { State } from '../model/state.ts';
import { nothing, type Plan } from '../engine/plan/plan.ts';
import type { Oldest } from './committer.ts';
import { isDue, type PartialState } from './load.ts';
import type { Core } from './core.ts';
import type { Need } from './need.ts';

/** Maximum number of messages that one commit removes (see `engine/plan/retention.ts`). */
const AT_ONCE = 200;
/** Maximum number of accounts whose limits one background commit enforces. */
const ACCOUNTS_AT_ONCE = 20;

interface Adding {
  readonly count: number;
  readonly bytes: number;
}

const limit = (value: number | undefined): number => (value === undefined || value === 0 ? Infinity : value);

export class Retaining {
  readonly #retention: Retention;
  readonly #clock: () => number;

  constructor(retention: Retention, clock: () => number) {
    this.#retention = retention;
    this.#clock = clock;
  }

  /** Plans the removal of the oldest loaded messages, for each limit that is exceeded. */
  plan(state: State): Plan<boolean> {
    return planSweep(state, this.#retention, this.#clock());
  }

  /** Returns the rows that `plan` needs; `undefined` if no limit will be exceeded. */
  need(partial: PartialState, oldest: Oldest, needs: readonly Need[], adding: Adding): Need | undefined {
    const count = this.#excess(partial.state, oldest, adding);
    const accounts = this.#hasAccountLimits
      ? [...new Set(needs.flatMap((need) => need.accounts ?? []))].filter(
          (name) => this.#limitsOf(name) !== undefined,
        )
      : [];
    const oldestOf = accounts.map((account) => ({ account, count: AT_ONCE }));
    return count === 0 && oldestOf.length === 0 ? undefined : { oldest: count, oldestOf };
  }

  /**
   * Removes some of the oldest messages if a limit is exceeded, in one commit. Returns whether more may have to
   * be removed.
   */
  async sweep(core: Core): Promise<boolean> {
    const accounts = this.#hasAccountLimits ? await this.#fullAccounts(core) : [];
    // Each commit enforces the limits of the store, and of the accounts that it loads.
    await core.commit({ accounts }, () => nothing(undefined));
    const [row] = await core.read<{ messages: number; bytes: number; oldest: number | null }>(
      'select messages, bytes, (select stored_at from message order by seq limit 1) as oldest from head',
    );
    if (row === undefined) return false;
    const isOld = row.oldest !== null && row.oldest <= this.#clock() - limit(this.#retention.maxAge);
    return accounts.length > 0 || isOld || this.#exceeds(row.messages, row.bytes);
  }

  /** Whether the whole store is above a limit. */
  #exceeds(messages: number, bytes: number): boolean {
    const { maxMessages, maxBytes } = this.#retention;
    return messages > limit(maxMessages) || (bytes > limit(maxBytes) && messages > 1);
  }

  /** Returns how many of the oldest messages must be loaded, because they may have to be removed. */
  #excess(state: State, { oldest_seq, oldest_at }: Oldest, adding: Adding): number {
    const { maxMessages, maxBytes, maxAge } = this.#retention;
    if (state.bytes + adding.bytes > limit(maxBytes)) return AT_ONCE;
    if (isDue(state, oldest_seq, oldest_at, this.#clock() - limit(maxAge))) return AT_ONCE;
    return Math.min(AT_ONCE, Math.max(0, state.messageCount + adding.count - limit(maxMessages)));
  }

  get #hasAccountLimits(): boolean {
    return this.#retention.perAccount !== undefined || this.#retention.accounts !== undefined;
  }

  #limitsOf(name: AccountName): RetentionLimits | undefined {
    return this.#retention.accounts?.get(name) ?? this.#retention.perAccount;
  }

  /** Returns accounts whose INBOX exceeds the limits for accounts. */
  async #fullAccounts(core: Core): Promise<AccountName[]> {
    const { perAccount = {}, accounts = new Map<AccountName, RetentionLimits>() } = this.#retention;
    const full = async (limits: RetentionLimits, which: string, names: readonly AccountName[]) => {
      const values = [limits.maxMessages, limits.maxBytes, limits.maxAge].map(limit);
      const [messages, bytes, age] = values.map((value) => (value === Infinity ? null : value));
      const rows = await core.read<{ account: AccountName }>(
        `select account from mailbox b where name = 'INBOX' and account <> 'all' and ${which}
           and (messages > $2::bigint or (size > $3::bigint and messages > 1) or
             (select saved_at from placement p where p.mailbox = b.id order by uid limit 1) <= $4::bigint)
         limit ${ACCOUNTS_AT_ONCE}`,
        [names, messages, bytes, age === null || age === undefined ? null : Math.floor(this.#clock() - age)],
      );
      return rows.map(({ account }) => account);
    };
    const own = [...accounts.keys()];
    const found = await Promise.all([
      full(perAccount, 'account <> all($1::text[])', own),
      ...own.map((name) => full(accounts.get(name) ?? {}, 'account = any($1::text[])', [name])),
    ]);
    return found.flat();
  }
}
