/** Deletes old rows of histories and of the state that nodes share, in the background. */
import { MAX_CELLS } from '../cells.ts';
import type { Database } from './database.ts';

/** Number of the latest changes that the table `change` keeps, for nodes that were cut off from the database. */
const CHANGES = 200_000;
/** Number of expunges of one mailbox that are kept; it must be at least as high as in the other stores. */
const EXPUNGES = 10_000;
/** Maximum number of rows that one statement deletes. */
const AT_ONCE = 5000;
/** Time between two runs, in milliseconds. */
const INTERVAL = 60_000;

const OLD_CHANGES = `delete from change where seq in
  (select seq from change where seq <= (select seq from head) - $1::bigint order by seq limit $2::bigint)`;
const OLD_RETIRED = `delete from retired where uid_validity < extract(epoch from now()) - 86400`;
const OLD_NODES = `delete from node where seen_at < now() - interval '1 day'`;
const OLD_QUESTIONS = `delete from question where asked_at < now() - interval '1 minute'`;
const OLD_CELLS = `delete from cell using (select collection, key,
    row_number() over (partition by collection order by changed_at desc) as place from cell) as old
  where cell.collection = old.collection and cell.key = old.key and old.place > $1::bigint`;
const LONG_HISTORIES = `select mailbox, (array_agg(seq order by seq desc))[$1::integer + 1] as floor from expunged
  group by mailbox having count(*) > 2 * $1::integer`;

export class Maintenance {
  readonly #database: Database;
  readonly #isMine: () => boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param isMine whether this node does the background work */
  constructor(database: Database, isMine: () => boolean) {
    this.#database = database;
    this.#isMine = isMine;
  }

  open(): void {
    this.#timer = setInterval(() => {
      // The error is ignored here: `Database` has reported it, and the next run tries again.
      if (this.#isMine()) void this.run().catch(() => undefined);
    }, INTERVAL).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async run(): Promise<void> {
    await this.#database.read(OLD_CHANGES, [CHANGES, AT_ONCE]);
    await this.#database.read(OLD_RETIRED);
    await this.#database.read(OLD_NODES);
    await this.#database.read(OLD_QUESTIONS);
    await this.#database.read(OLD_CELLS, [MAX_CELLS]);
    for (const { mailbox, floor } of await this.#database.read<{ mailbox: string; floor: number }>(
      LONG_HISTORIES,
      [EXPUNGES],
    )) {
      // `history_floor`, the change number (seq) up to which expunges are no longer stored, is raised before the rows
      // are deleted, so that no client misses an expunge. Commits also write the row of the mailbox; the lock of the
      // row `head` prevents both from writing it at the same time.
      await this.#database.read(
        `with locked as (select from head for update)
         update mailbox set history_floor = greatest(history_floor, $2) from locked where id = $1`,
        [mailbox, floor],
      );
      await this.#database.read('delete from expunged where mailbox = $1 and seq <= $2', [mailbox, floor]);
    }
  }
}
