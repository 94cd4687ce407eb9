/** Reads messages from the database in the form in which lists and the matcher use them. */
import type { MessageId, Seq, Uid } from '../ids.ts';
import { fullSummary, type StoredSummary } from '../model/stored-summary.ts';
import type { ListedMessage, MessageSummary } from '../store.ts';
import type { Core } from './core.ts';

export interface SummaryRow {
  readonly summary: string;
  readonly tags: readonly string[];
}

/** A message in a mailbox, as a list contains it. */
export interface ListedRow extends SummaryRow {
  readonly uid: Uid;
  readonly message: MessageId;
  readonly born: Seq;
  readonly flags: readonly string[];
}

export const LISTED = `select p.uid, p.message, p.born, p.flags, m.summary, m.tags
  from placement p join message m on m.id = p.message`;

export const summaryOf = ({ summary, tags }: SummaryRow): MessageSummary =>
  fullSummary(JSON.parse(summary) as StoredSummary, tags);

export const listedOf = (row: ListedRow): ListedMessage => ({
  summary: summaryOf(row),
  seen: row.flags.includes('\\Seen'),
  flagged: row.flags.includes('\\Flagged'),
});

/** The calls that wait for the same database query, and the rows that the query returns for all of them. */
interface Batch {
  readonly ids: Set<MessageId>;
  readonly rows: Promise<ReadonlyMap<MessageId, ListedRow>>;
}

/**
 * Reads single messages of an INBOX. Calls of the same turn of the event loop are answered by one query: a captured
 * message may be matched for hundreds of waits and streams at the same time.
 */
export class ListedMessages {
  readonly #core: Core;
  readonly #batches = new Map<string, Batch>();

  constructor(core: Core) {
    this.#core = core;
  }

  /**
   * Returns a message with the UID and flags that it has in the account's INBOX. If the INBOX contains the message
   * twice, returns the later copy.
   */
  async of(id: MessageId, account: string): Promise<ListedRow | undefined> {
    let batch = this.#batches.get(account);
    if (batch === undefined) {
      const ids = new Set<MessageId>();
      batch = { ids, rows: Promise.resolve().then(() => this.#read(account, ids)) };
      this.#batches.set(account, batch);
    }
    batch.ids.add(id);
    return (await batch.rows).get(id);
  }

  async #read(account: string, ids: ReadonlySet<MessageId>): Promise<ReadonlyMap<MessageId, ListedRow>> {
    await new Promise(setImmediate);
    this.#batches.delete(account);
    const rows = await this.#core.read<ListedRow>(
      `${LISTED} join mailbox b on b.id = p.mailbox
       where b.account = $1 and b.name = 'INBOX' and p.message = any($2::text[]) order by p.uid`,
      [account, [...ids]],
      'listed',
    );
    return new Map(rows.map((row) => [row.message, row]));
  }
}
