/**
 * Commits changes. A commit locks the row `head`, loads the rows that its changes need, lets the engine plan and apply
 * the changes in memory, and writes the result. The lock makes the order of commits the order of seqs on all nodes; no
 * other lock is needed, so commits cannot deadlock.
 *
 * Requests that arrive during a commit join the next one. The content of new messages, by far the most data, is
 * uploaded before the lock is taken. While the lock is held, the node sends only two batches of statements: one that
 * loads, and one that writes and ends with COMMIT.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../changes.ts';
import type { MessageId, Seq } from '../ids.ts';
import type { DetailText, Entry } from '../model/entry.ts';
import { apply } from '../model/apply/index.ts';
import { NOWHERE } from '../position.ts';
import type { State } from '../model/state.ts';
import type { Plan } from '../engine/plan/plan.ts';
import { StoreError } from '../store.ts';
import type { Connection, Database, Rows } from './database.ts';
import { PartialState, prefetch } from './load.ts';
import { combine, type Need } from './need.ts';
import { HEAD, type HeadRow } from './rows.ts';
import { stateOf } from './unavailable.ts';
import { send } from './write.ts';

/** The content of a new message. */
export interface Upload {
  readonly id: MessageId;
  readonly raw: Buffer;
  readonly detail: DetailText;
}

export interface Request<T> {
  readonly need: Need;
  /** Returns the changes, planned on a state that contains the needed rows. */
  readonly plan: (state: State) => Plan<T>;
  readonly uploads?: readonly Upload[];
  /**
   * Whether the request may be committed together with others. This is possible if `need` does not depend on
   * the changes of other requests in the same commit.
   */
  readonly isGroupable?: boolean;
}

/** The parts of a store that a commit uses. */
export interface CommitterParts {
  readonly database: Database;
  readonly clock: () => number;
  /** Number of the last change that was published on this node. */
  readonly published: () => Seq;
  /** Publishes changes in the order of their change numbers (seqs); changes that were already published are skipped. */
  readonly publish: (changes: readonly Change[]) => void;
  /**
   * Returns the rows that must be loaded for the removal of old messages; `undefined` if no retention limit
   * will be exceeded.
   */
  readonly retentionNeed: (
    partial: PartialState,
    oldest: Oldest,
    needs: readonly Need[],
    adding: { readonly count: number; readonly bytes: number },
  ) => Need | undefined;
  /** Plans the removal of the oldest messages, so that no retention limit remains exceeded. */
  readonly retain: (state: State) => Plan<unknown>;
  /** The function that is called after each commit, with the state after the commit. */
  readonly committed: (state: State) => void;
}

/** The seq (change number) and the storage time of the oldest message in the store. */
export interface Oldest {
  readonly oldest_seq: Seq | null;
  readonly oldest_at: number | null;
}

/**
 * Maximum number of messages and of octets that one commit adds. A commit must not add more messages than
 * retention can remove in one commit, which is 200.
 */
const MAX_MESSAGES = 200;
const MAX_BYTES = 16 << 20;
/** Maximum number of requests and of octets that wait for a commit. */
const MAX_WAITING = 20_000;
const MAX_WAITING_BYTES = 64 << 20;

/**
 * SQLSTATE of a transaction that the database rolled back because it and another one waited for each other. Commits never
 * do, but the upgrade of the tables by a newer node may take its locks in another order.
 */
const DEADLOCK = '40P01';
const ATTEMPTS = 5;
/** Maximum time after a commit in which the next commit gathers requests, in milliseconds. */
const GATHERING = 3;

interface Waiting {
  readonly request: Request<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly bytes: number;
}

/** The result of a request that was planned, but not yet committed. */
interface Planned {
  readonly waiting: Waiting;
  readonly result: () => unknown;
}

