/**
 * Waits for mail. A wait returns the oldest matching message that its inbox handle has not returned yet.
 * Messages are ordered by the server's sequence number; clocks are not compared. The server delays the
 * response until a message matches, so the client does not poll.
 */
import type { Detail, Near, OpenSession, WaitTimeout } from '../contract/index.ts';
import { ask, ofPlatform, type Patience } from './ask.ts';
import type { Client } from './client.ts';
import type { CompiledCriteria } from './criteria.ts';
import { WaitTimeoutError } from './errors.ts';
import { noteFailure, type UsedInbox } from './in-use.ts';
import { Message } from './message.ts';
import { MailTimeoutError } from './wait-errors.ts';

export interface WaitOptions {
  /** The timeout in milliseconds; with 0, the wait searches only the stored messages. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /**
   * A sequence number: the wait finds only messages with a higher number. By default it finds the messages
   * since the inbox was created, or since the sandbox was started or connected to.
   */
  readonly after?: number;
}

/**
 * The properties of an inbox handle that its waits need, and the ids of the messages that its waits have
 * returned.
 */
export interface WaitScope {
  readonly inbox: UsedInbox;
  readonly client: Client;
  readonly account: string;
  /**
   * The default value of the option `after`: the sequence number at which the inbox was created or opened.
   */
  readonly since: number;
  /** The ids of the messages that the waits of this inbox handle have returned. */
  readonly returned: Set<string>;
  /** The URL of the account in the web UI; `null` if the sandbox ends with this program. */
  readonly url: string | null;
  /** The signal that is aborted when the sandbox is closed. */
  readonly closed: AbortSignal;
}

/**
 * The longest duration of one request in milliseconds. A longer wait sends several requests, because proxies and
 * `fetch` end long requests.
 */
const LONGEST_REQUEST = 60_000;
/** The longest delay of a JavaScript timer, in milliseconds. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * One wait in progress: its deadline, the sequence number up to which it has searched, and the messages that
 * did not match.
 */
export class Wait {
  readonly #scope: WaitScope;
  readonly #criteria: CompiledCriteria;
  readonly #patience: Patience;
  readonly #after: number;
  /** Whether the wait starts at the default sequence number because the caller did not pass `after`. */
  readonly #fromOpening: boolean;
  readonly #timeout: number;
  readonly #began: number;
  readonly #deadline: number;
  readonly #rejected = new Map<string, Near['failed']>();
  readonly #found: string[] = [];
  #cursor: number;

  constructor(
    scope: WaitScope,
    criteria: CompiledCriteria,
    { timeout, after, signal }: WaitOptions & Required<Pick<WaitOptions, 'timeout'>>,
  ) {
    if (!(timeout >= 0 && timeout <= LONGEST_TIMEOUT)) {
      throw new RangeError(`timeout is ${timeout}; it must be between 0 and ${LONGEST_TIMEOUT} milliseconds`);
    }
    this.#scope = scope;
    this.#criteria = criteria;
    const signals = signal === undefined ? [scope.closed] : [ofPlatform(signal), scope.closed];
    this.#patience = { url: scope.client.url, signals };
    this.#after = after ?? scope.since;
    this.#fromOpening = after === undefined;
    this.#cursor = this.#after;
    this.#timeout = timeout;
    this.#began = performance.now();
    this.#deadline = this.#began + timeout;
  }

  /** A text that lists the criteria of the wait. */
  get description(): string {
    return this.#criteria.description;
  }

  /** The time when the wait ends, as a value of `performance.now()`. */
  get deadline(): number {
    return this.#deadline;
  }

  /**
   * Calls `work` and returns its result. Messages that this wait has found are marked as returned only if
   * `work` resolves: after a failed wait, the next wait finds them again.
   */
  async returning<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      for (const id of this.#found) this.#scope.returned.delete(id);
      await noteFailure(this.#scope.inbox, error);
      throw error;
    }
  }

  /** Returns the next matching message. Rejects with `MailTimeoutError` on timeout. */
  async next(): Promise<Message> {
    const outcome = await this.find();
    if (outcome instanceof Message) return outcome;
    throw await this.#timedOut(outcome);
  }

