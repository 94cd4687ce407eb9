/** The account of every message: what was sent, what was acknowledged, and what is found in the end. */
import { createHash } from 'node:crypto';
import type { MessagePage } from '../../contract/index.ts';

interface Sent {
  readonly sum: string;
  readonly account: string;
  /** The id in the 250; `null` where none was read. */
  id: string | null;
}

export interface Balance {
  readonly sent: number;
  readonly acknowledged: number;
  readonly found: number;
  /** Acknowledged and not there, or not as it was sent. */
  readonly lost: readonly string[];
}

const sumOf = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex');

export class Ledger {
  readonly #sent = new Map<string, Sent>();

  /** @param key in the subject of the message, and of no other */
  sending(key: string, account: string, raw: Buffer): void {
    this.#sent.set(key, { sum: sumOf(raw), account, id: null });
  }

  /** @param reply the 250 to the final dot */
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

  /** Looks every acknowledged message up, in the account of its recipient, byte for byte. */
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
