/**
 * Writes the texts of new messages into the table `search`, in the background: its trigram indexes take more time than
 * the capture. Several nodes may do this at the same time, each with other messages.
 */
import { readSearchable } from '../find/pages/searchable.ts';
import type { Searchables } from '../find/pages/searchables.ts';
import { TimeSlice } from '../../async/time-slice.ts';
import type { MessageId } from '../ids.ts';
import type { Database } from './database.ts';
import { searchedRow, type SearchedRow } from './searched-row.ts';
import { summaryOf, type SummaryRow } from './summaries.ts';

/** Maximum number of messages, and of octets of messages, that are indexed at once. */
const AT_ONCE = 50;
const OCTETS_AT_ONCE = 4 << 20;
/**
 * Pause before the next messages are indexed, in milliseconds. During the pause, the database can store
 * captured messages without competition.
 */
const PAUSE = 20;
/** Pause after a failure, in milliseconds. */
const RETRY = 1000;

/** Size in octets from which a message is read by a worker thread. */
const LARGE = 1 << 18;

const COLUMNS = `message text, subject text, brief text, body text, headers text, filenames text, message_id text,
  people_from text, people_to text, people_cc text, people_bcc text, people_rcpt text, people_replyto text,
  people_user text`;
const NAMES = COLUMNS.replaceAll(/ text/g, '');

const NEXT = `select m.id, m.summary, m.tags, case when m.size < ${LARGE} then c.raw end as raw from
  (select message, sum(m.size) over (order by u.message) as total from unindexed u join message m on m.id = u.message
   order by u.message limit $1) next
  join message m on m.id = next.message join content c on c.id = m.id
  where next.total - m.size < $2 order by m.id`;

/**
 * When a message is removed, its row in `unindexed` is deleted before its row in `search`. This statement
 * deletes the row in `unindexed`, too, so one of the two transactions waits for the other, and no row of a
 * removed message remains in `search`.
 */
const STORE = `with gone as (
    delete from unindexed where message in (select message from json_to_recordset($1::json) as row(message text))
    returning message)
  insert into search (${NAMES}) select ${NAMES} from json_to_recordset($1::json) as row(${COLUMNS})
  join gone using (message) join message on message.id = gone.message
  on conflict (message) do nothing`;

export class Indexer {
  readonly #database: Database;
  readonly #searchables: Searchables;
  readonly #report: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #isClosed = false;

  constructor(database: Database, searchables: Searchables, report: (line: string) => void) {
    this.#database = database;
    this.#searchables = searchables;
    this.#report = report;
  }

  /** Indexes the messages that are not indexed yet, unless that is running already. */
  kick(): void {
    if (this.#isClosed) return;
    this.#again = true;
    this.#running ??= this.#run();
  }

  /** Resolves when no message remains to be indexed. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    await this.#indexAll();
    this.#running = undefined;
    // `kick` may have been called between the last test of the loop in `#indexAll` and this line. Such a call
    // started nothing, because the work still seemed to run, so the work is started again here.
    if (this.#again && this.#timer === undefined) this.kick();
  }

  async #indexAll(): Promise<void> {
    while (!this.#isClosed && this.#again) {
      this.#again = false;
      try {
        if (await this.#indexNext()) this.#again = true;
      } catch (error) {
        this.#report(`The search texts of new messages were not written: ${String(error)}`);
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.kick();
        }, RETRY).unref();
        return;
      }
      if (this.#again) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  /** Indexes the next messages. Returns whether there were messages to index. */
  async #indexNext(): Promise<boolean> {
    const next = await this.#database.read<SummaryRow & { id: MessageId; raw: Buffer | null }>(NEXT, [
      AT_ONCE,
      OCTETS_AT_ONCE,
    ]);
    if (next.length === 0) return false;
    const slice = new TimeSlice();
    const rows: SearchedRow[] = [];
    for (const row of next) {
      if (slice.over) await slice.rest();
      const summary = summaryOf(row);
      const content = row.raw === null ? await this.#searchables.of(summary) : readSearchable(row.raw);
      rows.push(searchedRow(summary, content));
    }
    await this.#database.read(STORE, [JSON.stringify(rows)]);
    return true;
  }
}
