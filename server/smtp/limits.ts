/**
 * Limits as real servers have them, for tests of what a client does when it meets one: each refuses with a 4xx, so
 * that the client is to try again. None holds unless it is set.
 */
import { SmtpReply } from './reply.ts';

export interface SmtpLimits {
  /** Connections open at once from one address; 421 before the greeting. */
  readonly connectionsPerClient?: number;
  /** Messages over one connection; 421 at MAIL. */
  readonly messagesPerConnection?: number;
  /** MAIL commands of one address in a minute; 450. */
  readonly messagesPerMinute?: number;
  /** Commands refused with 5xx in one connection; then 421. */
  readonly errorsPerConnection?: number;
}

const MINUTE = 60_000;
/** Addresses whose rate is remembered; the oldest make room. */
const MAX_CLIENTS = 10_000;

interface Window {
  since: number;
  count: number;
}

/** What is counted over all connections of a listener. */
export class ClientLimits {
  readonly #limits: SmtpLimits;
  readonly #clock: () => number;
  readonly #open = new Map<string, number>();
  readonly #rates = new Map<string, Window>();

  /** @param clock milliseconds. */
  constructor(limits: SmtpLimits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Counts a connection; throws the `SmtpReply` where it is one too many. It is to be given back by `closed`. */
  opened(address: string): void {
    const { connectionsPerClient } = this.#limits;
    const open = (this.#open.get(address) ?? 0) + 1;
    this.#open.set(address, open);
    if (connectionsPerClient !== undefined && open > connectionsPerClient) {
      throw new SmtpReply(421, '4.7.0', `Too many connections from ${address}`, true);
    }
  }

  closed(address: string): void {
    const open = (this.#open.get(address) ?? 1) - 1;
    if (open === 0) this.#open.delete(address);
    else this.#open.set(address, open);
  }

  /**
   * Counts a message; throws the `SmtpReply` where it is one too many.
   * @param before messages of this connection so far.
   */
  mail(address: string, before: number): void {
    const { messagesPerConnection, messagesPerMinute } = this.#limits;
    if (messagesPerConnection !== undefined && before >= messagesPerConnection) {
      throw new SmtpReply(421, '4.7.0', 'Too many messages in this connection', true);
    }
    if (messagesPerMinute === undefined) return;
    const window = this.#window(address);
    if (++window.count > messagesPerMinute) {
      throw new SmtpReply(450, '4.7.1', `Too many messages from ${address}, try again later`);
    }
  }

  #window(address: string): Window {
    const now = this.#clock();
    const current = this.#rates.get(address);
    // A time in the future counts as now: the clock was ahead and is set back.
    if (current !== undefined) current.since = Math.min(current.since, now);
    if (current !== undefined && now - current.since < MINUTE) return current;
    const window = { since: now, count: 0 };
    this.#rates.delete(address);
    const [oldest] = this.#rates.keys();
    if (this.#rates.size >= MAX_CLIENTS && oldest !== undefined) this.#rates.delete(oldest);
    this.#rates.set(address, window);
    return window;
  }

  /** Throws the `SmtpReply` that ends a connection with so many refused commands. */
  refused(count: number): void {
    const { errorsPerConnection } = this.#limits;
    if (errorsPerConnection !== undefined && count >= errorsPerConnection) {
      throw new SmtpReply(421, '4.7.0', 'Too many errors', true);
    }
  }
}
