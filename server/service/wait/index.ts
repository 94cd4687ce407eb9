/**
 * Waits for mail. A wait searches the stored messages and subscribes to the changes of the store, so that it
 * ends as soon as a matching message is captured, without polling. On timeout, a report lists the messages
 * that arrived and why each of them did not match.
 */
import { ALL, accountName, type AccountName, type MessageId, type Seq } from '../../store/ids.ts';
import type { Refusal } from '../../capture/refusals.ts';
import type { Capture } from '../../capture/capture.ts';
import type { ListedMessage, Store } from '../../store/store.ts';
import { whenAvailable } from '../../store/when-available.ts';
import { SharedSlice } from '../../async/time-slice.ts';
import { ProblemError } from '../../../contract/problems.ts';
import type { Scope } from '../scope.ts';
import { NearMisses, type NearMissReport } from './near-misses.ts';

/**
 * The maximum number of refused sessions in the report of a timed-out wait; the latest sessions are reported.
 */
const REFUSED_REPORTED = 20;
/**
 * Matches SMTP replies to a client that has not logged in, whose login failed (RFC 4954 §6), or that has not
 * started TLS (RFC 3207 §4).
 */
const LOGIN_WANTED = /^53[0458]/;
/**
 * Matches the names of protocols that deliver mail. A failed session of a client that reads mail does not
 * explain why a wait timed out.
 */
const DELIVERS_MAIL = /^(?:smtps?|lmtp|api)$/;

export interface WaitDeps {
  readonly store: Store;
  readonly capture: Pick<Capture, 'allRefusals'>;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface WaitRequest {
  readonly scope: Scope;
  /** A sequence number: only messages with a higher number match; 0 searches all messages. */
  readonly after: number;
  /** A sequence number: the report on a timeout covers the messages with a higher number. */
  readonly reportAfter: number;
  /** The time until the wait for mail times out, in milliseconds. */
  readonly timeout: number;
  /** The time that earlier requests of the same wait for mail took, in milliseconds. */
  readonly waited: number;
  /** The signal that is aborted when the connection of the caller closes; the wait then ends without a message. */
  readonly signal: AbortSignal;
}

/** The report on a wait for mail that timed out. */
export interface WaitTimeoutReport {
  readonly account: AccountName;
  /** A sequence number of the store: the report covers the messages that arrived after it. */
  readonly after: Seq;
  readonly nearMisses: NearMissReport;
  /** The refused sessions in which a message for the account may have been sent, oldest first. */
  readonly refused: readonly Refusal[];
}

export type WaitOutcome = { readonly message: ListedMessage } | { readonly timeout: WaitTimeoutReport };

export class Waits {
  readonly #store: Store;
  readonly #capture: Pick<Capture, 'allRefusals'>;
  readonly #clock: () => number;
  readonly #nearMisses: NearMisses;
  /** Limits the number of timed-out waits that are answered in one turn of the event loop. */
  readonly #answers = new SharedSlice();
  /** For each open wait for mail, the function that ends the wait. */
  readonly #open = new Set<() => void>();
  #closing = false;

  constructor({ store, capture, clock }: WaitDeps) {
    this.#store = store;
    this.#capture = capture;
    this.#clock = clock;
    this.#nearMisses = new NearMisses(store);
  }

