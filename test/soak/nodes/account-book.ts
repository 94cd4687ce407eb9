/**
 * Accounts for every message of a test with several nodes: sent, acknowledged, and seen by each reader. A message is
 * sent only once, so no mailbox and no reader may have it twice.
 */
import { createHash } from 'node:crypto';

export const sumOf = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex');

interface Sent {
  readonly account: string;
  readonly sum: string;
  isAcknowledged: boolean;
}

export class AccountBook {
  readonly #sent = new Map<string, Sent>();
  /** Observed errors that must not happen, such as a UID that is assigned twice. */
  readonly problems: string[] = [];

  /** @param key the subject of the message, which no other message has */
  sending(key: string, account: string, raw: Buffer): void {
    this.#sent.set(key, { account, sum: sumOf(raw), isAcknowledged: false });
  }

  acknowledged(key: string): void {
    const sent = this.#sent.get(key);
    if (sent !== undefined) sent.isAcknowledged = true;
  }

  sumOf(key: string): string | undefined {
    return this.#sent.get(key)?.sum;
  }

  get counts(): { sent: number; acknowledged: number } {
    return { sent: this.#sent.size, acknowledged: this.expected().length };
  }

  /** Returns the keys of the acknowledged messages to an account; without `account`, of all acknowledged messages. */
  expected(account?: string): string[] {
    return [...this.#sent].flatMap(([key, sent]) =>
      sent.isAcknowledged && (account === undefined || sent.account === account) ? [key] : [],
    );
  }

  /**
   * Compares the messages that a reader or a list has with the acknowledged messages, and records a problem for each
   * message that is missing, doubled, or was never sent.
   */
  compare(what: string, account: string | undefined, keys: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const key of this.expected(account)) {
      if (!counts.has(key)) this.problems.push(`${what}: the acknowledged message ${key} is missing`);
    }
    for (const [key, count] of counts) {
      if (count > 1) this.problems.push(`${what}: message ${key} is there ${count} times`);
      if (!this.#sent.has(key)) this.problems.push(`${what}: message ${key} was never sent`);
    }
  }
}
