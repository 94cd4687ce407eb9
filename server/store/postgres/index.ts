/**
 * The store on PostgreSQL, for any number of nodes. The engine of the other stores plans and applies every change, on
 * the rows that the change needs (`committer.ts`); the database holds all mail, and a node holds none.
 */
import { randomBytes } from 'node:crypto';
import { SharedSlice } from '../../async/time-slice.ts';
import { planAll } from '../engine/plan/accounts.ts';
import { exceeds } from '../engine/plan/retention.ts';
import { createMessageIds } from '../engine/message-ids.ts';
import { Reports } from '../engine/reports.ts';
import { Retainer } from '../engine/retainer.ts';
import { Searchables } from '../find/pages/searchables.ts';
import { ChangeRing } from '../model/change-ring.ts';
import { createdOnce } from '../cells.ts';
import { hasAgeLimit, type StoreOptions } from '../options.ts';
import type { Store, StoreFacts } from '../store.ts';
import { PostgresAccounts } from './accounts.ts';
import { Adder } from './adder.ts';
import { PostgresCells } from './cells.ts';
import { Committer } from './committer.ts';
import { Core } from './core.ts';
import { Database } from './database.ts';
import { Feed } from './feed.ts';
import { Health } from './health.ts';
import { Indexer } from './indexer.ts';
import { Lease } from './lease.ts';
import { PostgresMailboxes } from './mailboxes.ts';
import { locationOf } from './location.ts';
import { Maintenance } from './maintenance.ts';
import { PostgresMatcher } from './matcher.ts';
import { PostgresMessages } from './messages.ts';
import { migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { PostgresNodes } from './nodes.ts';
import { PostgresPlacements } from './placements.ts';
import { PostgresRecords } from './records.ts';
import { Retaining } from './retention.ts';
import { Search } from './search.ts';
import { ListedMessages } from './summaries.ts';
import { channelOf } from './write.ts';

/**
 * Opens the store in a database, and creates or upgrades its tables.
 * @param url the URL of the database, as `postgres://user:password@host:5432/name`
 * @param versions the SQL of the versions of the schema that this program knows
 * @throws StoreError `unavailable`, `newer`, or `unwritable` if rights or the extension pg_trgm are missing
 */
export async function openPostgresStore(
  url: string,
  options: StoreOptions = {},
  versions: readonly string[] = migrations,
): Promise<PostgresStore> {
  const reports = new Reports(options.report);
  let store: PostgresStore | undefined;
  const health: Health = new Health({
    // While the store is being opened, the caller reports the error.
    report: (line) => {
      if (store !== undefined) reports.add(line);
    },
    answersAgain: () => void store?.changes.refresh().catch(() => undefined),
    tryToWrite: () => database.read('update head set epoch = epoch'),
  });
  const database: Database = new Database(url, health);
  try {
    await migrate(database, versions);
    const [head] = await database.read<{ epoch: string }>('select epoch from head');
    store = new PostgresStore({ database, health, reports, url, epoch: head?.epoch ?? '' }, options);
    await store.open();
    return store;
  } catch (error) {
    await (store ?? database).close().catch(() => undefined);
    throw error;
  }
}

/** Returns whether a database contains the tables of Restante. */
export async function hasTables(url: string): Promise<boolean> {
  const database = new Database(url);
  try {
    return (await versionOf(database)) > 0;
  } finally {
    await database.close();
  }
}

interface Parts {
  readonly database: Database;
  readonly health: Health;
  readonly reports: Reports;
  readonly url: string;
  readonly epoch: string;
}

export class PostgresStore implements Store {
  readonly messages: PostgresMessages;
  readonly accounts: PostgresAccounts;
  readonly mailboxes: PostgresMailboxes;
  readonly placements: PostgresPlacements;
  readonly records: PostgresRecords;
  readonly cells: PostgresCells;
  readonly nodes: PostgresNodes;
  readonly changes: Feed;
  readonly #parts: Parts;
  readonly #core: Core;
  readonly #committer: Committer;
  readonly #adder: Adder;
  readonly #retainer: Retainer;
  readonly #indexer: Indexer;
  readonly #lease: Lease;
  readonly #maintenance: Maintenance;
  #secret = Buffer.alloc(0);
  #closed: Promise<void> | undefined;

  constructor(parts: Parts, options: StoreOptions) {
    const { database, reports, epoch } = parts;
    const { clock = Date.now, random = Math.random, retention = {}, countLimit = 10_000 } = options;
    const report = (line: string): void => reports.add(line);
    this.#parts = parts;
    const ring = new ChangeRing((error) => report(`A listener failed: ${String(error)}`));
    this.nodes = new PostgresNodes(database, channelOf(epoch));
    const feed = new Feed(database, ring, channelOf(epoch), () => {
      // The error is ignored here: `Database` has reported it, and the next call tries again.
      void this.nodes.look().catch(() => undefined);
    });
    this.changes = feed;
    const retaining = new Retaining(retention, clock);
    this.#committer = new Committer({
      database,
      clock,
      published: () => ring.seq,
      publish: (changes) => feed.publish(changes),
      retentionNeed: (partial, oldest, needs, adding) => retaining.need(partial, oldest, needs, adding),
      retain: (state) => retaining.plan(state),
      committed: (state) => {
        if (exceeds(state, retention)) this.#retainer.kick();
      },
    });
    const core = new Core(database, this.#committer, clock);
    this.#core = core;
    this.#lease = new Lease(database, 'background', this.nodes.self, () => this.#workInBackground());
    this.#retainer = new Retainer(
      async () => this.#lease.isHeld && (await retaining.sweep(core)),
      hasAgeLimit(retention),
    );
    this.#maintenance = new Maintenance(database, () => this.#lease.isHeld);
    const newMessageId = createMessageIds(clock, random);
    this.#adder = new Adder({ core, newMessageId, slice: new SharedSlice(), options });
    const raw = (id: Parameters<PostgresMessages['raw']>[0]) => this.messages.raw(id);
    const searchables = new Searchables(raw, options.threads);
    const matcher = new PostgresMatcher(searchables);
    this.#indexer = new Indexer(database, searchables, report);
    feed.subscribe(({ kind }) => {
      if (kind === 'message-added' && this.#lease.isHeld) this.#indexer.kick();
    });
    this.placements = new PostgresPlacements(core);
    this.messages = new PostgresMessages(core, {
      adder: this.#adder,
      changes: feed,
      countLimit,
      listed: new ListedMessages(core),
      matcher,
      newMessageId,
      placements: this.placements,
      search: new Search(core, matcher),
      searchables,
    });
    this.accounts = new PostgresAccounts(core);
    this.mailboxes = new PostgresMailboxes(core, this.placements);
    this.records = new PostgresRecords(core);
    this.cells = new PostgresCells(core);
  }

  /** Creates the account `all`, which every store has, and starts the feed and the background work. */
  async open(): Promise<void> {
    await this.nodes.open();
    const secret = this.cells.collection<string>('secret');
    const text = await createdOnce(secret, 'signing', () => randomBytes(32).toString('hex'));
    this.#secret = Buffer.from(text, 'hex');
    await this.changes.open();
    const all = await this.#core.read(`select from mailbox where account = 'all' and name = 'INBOX'`);
    if (all.length === 0) await this.#core.commit({}, (state) => planAll(state, this.#core.clock()));
    await this.#lease.open();
    this.#maintenance.open();
  }

  get sharedSecret(): Buffer {
    return this.#secret;
  }

  get refusal(): string | null {
    return this.#parts.health.refusal;
  }

  async facts(): Promise<StoreFacts> {
    const [row] = await this.#core.read<Omit<StoreFacts, 'location' | 'warnings'>>(
      'select messages, bytes, seq, (select count(*) from account) as accounts from head',
    );
    if (row === undefined) throw new Error('The row of the table head is missing');
    return { location: locationOf(this.#parts.url), ...row, warnings: this.#parts.reports.lines };
  }

  /**
   * Writes the missing texts of messages into the table `search`; resolves when this node has no message left
   * to index.
   */
  async indexed(): Promise<void> {
    this.#indexer.kick();
    await this.#indexer.idle();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#core.startClosing();
    this.#parts.health.close();
    await this.#retainer.close();
    await this.#committer.idle();
    await this.#adder.close();
    this.#maintenance.close();
    await this.#indexer.close();
    await this.changes.close();
    await this.#lease.close();
    await this.nodes.close();
    await this.#parts.database.close();
  }

  #workInBackground(): void {
    this.#indexer.kick();
    this.#retainer.kick();
  }
}
