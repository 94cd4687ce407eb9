/**
 * The connections of one node to PostgreSQL: a pool for reading, one connection for commits, and one for the change
 * feed. They are opened again after they were lost.
 */
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StoreError } from '../store.ts';
import { unavailable } from './unavailable.ts';

/** Maximum number of connections for reading; a search occupies one for its whole duration. */
const READERS = 8;
/** Time after which a connection attempt fails, in milliseconds. */
const CONNECT_TIMEOUT = 5000;
/**
 * Time after which a statement without an answer ends its connection, in milliseconds: a node that is cut off from the
 * database must refuse requests instead of holding them.
 */
const STATEMENT_TIMEOUT = 30_000;
const COMMIT_TIMEOUT = 10_000;
/** Time in milliseconds in which the change feed must get an answer; otherwise the node is cut off from the database. */
const PROBE_TIMEOUT = 5000;
/** Time that connections have to end properly when the store is closed, in milliseconds. */
const CLOSE_TIMEOUT = 2000;

const INT8 = 20;

/** `bigint` columns are JavaScript numbers: change numbers (seqs), UIDs and times are below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : (pg.types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown),
};

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /**
   * Name of a prepared statement. The connection prepares a statement with a name only once, so frequent
   * statements have one.
   */
  readonly name?: string;
}

export type Rows<T> = readonly T[];

/** A connection that sends statements without waiting for the answers to earlier ones. */
export interface Connection {
  send<T = unknown>(statement: Statement | string): Promise<Rows<T>>;
  /** Sends COMMIT. Resolves with false if the server rolled the transaction back. */
  commit(): Promise<boolean>;
}

/** The functions that are called with the outcome of each statement. */
export interface Observer {
  /**
   * The database calls this method if the database cannot be used: the code of the error is `unavailable` or
   * `unwritable`.
   */
  failed(error: StoreError): void;
  answered(): void;
  /** The database calls this method after a transaction. */
  wrote(): void;
}

/** The observer of a command such as `doctor`, which reports errors itself. */
const NO_OBSERVER: Observer = {
  failed: () => undefined,
  answered: () => undefined,
  wrote: () => undefined,
};

/** A connection and its socket, with which a connection that does not answer is ended at once. */
interface Link {
  readonly client: pg.Client;
  readonly socket: Socket;
}

/** The connection of the change feed: the only one that is used while the database does not answer. */
export interface Probe {
  readonly client: pg.Client;
  /** Runs one statement; its result decides whether the other connections are used. */
  read<T>(text: string, values: readonly unknown[], name: string): Promise<Rows<T>>;
}

export class Database {
  readonly #config: pg.ClientConfig;
  readonly #pool: pg.Pool;
  readonly #observer: Observer;
  readonly #sockets = new Set<Socket>();
  #writer: Promise<Link> | undefined;
  /** The error of the change feed's last statement; while there is an error, other statements are refused at once. */
  #down: StoreError | undefined;
  #isClosed = false;