  /** Returns the next matching message, or the server's report on the timeout. */
  async find(until = this.#deadline): Promise<Message | WaitTimeout> {
    const { client, returned } = this.#scope;
    for (;;) {
      const detail = await ask(this.#patience, until, (left, signal) => this.#next(left, signal));
      if ('arrived' in detail) {
        if (performance.now() >= until) return detail;
        continue;
      }
      this.#cursor = detail.seq;
      if (returned.has(detail.id)) continue;
      const message = await Message.of(client, detail);
      if (!(await this.#holds(message)) || returned.has(message.id)) continue;
      returned.add(message.id);
      this.#found.push(message.id);
      return message;
    }
  }

  /** Returns the SMTP sessions that are sending a message that may be for the account. */
  async incoming(): Promise<OpenSession[]> {
    const { client, account } = this.#scope;
    const { sessions } = await ask(this.#patience, this.#deadline, (_, signal) =>
      client.sessions({ account }, { signal }),
    );
    return sessions.filter(({ from }) => from !== null);
  }

  /**
   * Sends one request and returns the server's response: a message that matches the query, or the report on the
   * timeout.
   */
  async #next(left: number, signal: AbortSignal): Promise<Detail | WaitTimeout> {
    const { client, account } = this.#scope;
    const timeout = Math.ceil(Math.min(left, LONGEST_REQUEST));
    const waited = Math.floor(performance.now() - this.#began);
    const place = { account, after: this.#cursor, reportAfter: this.#after, waited, timeout };
    try {
      return await client.wait({ ...place, query: this.#criteria.query }, { signal });
    } catch (error) {
      if (error instanceof WaitTimeoutError) return error.timeout;
      throw error;
    }
  }

  async #holds(message: Message): Promise<boolean> {
    const failed: Near['failed'] = [];
    for (const condition of this.#criteria.conditions) {
      if (await condition.holds(message)) continue;
      failed.push({ term: condition.term, found: shorten(condition.found(message)) });
    }
    if (failed.length > 0) this.#rejected.set(message.id, failed);
    return failed.length === 0;
  }

  /**
   * Tests the client's conditions on the messages that do not match the query, because the wait has not tested
   * them. The report then lists every condition that a message does not meet. An error of such a test is
   * ignored, so that the timeout is still reported.
   */
  async #testUntested(arrived: WaitTimeout['arrived']): Promise<void> {
    if (this.#criteria.conditions.length === 0) return;
    const { client } = this.#scope;
    const untested = arrived.filter(
      ({ message, failed }) => failed.length > 0 && !this.#rejected.has(message.id),
    );
    await Promise.all(
      untested.slice(0, TESTED).map(async ({ message: { id } }) => {
        try {
          await this.#holds(await Message.of(client, await client.message(id)));
        } catch {
          // An error while the message is read is ignored: the message may have been deleted, or the sandbox
          // may have been closed.
        }
      }),
    );
  }

  async #timedOut(outcome: WaitTimeout): Promise<MailTimeoutError> {
    const { account, url, client } = this.#scope;
    await this.#testUntested(outcome.arrived);
    const arrived = outcome.arrived.map((near) => ({
      message: near.message,
      failed: [...near.failed, ...(this.#rejected.get(near.message.id) ?? [])],
    }));
    return new MailTimeoutError({
      wanted: this.#criteria.description,
      account,
      timeout: this.#timeout,
      after: this.#after,
      seq: outcome.seq,
      arrived: arrived.sort((a, b) => distance(a) - distance(b)),
      before: this.#fromOpening ? await countUntil(client, account, outcome.after) : 0,
      elsewhere: outcome.elsewhere,
      refused: outcome.refused,
      rules: await firedRules(client, outcome.account),
      found: this.#found.length,
      url,
    });
  }
}

/**
 * Returns the number of conditions that a message does not meet, for sorting. A message that meets all
 * conditions comes last: an earlier wait has returned it, so it does not explain the timeout.
 */
const distance = ({ failed }: Near): number => (failed.length === 0 ? Infinity : failed.length);

/**
 * The maximum number of messages that are read for the report although they do not match the query. The report
 * shows at most the same number of messages.
 */
const TESTED = 5;
/** The maximum length of a message's actual value (for example its subject) in the report, in characters. */
const SHOWN = 120;
const shorten = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/**
 * Returns the number of messages in an account up to a sequence number. Returns 0 on an error, so that the
 * timeout is still reported.
 */
async function countUntil(client: Client, account: string, seq: number): Promise<number> {
  try {
    const [all, later] = await Promise.all([
      client.list({ account, limit: 1 }),
      client.list({ account, limit: 1, after: seq, exact: true }),
    ]);
    return Math.max(0, all.total - later.total);
  } catch {
    return 0;
  }
}

/**
 * Returns the rules that have fired: those for this account and those for all accounts. Returns an empty list
 * on an error, so that the timeout is still reported.
 */
async function firedRules(client: Client, account: string) {
  try {
    const { rules } = await client.rules();
    return rules
      .filter(
        (rule) => rule.hits > 0 && (rule.account === null || rule.account === account || account === 'all'),
      )
      .map(({ name, on, hits }) => ({ name, on, hits }));
  } catch {
    return [];
  }
}
