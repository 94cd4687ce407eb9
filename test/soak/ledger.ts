/** Records every message of a soak test: whether it was sent, acknowledged, and found at the end. */
import { createHash } from 'node:crypto';
import type { MessagePage } from '../../contract/index.ts';

interface Sent {
  readonly sum: string;
  readonly account: string;
  /** The id of the message from the reply 250; `null` until the reply is received. */
  id: string | null;
}

export interface Balance {
  readonly sent: number;
  readonly acknowledged: number;
  readonly found: number;
  /** Keys of messages that were acknowledged but are missing or changed. */
  readonly lost: readonly string[];
}

const sumOf = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex');

export class Ledger {
  readonly #sent = new Map<string, Sent>();

  /**
   * Records that a message is being sent.
   * @param key a text that occurs only in the subject of this message
   */
  sending(key: string, account: string, raw: Buffer): void {
    this.#sent.set(key, { sum: sumOf(raw), account, id: null });
  }

  /**
   * Records that the server accepted a message.
   * @param reply the reply 250 to the final dot
   */
  acknowledged(key: string, reply: string): void {
    const sent = this.#sent.get(key);
    const id = /queued as (\w+)/.exec(reply)?.[1];
    if (sent === undefined || id === undefined) throw new Error(`No id in the reply to ${key}: ${reply}`);
    sent.id = id;
  }

  get counts(): { sent: number; acknowledged: number } {
    const acknowledged = [...this.#sent.values()].filter(({ id }) => id !== null).length;
    return { sent: this.#sent.size, acknowledged };
  }

  /** Looks up every acknowledged message in the account of its recipient, and compares its bytes. */
  async balance(url: string): Promise<Balance> {
    const lost: string[] = [];
    for (const [key, { id, sum, account }] of this.#sent) {
      if (id === null) continue;
      const raw = await fetch(`${url}api/messages/${id}/raw?account=${encodeURIComponent(account)}`);
      const bytes = Buffer.from(await raw.arrayBuffer());
      if (!raw.ok || sumOf(bytes) !== sum) lost.push(`${key} (${id}): ${raw.status}`);
    }
    const page = (await (await fetch(`${url}api/messages?limit=1`)).json()) as MessagePage;
    return { ...this.counts, found: page.total, lost };
  }
}
