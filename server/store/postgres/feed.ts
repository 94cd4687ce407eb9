/**
 * The change feed of one node. The table `change` is its source: the feed reads the changes after its last one, in the
 * order of their numbers (seqs), and publishes them. Notifications of the database (LISTEN) are hints to read at once;
 * the feed reads regularly without them, too, because a connection pooler such as PgBouncer does not pass them on.
 *
 * The feed has a connection of its own, so that searches do not delay it. Because the feed reads all the time, it is
 * the first part of the node that notices when the database stops answering, and when the database answers again.
 */
import type { Change, ChangeFeed } from '../changes.ts';
import type { Seq } from '../ids.ts';
import type { ChangeRing } from '../model/change-ring.ts';
import type { Database, Probe } from './database.ts';
import { ASKED } from './nodes.ts';

/**
 * Time between two reads of the table `change`, in milliseconds: `HINTED` if notifications of the database
 * reach this node, `UNHINTED` if they do not.
 */
const HINTED = 1000;
const UNHINTED = 40;
/** Maximum number of changes that one read returns and publishes in one turn of the event loop. */
const AT_ONCE = 500;
/** Number of the latest changes that are loaded when the store is opened, so that `since` can return them. */
const HISTORY = 16_384;
/** Pause before the connection of the feed is opened again, in milliseconds. */
const RECONNECT = 250;

const AFTER = 'select change from change where seq > $1::bigint order by seq limit $2::bigint';

export class Feed implements ChangeFeed {
  readonly #database: Database;
  readonly #ring: ChangeRing;
  readonly #channel: string;
  /** The function that is called when the table may contain a new question or a new answer of another node. */
  readonly #asked: () => void;
  /** The connection of the feed; `undefined` while it is lost. */
  #probe: Probe | undefined;
  #isHinted = false;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #isClosed = false;

  constructor(database: Database, ring: ChangeRing, channel: string, asked: () => void) {
    this.#database = database;
    this.#ring = ring;
    this.#channel = channel;
    this.#asked = asked;
  }

  get seq(): Seq {
    return this.#ring.seq;
  }

  subscribe(listener: (change: Change) => void): () => void {
    return this.#ring.subscribe(listener);
  }

  since(seq: Seq): readonly Change[] | undefined {
    return this.#ring.since(seq);
  }

  async caughtUp(seq?: Seq): Promise<void> {
    if (seq === undefined || seq > this.#ring.seq) await this.refresh();
  }

  /** Loads the latest changes, and starts to publish new rows of the table `change`. */
  async open(): Promise<void> {
    const [head] = await this.#database.read<{ seq: Seq }>('select seq from head');
    const latest = await this.#database.read<{ change: string }>(
      'select change from (select seq, change from change where seq <= $1 order by seq desc limit $2) latest order by seq',
      [head?.seq ?? 0, HISTORY],
    );
    this.#ring.restart((head?.seq ?? 0) as Seq);
    if (latest.length > 0) {
      const changes = latest.map(({ change }) => JSON.parse(change) as Change);
      this.#ring.restart(((changes[0]?.seq ?? 1) - 1) as Seq);
      this.#ring.record(changes);
    }
    await this.#listen();
    this.#schedule();
  }

  /**
   * Publishes changes, which are in the order of their change numbers (seqs); those that were published before are
   * skipped.
   */
  publish(changes: readonly Change[]): void {
    const fresh = changes.filter(({ seq }) => seq > this.#ring.seq);
    if (fresh.length > 0) this.#ring.publish(fresh);
  }

  /** Reads the changes that are not published yet, unless a read is running; then another read follows. */
  async refresh(): Promise<void> {
    if (this.#reading !== undefined) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#read();
    return this.#reading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#reading?.catch(() => undefined);
    // `Database` ends the connection if the server does not answer.
    this.#probe?.client.end().catch(() => undefined);
  }

  async #read(): Promise<void> {
    try {
      for (let more = true; more && !this.#isClosed;) {
        this.#again = false;
        const source = this.#probe ?? this.#database;
        const rows = await source.read<{ change: string }>(AFTER, [this.#ring.seq, AT_ONCE], 'feed');
        this.publish(rows.map(({ change }) => JSON.parse(change) as Change));
        more = rows.length === AT_ONCE || this.#again;
      }
    } finally {
      // No `await` may be between the last test of the loop and this line, because a hint that arrived in
      // between would be lost.
      this.#reading = undefined;
    }
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(
      () => {
        // The error is ignored here: `Database` has reported it, and the next read tries again.
        this.#asked();
        void this.refresh()
          .catch(() => undefined)
          .finally(() => this.#schedule());
      },
      this.#isHinted ? HINTED : UNHINTED,
    ).unref();
  }

  /**
   * Opens the connection of the feed, and listens for notifications of the database (the hints). The node first sends
   * a notification to itself. If it arrives, notifications work, and the feed reads the table less often without a
   * hint. Then the feed reads what it missed while it had no connection.
   */
  async #listen(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const probe = await this.#database.connect();
      const { client } = probe;
      client.on('notification', ({ payload }) => {
        this.#isHinted = true;
        if (payload === ASKED) this.#asked();
        else void this.refresh().catch(() => undefined);
      });
      client.on('end', () => {
        this.#probe = undefined;
        this.#listenAgain();
      });
      this.#probe = probe;
      await client.query(`listen ${client.escapeIdentifier(this.#channel)}`);
      await client.query('select pg_notify($1, $2)', [this.#channel, '']);
      await this.refresh();
    } catch {
      // The class `Database` has already reported the error. If the connection was opened, the handler for the end of
      // the connection opens the next one.
      if (this.#probe === undefined) this.#listenAgain();
    }
  }

  #listenAgain(): void {
    this.#isHinted = false;
    if (!this.#isClosed) setTimeout(() => void this.#listen(), RECONNECT).unref();
  }
}
