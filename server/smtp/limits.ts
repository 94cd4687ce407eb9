/**
 * Limits like those of real servers, with which developers can test how a client reacts. Each limit refuses
 * with a 4xx reply, which means that the client should try again later. Only configured limits apply.
 */
import { SmtpReply } from './reply.ts';

export interface SmtpLimits {
  /**
   * The maximum number of open connections from one address; above it, the server replies 421 instead of the
   * greeting.
   */
  readonly connectionsPerClient?: number;
  /** The maximum number of messages over one connection; above it, the server replies 421 to MAIL. */
  readonly messagesPerConnection?: number;
  /**
   * The maximum number of MAIL commands from one address within a minute; above it, the server replies 450 to
   * MAIL.
   */
  readonly messagesPerMinute?: number;
  /** The number of commands refused with 5xx after which the server replies 421 and closes the connection. */
  readonly errorsPerConnection?: number;
}

const MINUTE = 60_000;
/**
 * The maximum number of addresses for which the number of messages per minute is stored; above it, the oldest
 * address is dropped.
 */
const MAX_CLIENTS = 10_000;

interface Window {
  since: number;
  count: number;
}

/** Counts connections and messages for the limits, over all connections of a listener. */
export class ClientLimits {
  readonly #limits: SmtpLimits;
  readonly #clock: () => number;
  readonly #open = new Map<string, number>();
  readonly #rates = new Map<string, Window>();

  /** @param clock returns the current time in milliseconds since the epoch */
  constructor(limits: SmtpLimits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Counts a new connection. Throws the `SmtpReply` that refuses the connection when the limit is exceeded.
   * `closed` must be called for every connection, refused or not.
   */
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
   * Counts a new message. Throws the `SmtpReply` that refuses the message when a limit is exceeded.
   *
   * @param before number of messages over this connection before this message
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
    // If the recorded start of the minute is in the future, the clock was set back after the recording; the start
    // is then set to the current time.
    if (current !== undefined) current.since = Math.min(current.since, now);
    if (current !== undefined && now - current.since < MINUTE) return current;
    const window = { since: now, count: 0 };
    this.#rates.delete(address);
    const [oldest] = this.#rates.keys();
    if (this.#rates.size >= MAX_CLIENTS && oldest !== undefined) this.#rates.delete(oldest);
    this.#rates.set(address, window);
    return window;
  }

  /**
   * Throws the `SmtpReply` that ends the connection when `count`, the number of refused commands, reaches the
   * limit.
   */
  refused(count: number): void {
    const { errorsPerConnection } = this.#limits;
    if (errorsPerConnection !== undefined && count >= errorsPerConnection) {
      throw new SmtpReply(421, '4.7.0', 'Too many errors', true);
    }
  }
}
