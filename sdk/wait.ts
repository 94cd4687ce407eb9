/**
 * A wait returns the oldest match that its inbox handle has not returned yet. The order is that of the server's seq; clocks are
 * not compared. The server holds one request until the moment of capture; nothing polls.
 */
import type { Detail, Near, OpenSession, WaitTimeout } from '../contract/index.ts';
import { ask, type Patience } from './ask.ts';
import type { Client } from './client.ts';
import type { CompiledCriteria } from './criteria.ts';
import { WaitTimeoutError } from './errors.ts';
import { Message } from './message.ts';
import { MailTimeoutError } from './wait-errors.ts';

export interface WaitOptions {
  /** Milliseconds; 0 looks at the stored messages alone. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Only messages after this seq; by default, after the inbox was made, or its sandbox was started or connected to. */
  readonly after?: number;
}

/** The inbox handle of a wait, and the messages that its waits have returned. */
export interface WaitScope {
  readonly client: Client;
  readonly account: string;
  /** Default of `after`. */
  readonly since: number;
  /** Ids of messages that were returned. */
  readonly returned: Set<string>;
  /** Address of the account in the web UI. */
  readonly url: string;
  /** Aborted when the sandbox is closed. */
  readonly closed: AbortSignal;
}

/** Milliseconds that one request is held. A longer wait sends several requests: proxies and `fetch` end long ones. */
const LONGEST_REQUEST = 60_000;
/** The longest delay of a timer, in milliseconds. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** One wait in progress: its deadline, its position in the sequence, and the messages that did not match. */
export class Wait {
  readonly #scope: WaitScope;
  readonly #criteria: CompiledCriteria;
  readonly #patience: Patience;
  readonly #after: number;
  /** Whether the caller left out `after`. */
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
      throw new RangeError(`timeout is ${timeout}: it takes 0 to ${LONGEST_TIMEOUT} milliseconds`);
    }
    this.#scope = scope;
    this.#criteria = criteria;
    const signals = signal === undefined ? [scope.closed] : [signal, scope.closed];
    this.#patience = { url: scope.client.url, signals };
    this.#after = after ?? scope.since;
    this.#fromOpening = after === undefined;
    this.#cursor = this.#after;
    this.#timeout = timeout;
    this.#began = performance.now();
    this.#deadline = this.#began + timeout;
  }

  /** The criteria in words. */
  get description(): string {
    return this.#criteria.description;
  }

  /** By `performance.now()`. */
  get deadline(): number {
    return this.#deadline;
  }

  /**
   * Resolves as `work` does. Messages that this wait has found count as returned only if `work` resolves: after a failed
   * wait, the next wait finds them again.
   */
  async returning<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      for (const id of this.#found) this.#scope.returned.delete(id);
      throw error;
    }
  }

  /** The next match. Throws `MailTimeoutError`. */
  async next(): Promise<Message> {
    const outcome = await this.find();
    if (outcome instanceof Message) return outcome;
    throw await this.#timedOut(outcome);
  }

  /** The next match, or the server's explanation when there was no match in time. */
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

  /** SMTP sessions that are sending a message that may be for the account. */
  async incoming(): Promise<OpenSession[]> {
    const { client, account } = this.#scope;
    const { sessions } = await ask(this.#patience, this.#deadline, (_, signal) =>
      client.sessions({ account }, { signal }),
    );
    return sessions.filter(({ from }) => from !== null);
  }

  /** The server's response: a message that matches the query, or the explanation of the timeout. */
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

  async #timedOut(outcome: WaitTimeout): Promise<MailTimeoutError> {
    const { account, url, client } = this.#scope;
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

/** A match that was returned before explains least, so it is last. */
const distance = ({ failed }: Near): number => (failed.length === 0 ? Infinity : failed.length);

/** Characters shown of the value that a message has instead. */
const SHOWN = 120;
const shorten = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** The number of messages of an account up to a seq. An error must not hide the timeout, so it counts as 0. */
async function countUntil(client: Client, account: string, seq: number): Promise<number> {
  try {
    const [all, later] = await Promise.all([
      client.list({ account, limit: 1 }),
      client.list({ account, limit: 1, after: seq }),
    ]);
    return Math.max(0, all.total - later.total);
  } catch {
    return 0;
  }
}

/** The rules that acted, of this account or of all. An error must not hide the timeout, so it counts as no rules. */
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
