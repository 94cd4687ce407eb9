/**
 * Near misses: the messages that arrived while a wait found no match. Waits that time out together share the work: if
 * the application under test is down, a parallel test run has a hundred waits that time out at the same moment, mostly
 * with the same query. The more waits time out together, the fewer messages are compared for each, so that all are
 * answered on time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ALL, type AccountName, type MessageId, type Seq } from '../../store/ids.ts';
import { readsBytes } from '../../store/query/match.ts';
import { printQuery } from '../../store/query/print.ts';
import type { ListedMessage, MessagePage, Mismatch, Store } from '../../store/store.ts';
import type { Scope } from '../scope.ts';

/** A message that arrived, and which terms of the query it fails. */
export interface NearMiss {
  readonly listed: ListedMessage;
  readonly failed: readonly Mismatch[];
}

export interface NearMissReport {
  /** The query as the store prints it. */
  readonly query: string;
  /** Number of messages that arrived in the account, and the store's seq at that time. */
  readonly total: number;
  readonly seq: Seq;
  /** Messages in the account, the nearest first. */
  readonly arrived: readonly NearMiss[];
  /** Messages only in other accounts, the nearest first. */
  readonly elsewhere: readonly ListedMessage[];
}

/** Limit of each list of a report. */
const REPORTED = 20;
/** The newest messages are compared with the query to find the nearest; fewer for a query that reads their bytes. */
const COMPARED = 200;
const COMPARED_BYTES = 60;
/** Comparisons for all waits that time out together, and fewer for queries that read the messages' bytes. */
const COMPARISONS = 4_000;
const COMPARISONS_BYTES = 1_000;
/** With more different waits than this, the newest messages elsewhere are reported without a comparison, and fewer. */
const CROWD = COMPARISONS / REPORTED;
const REPORTED_IN_CROWD = 5;

export class NearMisses {
  readonly #store: Store;
  /** Lists, comparisons and reports that are valid at `#seq`. */
  readonly #known = new Map<string, Promise<unknown>>();
  #seq: Seq | undefined;
  /** Keys of the reports that are being made. */
  readonly #open = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param from the wait was for messages after this seq */
  async report(scope: Scope, from: Seq): Promise<NearMissReport> {
    const query = printQuery(scope.query);
    const key = `report ${scope.account} ${from} ${query}`;
    this.#open.add(key);
    try {
      // Counts all waits that time out in this turn before the first report is made.
      await nextTurn();
      return await this.#once(key, () => this.#make(scope, query, from));
    } finally {
      // Later, so that the other waits of this turn count this one.
      setImmediate(() => this.#close(key));
    }
  }

  #close(key: string): void {
    this.#open.delete(key);
    if (this.#open.size === 0) this.#known.clear();
  }

  async #make(scope: Scope, query: string, from: Seq): Promise<NearMissReport> {
    const { account } = scope;
    const [most, budget] = readsBytes(scope.query)
      ? [COMPARED_BYTES, COMPARISONS_BYTES]
      : [COMPARED, COMPARISONS];
    const compared = Math.max(1, Math.min(most, Math.floor(budget / this.#open.size)));
    const { messages, total, seq } = await this.#list(account, from);
    const arrived = await this.#nearest(scope, query, messages.slice(0, compared));
    if (account === ALL) return { query, total, seq, arrived, elsewhere: [] };
    const others = await this.#elsewhere(account, from);
    const elsewhere =
      this.#open.size > CROWD
        ? others.slice(0, REPORTED_IN_CROWD)
        : (await this.#nearest({ ...scope, account: ALL }, query, others.slice(0, compared))).map(
            ({ listed }) => listed,
          );
    return { query, total, seq, arrived, elsewhere };
  }

  /** Orders messages by the number of failed terms; among equals the newest is first. */
  async #nearest(scope: Scope, query: string, messages: readonly ListedMessage[]): Promise<NearMiss[]> {
    const compared = await Promise.all(
      messages.map(async (listed) => ({
        listed,
        failed: await this.#compare(scope, query, listed.summary.id),
      })),
    );
    return compared.sort((a, b) => a.failed.length - b.failed.length).slice(0, REPORTED);
  }

  #compare({ account, query }: Scope, printed: string, id: MessageId): Promise<readonly Mismatch[]> {
    return this.#once(`compare ${account} ${id} ${printed}`, () =>
      this.#store.messages.explain(query, id, account),
    );
  }

  /** Messages that are not in the account, newest first. */
  #elsewhere(account: AccountName, from: Seq): Promise<readonly ListedMessage[]> {
    return this.#once(`elsewhere ${account} ${from}`, async () => {
      const [here, all] = await Promise.all([this.#list(account, from), this.#list(ALL, from)]);
      const ids = new Set(here.messages.map(({ summary }) => summary.id));
      return all.messages.filter(({ summary }) => !ids.has(summary.id));
    });
  }

  #list(account: AccountName, after: Seq): Promise<MessagePage> {
    return this.#once(`list ${account} ${after}`, () =>
      this.#store.messages.list({ account, after, limit: COMPARED }),
    );
  }

  /** Does a piece of work once for all reports until the store changes. */
  #once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const { seq } = this.#store.changes;
    if (seq !== this.#seq) this.#known.clear();
    this.#seq = seq;
    const known = this.#known.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const result = work();
    this.#known.set(key, result);
    return result;
  }
}