  /** Ends all open waits for mail. Open and later waits reject with the problem `closing`. */
  close(): void {
    this.#closing = true;
    for (const end of this.#open) end();
  }

  /**
   * Waits for a message. Resolves with the oldest matching message as soon as there is one; on timeout,
   * resolves with the report.
   */
  async wait({ scope, after, reportAfter, timeout, waited, signal }: WaitRequest): Promise<WaitOutcome> {
    const began = this.#clock() - waited;
    const message = await this.#firstMatch(scope, after, timeout, signal);
    if (message !== null) return { message };
    if (this.#closing) throw new ProblemError('closing', 'The server stopped before a message matched');
    const timedOut = await this.report(scope, reportAfter, began);
    await this.#answers.take();
    return { timeout: timedOut };
  }

  /**
   * Reports what arrived and what was refused, to explain why no message matched.
   * @param after a sequence number: the report covers the messages with a higher number
   * @param began the time in milliseconds since the epoch from which every refused session is reported; of the earlier
   *   sessions, only those that were certainly refused are reported
   */
  async report(scope: Scope, after: number, began: number): Promise<WaitTimeoutReport> {
    await this.#store.changes.caughtUp(after as Seq);
    const from = this.#inThisLife(after);
    const nearMisses = await this.#nearMisses.report(scope, from);
    const { account } = scope;
    return { account, after: from, nearMisses, refused: await this.#refusedSince(account, from, began) };
  }

  /**
   * Returns a sequence number that is valid in this store. If this store has not reached the given number after
   * `caughtUp`, the number is from an earlier store; all messages of this store are then newer, so 0 is returned.
   */
  #inThisLife(seq: number): Seq {
    return (seq > this.#store.changes.seq ? 0 : seq) as Seq;
  }

  /**
   * Resolves with the oldest matching message whose sequence number is higher than `after`, or with `null` on
   * timeout or when the caller has disconnected. While the database of the store does not answer, the wait
   * continues.
   */
  async #firstMatch(
    { account, query }: Scope,
    after: number,
    timeout: number,
    signal: AbortSignal,
  ): Promise<ListedMessage | null> {
    const store = this.#store;
    // The wait subscribes before it searches, so that a message that arrives during the search is not missed.
    const arrived: { readonly id: MessageId; readonly seq: Seq }[] = [];
    let wake = (): void => undefined;
    const stopListening = store.changes.subscribe((change) => {
      if (change.kind !== 'message-added' && change.kind !== 'placed') return;
      const places = change.kind === 'placed' ? [change.place] : change.places;
      if (!places.some((place) => place.account === account)) return;
      arrived.push({ id: change.message, seq: change.seq });
      wake();
    });
    const state = { over: signal.aborted };
    const end = (): void => {
      state.over = true;
      wake();
    };
    const timer = setTimeout(end, timeout);
    signal.addEventListener('abort', end);
    this.#open.add(end);
    const answered = <T>(work: () => Promise<T>): Promise<T> => whenAvailable(work, () => state.over);
    try {
      await answered(() => store.changes.caughtUp(after as Seq));
      const from = this.#inThisLife(after);
      const { messages } = await answered(() =>
        store.messages.list({ account, query, after: from, order: 'oldest', limit: 1 }),
      );
      if (messages[0] !== undefined) return messages[0];
      for (;;) {
        const next = arrived.shift();
        if (next !== undefined) {
          const { id, seq } = next;
          // `caughtUp` may have published changes that are not newer than `after`; these changes are skipped.
          if (seq <= from) continue;
          const listed = await answered(() => store.messages.listed(id, account));
          if (listed === undefined) continue;
          if (await answered(() => store.messages.matches(query, id, account))) return listed;
        } else if (state.over) {
          return null;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      this.#open.delete(end);
      stopListening();
    }
  }

  /**
   * Returns the refused sessions in which a message for the account may have been sent. A session that ended
   * before the start of the wait (`began`) is included only if it sent MAIL, or if a rule, a missing login, missing
   * TLS or a failed TLS handshake prevented it from sending MAIL.
   */
  async #refusedSince(account: AccountName, from: Seq, began: number): Promise<readonly Refusal[]> {
    const explains = ({ at, from: sender, rule, reply, handshake }: Refusal): boolean =>
      at >= began || sender !== null || rule !== null || handshake || LOGIN_WANTED.test(reply);
    const concerns = (refusal: Refusal): boolean =>
      DELIVERS_MAIL.test(refusal.protocol) &&
      (account === ALL || refusal.to.length === 0 || accountsOf(refusal).has(account));
    // Another node may not have read the latest changes when it refused a session, so that the sequence number of that
    // refusal is too low.
    const isLate = this.#store.nodes.self !== undefined && began > 0;
    const isRecent = ({ seq, at }: Refusal): boolean => seq >= from || (isLate && at >= began);
    return (await this.#capture.allRefusals(0))
      .filter((refusal) => isRecent(refusal) && explains(refusal) && concerns(refusal))
      .slice(-REFUSED_REPORTED);
  }
}

/**
 * The accounts of each refused session, cached because every wait that times out compares all refused
 * sessions with its account.
 */
const refusedAccounts = new WeakMap<Refusal, ReadonlySet<AccountName>>();

/** Returns the accounts of the recipients and of the logged-in user of a refused session. */
function accountsOf(refusal: Refusal): ReadonlySet<AccountName> {
  let accounts = refusedAccounts.get(refusal);
  if (accounts === undefined) {
    accounts = new Set([...refusal.to, refusal.user ?? ''].map(accountName));
    refusedAccounts.set(refusal, accounts);
  }
  return accounts;
}
