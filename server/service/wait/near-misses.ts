/**
 * Computes near misses: the messages that arrived but did not match a wait that timed out. Waits that time out
 * at the same time share the work: if the application under test is down, a parallel test run has a hundred
 * waits that time out together, mostly with the same query. The more waits time out together, the fewer
 * messages are compared for each wait, so that all waits are answered on time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ALL, type AccountName, type MessageId, type Seq } from '../../store/ids.ts';
import { readsBytes } from '../../store/find/language/match.ts';
import type { Mismatch } from '../../store/find/language/mismatch.ts';
import { printQuery } from '../../store/find/language/print.ts';
import type { ListedMessage, MessagePage, Store } from '../../store/store.ts';
import type { Scope } from '../scope.ts';

/** A message that arrived, with the query terms that the message does not match. */
export interface NearMiss {
  readonly listed: ListedMessage;
  readonly failed: readonly Mismatch[];
}

export interface NearMissReport {
  /** The query of the wait in the normal form of the query language. */
  readonly query: string;
  /**
   * The number of messages that arrived in the account, and the sequence number of the store when they were
   * counted.
   */
  readonly total: number;
  readonly seq: Seq;
  /** The messages that arrived in the account, sorted by the number of query terms that they do not match. */
  readonly arrived: readonly NearMiss[];
  /**
   * The messages that arrived only in other accounts, sorted by the number of query terms that they do not
   * match.
   */
  readonly elsewhere: readonly ListedMessage[];
}

/** The maximum number of messages in each list of a report. */
const REPORTED = 20;
/**
 * The maximum number of messages, the newest first, that are compared with the query; it is smaller if the
 * query reads the bytes of the messages.
 */
const COMPARED = 200;
const COMPARED_BYTES = 60;
/**
 * The maximum total number of comparisons that all waits share if they time out at the same moment; it is
 * smaller for queries that read the bytes of the messages.
 */
const COMPARISONS = 4_000;
const COMPARISONS_BYTES = 1_000;
/**
 * Number of different waits that may time out together without effect on their reports. If there are more, a
 * report lists only a few of the newest messages of other accounts, and does not compare these messages with
 * the query.
 */
const CROWD = COMPARISONS / REPORTED;
const REPORTED_IN_CROWD = 5;

export class NearMisses {
  readonly #store: Store;
  /**
   * The cached lists, comparisons and reports, which stay valid until the store's sequence number differs
   * from `#seq`.
   */
  readonly #known = new Map<string, Promise<unknown>>();
  #seq: Seq | undefined;
  /** The keys of the reports that are being computed. */
  readonly #open = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Returns the near-miss report for a wait that timed out.
   * @param from the sequence number after which the wait searched
   */
  async report(scope: Scope, from: Seq): Promise<NearMissReport> {
    const query = printQuery(scope.query);
    const key = `report ${scope.account} ${from} ${query}`;
    this.#open.add(key);
    try {
      // The next turn of the event loop is awaited, so that all waits that time out in this turn are counted
      // before the first report is computed.
      await nextTurn();
      return await this.#once(key, () => this.#make(scope, query, from));
    } finally {
      // The key of the report stays in the set of open reports until a later turn of the event loop, so that
      // all waits that time out in this turn are counted together.
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

  /**
   * Sorts messages by the number of query terms that they do not match; among equals, the newest message is
   * first.
   */
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

  /** Returns the messages that are not in the account, newest first. */
  #elsewhere(account: AccountName, from: Seq): Promise<readonly ListedMessage[]> {
    return this.#once(`elsewhere ${account} ${from}`, async () => {
      const [here, all] = await Promise.all([this.#list(account, from), this.#list(ALL, from)]);
      const ids = new Set(here.messages.map(({ summary }) => summary.id));
      return all.messages.filter(({ summary }) => !ids.has(summary.id));
    });
  }

  #list(account: AccountName, after: Seq): Promise<MessagePage> {
    return this.#once(`list ${account} ${after}`, () =>
      this.#store.messages.list({ account, after, limit: COMPARED, exactTotal: true }),
    );
  }

  /**
   * Returns the result of the function `work`. The result is computed once and cached for all near-miss reports
   * until the store changes.
   */
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