export class Committer {
  readonly #parts: CommitterParts;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  /** The number of requests that the next commit waits for, and a function that starts the commit. */
  #gathering: { readonly expected: number; readonly end: () => void } | undefined;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  /** Commits a request. Throws `StoreError('unavailable')`, and the errors of the plan. */
  run<T>(request: Request<T>): Promise<T> {
    const bytes = (request.uploads ?? []).reduce(
      (sum, { raw, detail }) => sum + raw.length + detail.length,
      0,
    );
    if (this.#waiting.length >= MAX_WAITING || this.#waitingBytes > MAX_WAITING_BYTES) {
      return Promise.reject(new StoreError('busy', 'The database is too slow: too many changes wait for it'));
    }
    this.#waitingBytes += bytes;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ request, resolve: resolve as (result: unknown) => void, reject, bytes });
      if (this.#waiting.length >= (this.#gathering?.expected ?? Infinity)) this.#gathering?.end();
      this.#running ??= this.#work();
    });
  }

  /** Resolves when all requests were committed or refused. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #work(): Promise<void> {
    // Requests of the same turn of the event loop join the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#commit(group);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      for (const { bytes } of group) this.#waitingBytes -= bytes;
      await this.#gather(group.length + this.#waiting.length);
    }
    // No `await` may be between the last test of the loop and this line, because a request that arrived in
    // between would be left waiting.
    this.#running = undefined;
  }

  /**
   * Waits a moment for the clients whose requests were just committed: their next requests join those that wait
   * already, so that one commit serves all of them. A commit of a few requests takes about as much processor
   * time as a commit of many.
   * @param expected number of requests for which the method waits
   */
  async #gather(expected: number): Promise<void> {
    if (expected < 2 || this.#waiting.length >= MAX_MESSAGES) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHERING);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#gathering = { expected, end };
    });
    this.#gathering = undefined;
  }

  /** Removes the next requests that can be committed together from the queue, and returns them. */
  #takeGroup(): Waiting[] {
    let messages = 0;
    let bytes = 0;
    let count = 0;
    for (const { request, bytes: more } of this.#waiting) {
      messages += request.uploads?.length ?? 0;
      bytes += more;
      const isFull = messages > MAX_MESSAGES || bytes > MAX_BYTES || count >= 2 * MAX_MESSAGES;
      if (count > 0 && (isFull || request.isGroupable !== true)) break;
      count++;
      if (request.isGroupable !== true) break;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(group: readonly Waiting[], attempt = 1): Promise<void> {
    const draft = new Draft(group);
    try {
      await this.#parts.database.transact((connection) => this.#write(connection, draft));
    } catch (error) {
      if (stateOf(error) === DEADLOCK && attempt < ATTEMPTS) {
        await this.#commit(group, attempt + 1);
        return;
      }
      if (!isUnavailable(error) || !(await this.#wasCommitted(draft))) throw error;
    }
    this.#parts.publish([...draft.missed, ...draft.changes]);
    for (const { waiting, result } of draft.planned) settle(waiting, result);
    if (draft.state !== undefined) this.#parts.committed(draft.state);
  }

  async #write(connection: Connection, draft: Draft): Promise<void> {
    const partial = await this.#load(connection, draft);
    draft.state = partial.state;
    for (const waiting of draft.group) draft.plan(waiting, partial.state);
    if (draft.retains) draft.apply(this.#parts.retain(partial.state), partial.state);
    if (draft.entries.length === 0 && draft.uploaded.size === 0) {
      await connection.send('rollback');
      return;
    }
    draft.isSent = true;
    const { id, entries, changes, unused } = draft;
    const writes = send(connection, { id, partial, entries, changes, unused });
    const [isCommitted] = await Promise.all([connection.commit(), ...writes]);
    if (!isCommitted) throw new Error('The database rolled a commit back');
  }

  /**
   * Uploads the content of new messages, takes the lock, and loads the rows that the requests need. All this is
   * sent in one batch of statements.
   */
  async #load(connection: Connection, draft: Draft): Promise<PartialState> {
    const uploads = draft.group.flatMap(({ request }) => request.uploads ?? []);
    const needs = draft.group.map(({ request }) => request.need);
    const [, uploaded, [head], [since], loaded] = await Promise.all([
      connection.send(BEGIN),
      Promise.all(uploads.map((each) => upload(connection, each))),
      connection.send<HeadRow>({ name: 'lock', text: `select ${HEAD} from head for update` }),
      connection.send<Oldest & { readonly missed: readonly string[] }>({
        name: 'since',
        text: SINCE,
        values: [this.#parts.published()],
      }),
      prefetch(connection, combine(needs)),
    ]);
    if (head === undefined) throw new StoreError('io', 'The row of the table head is missing');
    draft.uploaded = new Set(uploaded.flat().map(({ id }) => id));
    const { missed, ...age } = since ?? { missed: [], oldest_seq: null, oldest_at: null };
    draft.missed = missed.map((change) => JSON.parse(change) as Change);
    const partial = new PartialState(head, this.#parts.clock());
    partial.add(loaded);
    const bytes = uploads.reduce((sum, { raw }) => sum + raw.length, 0);
    const need = this.#parts.retentionNeed(partial, age, needs, { count: uploads.length, bytes });
    if (need !== undefined) {
      draft.retains = true;
      partial.add(await prefetch(connection, combine([need])));
    }
    return partial;
  }

  /**
   * Returns whether a commit whose connection was lost has succeeded. It waits for the lock of the row `head`,
   * which the lost transaction holds until it ends.
   */
  async #wasCommitted({ isSent, changes, id }: Draft): Promise<boolean> {
    const first = changes[0]?.seq;
    if (!isSent || first === undefined) return false;
    for (let attempt = 0; attempt < LOOKUPS; attempt++) {
      if (attempt > 0) await sleep(LOOKUP_PAUSE);
      try {
        return await this.#parts.database.transact(async (connection) => {
          const [, , found] = await Promise.all([
            connection.send(BEGIN),
            connection.send('select from head for update'),
            connection.send<{ commit_id: string }>({
              text: 'select commit_id from change where seq = $1',
              values: [first],
            }),
            connection.send('rollback'),
          ]);
          return found[0]?.commit_id === id;
        });
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
    }
    return false;
  }
}

/**
 * A node that is cut off from the database while it has the lock of the row `head` would stop all nodes, so the
 * database ends a transaction that waits for its node for five seconds. A node waits for the lock a bit less than for
 * an answer (`COMMIT_TIMEOUT`), so that its connection stays usable.
 */
const BEGIN = `begin isolation level read committed;
  set local idle_in_transaction_session_timeout = '5s'; set local lock_timeout = '8s'`;
/** Selects the oldest message, and the changes that this node has not published. */
const SINCE = `select oldest.*, array(select change from change where seq > $1::bigint order by seq) as missed
  from (select) always
  left join (select seq as oldest_seq, stored_at as oldest_at from message order by seq limit 1) oldest on true`;

/**
 * Maximum number of times that the outcome of a commit is looked up after its connection was lost; and the pause
 * between two lookups, in milliseconds.
 */
const LOOKUPS = 15;
const LOOKUP_PAUSE = 1000;

const isUnavailable = (error: unknown): boolean =>
  error instanceof StoreError && error.code === 'unavailable';

/**
 * Uploads the content of a message. The result has one row with the id; it has no row if a message with this id
 * exists already.
 */
const upload = (connection: Connection, { id, detail, raw }: Upload): Promise<Rows<{ id: MessageId }>> =>
  connection.send({
    name: 'upload',
    text: 'insert into content (id, detail, raw) values ($1, $2, $3) on conflict (id) do nothing returning id',
    values: [id, detail, raw],
  });

function settle({ resolve, reject }: Waiting, result: () => unknown): void {
  try {
    resolve(result());
  } catch (error) {
    reject(error);
  }
}

/** A commit that is being prepared: the requests that it contains, and the changes that it makes. */
class Draft {
  readonly id = randomUUID();
  readonly group: readonly Waiting[];
  readonly entries: Entry[] = [];
  readonly changes: Change[] = [];
  readonly planned: Planned[] = [];
  /**
   * Ids of messages whose content was uploaded to the database, but that are not stored because their request
   * was refused.
   */
  readonly unused: MessageId[] = [];
  /** Changes of other nodes that this node has not published yet. */
  missed: readonly Change[] = [];
  uploaded: ReadonlySet<MessageId> = new Set();
  state: State | undefined;
  /** Whether the commit also removes old messages because a retention limit is exceeded. */
  retains = false;
  /** Whether the statements that write the commit were sent. */
  isSent = false;
  readonly #claimed = new Set<MessageId>();

  constructor(group: readonly Waiting[]) {
    this.group = group;
  }

  /** Plans and applies a request. A request that the engine refuses does not affect the other requests. */
  plan(waiting: Waiting, state: State): void {
    const { plan, uploads = [] } = waiting.request;
    const own = uploads
      .filter(({ id }) => this.uploaded.has(id) && !this.#claimed.has(id))
      .map(({ id }) => id);
    for (const id of own) this.#claimed.add(id);
    try {
      if (own.length < uploads.length)
        throw new StoreError('exists', 'A message with this id exists already');
      const planned = plan(state);
      this.apply(planned, state);
      this.planned.push({ waiting, result: planned.result });
    } catch (error) {
      this.unused.push(...own);
      waiting.reject(error);
    }
  }

  apply({ lines }: Plan<unknown>, state: State): void {
    for (const entry of lines.flat()) {
      const changes = apply(state, entry, NOWHERE);
      state.ring.record(changes);
      this.entries.push(entry);
      this.changes.push(...changes);
    }
  }
}
