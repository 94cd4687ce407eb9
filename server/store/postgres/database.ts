/**
 * The connections of one node to PostgreSQL: a pool for reading, and one connection for commits. Both are opened again
 * after they were lost.
 */
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

const INT8 = 20;

/** `bigint` columns are numbers: seqs, UIDs and times are below 2^53. */
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

/**
 * A function that is called after each statement: with `null` if the database answered, otherwise with the
 * error of the connection.
 */
export type Health = (error: StoreError | null) => void;

export class Database {
  readonly #config: pg.ClientConfig;
  readonly #pool: pg.Pool;
  readonly #health: Health;
  #writer: Promise<pg.Client> | undefined;
  #isClosed = false;

  /** @param url the URL of the database, as libpq accepts it */
  constructor(url: string, health: Health) {
    this.#health = health;
    this.#config = {
      connectionString: url,
      application_name: 'restante',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      types,
    };
    this.#pool = new pg.Pool({
      ...this.#config,
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
      const client = await this.#commitClient();
      try {
        return await work(pipelined(client));
      } catch (error) {
        await client.query('rollback').catch(() => this.#dropWriter(client));
        throw error;
      }
    });
  }

  /** Opens a separate connection for LISTEN, which the caller must end. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#config);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const writer = await this.#writer?.catch(() => undefined);
    await Promise.all([this.#pool.end(), writer?.end().catch(() => undefined)]);
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed');
    try {
      const result = await work();
      this.#health(null);
      return result;
    } catch (error) {
      const failure = unavailable(error);
      if (failure === undefined) throw error;
      this.#health(failure);
      throw failure;
    }
  }

  #commitClient(): Promise<pg.Client> {
    this.#writer ??= this.#openWriter();
    return this.#writer;
  }

  async #openWriter(): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.#config,
      pipeline: true,
      query_timeout: COMMIT_TIMEOUT,
    });
    const lost = (): void => this.#dropWriter(client);
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      return client;
    } catch (error) {
      this.#writer = undefined;
      throw error;
    }
  }

  #dropWriter(client: pg.Client): void {
    this.#writer = undefined;
    client.end().catch(() => undefined);
  }
}

function pipelined(client: pg.Client): Connection {
  const query = (statement: Statement | string): Promise<pg.QueryResult> => {
    if (typeof statement === 'string') return client.query(statement);
    const { text, values = [], name } = statement;
    return client.query({ text, values: [...values], ...(name !== undefined && { name }) });
  };
  return {
    send: async <T>(statement: Statement | string) => (await query(statement)).rows as T[],
    commit: async () => (await query('commit')).command === 'COMMIT',
  };
}