  /** @param url the URL of the database, as libpq accepts it */
  constructor(url: string, observer = NO_OBSERVER) {
    this.#observer = observer;
    this.#config = {
      connectionString: url,
      application_name: 'restante',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      types,
    };
    this.#pool = new pg.Pool({
      ...this.#config,
      stream: () => this.#newSocket(),
      max: READERS,
      query_timeout: STATEMENT_TIMEOUT,
      allowExitOnIdle: true,
    });
    // A connection of the pool that is lost while it is idle is replaced by the next statement.
    this.#pool.on('error', () => undefined);
  }

  /** Runs one statement outside of a transaction. Throws `StoreError('unavailable')`. */
  async read<T>(text: string, values: readonly unknown[] = [], name?: string): Promise<Rows<T>> {
    return this.#watched(async () => {
      const { rows } = await this.#pool.query({
        text,
        values: [...values],
        ...(name !== undefined && { name }),
      });
      return rows as T[];
    });
  }

  /**
   * Runs `work` on the connection for commits. Only one caller may do so at a time. If `work` fails, its transaction is
   * rolled back; a connection in an unknown state is replaced.
   */
  async transact<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#watched(async () => {
      const link = await this.#commitLink();
      const connection = new Pipeline(link);
      try {
        const result = await work(connection);
        this.#observer.wrote();
        return result;
      } catch (caught) {
        const error = connection.failure ?? caught;
        if (unavailable(error) !== undefined) link.socket.destroy();
        else await link.client.query('rollback').catch(() => link.socket.destroy());
        throw error;
      }
    });
  }

  /**
   * Opens the connection of the change feed, which ends when a statement gets no answer. The caller must end it.
   * @throws StoreError `unavailable`
   */
  async connect(): Promise<Probe> {
    const { client, socket } = await this.#probing(() => this.#open({}));
    return {
      client,
      read: <T>(text: string, values: readonly unknown[], name: string) =>
        this.#probing(async () => {
          const stop = endAfter(PROBE_TIMEOUT, socket);
          try {
            return (await client.query({ text, values: [...values], name })).rows as T[];
          } catch (error) {
            socket.destroy();
            throw error;
          } finally {
            stop();
          }
        }),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const writer = await this.#writer?.catch(() => undefined);
    const ended = Promise.all([this.#pool.end(), writer?.client.end().catch(() => undefined)]);
    await Promise.race([ended, pause(CLOSE_TIMEOUT, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.destroy();
    await ended;
  }

  /** Runs a statement of the change feed, which finds out whether the database answers. */
  async #probing<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await this.#observed(work);
      this.#down = undefined;
      return result;
    } catch (error) {
      this.#down = unavailable(error);
      throw error;
    }
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    if (this.#down !== undefined) throw this.#down;
    return this.#observed(work);
  }

  async #observed<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed');
    try {
      const result = await work();
      this.#observer.answered();
      return result;
    } catch (error) {
      const failure = unavailable(error);
      if (failure === undefined) throw error;
      this.#observer.failed(failure);
      throw failure;
    }
  }

  #newSocket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  async #open(options: pg.ClientConfig): Promise<Link> {
    const socket = this.#newSocket();
    const client = new pg.Client({ ...this.#config, ...options, stream: () => socket });
    // Statements that are running receive the error; the end of the connection is handled by its users.
    client.on('error', () => socket.destroy());
    try {
      await client.connect();
      return { client, socket };
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  #commitLink(): Promise<Link> {
    if (this.#writer !== undefined) return this.#writer;
    const opening = this.#open({ pipeline: true, query_timeout: COMMIT_TIMEOUT });
    const forget = (): void => {
      if (this.#writer === opening) this.#writer = undefined;
    };
    this.#writer = opening;
    opening.then(({ client }) => client.on('end', forget), forget);
    return opening;
  }
}

/**
 * Ends a connection after a time in milliseconds. If the event loop was blocked meanwhile, the answer may have arrived:
 * it is read before the connection is ended.
 * @returns a function that cancels the end
 */
function endAfter(time: number, socket: Socket): () => void {
  let isCancelled = false;
  const timer = setTimeout(() => {
    setImmediate(() => {
      if (!isCancelled) socket.destroy();
    });
  }, time);
  return () => {
    isCancelled = true;
    clearTimeout(timer);
  };
}

/** Sends the statements of one transaction without waiting for their results. */
class Pipeline implements Connection {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  #isCorked = false;
  /**
   * The error of the first statement that failed. The database refuses all later statements of the transaction, and
   * the caller may see one of these errors first.
   */
  failure: unknown;

  constructor({ client, socket }: Link) {
    this.#client = client;
    this.#socket = socket;
  }

  async send<T>(statement: Statement | string): Promise<Rows<T>> {
    return (await this.#query(statement)).rows as T[];
  }

  async commit(): Promise<boolean> {
    return (await this.#query('commit')).command === 'COMMIT';
  }

  /** Writes all statements that are sent in this turn of the event loop with one system call. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      this.#socket.uncork();
    });
  }

  async #query(statement: Statement | string): Promise<pg.QueryResult> {
    this.#cork();
    try {
      if (typeof statement === 'string') return await this.#client.query(statement);
      const { text, values = [], name } = statement;
      return await this.#client.query({ text, values: [...values], ...(name !== undefined && { name }) });
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }
}
