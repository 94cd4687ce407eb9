/**
 * Cells on PostgreSQL. A change reads a cell, decides, and writes the new value if no other node has changed the cell
 * meanwhile; otherwise it starts again. The changes of one node to one cell that wait for each other share one write.
 */
import { randomUUID } from 'node:crypto';
import type { CellChange, Cells, CellSet } from '../cells.ts';
import type { Core } from './core.ts';
import { safeName } from './text.ts';

/** Maximum number of cells whose last value this node remembers, so that the next change need not read it. */
const REMEMBERED = 1000;

const READ = 'select value, stamp from cell where collection = $1 and key = $2';
const INSERT = `insert into cell (collection, key, value, stamp) values ($1, $2, $3, $4)
  on conflict do nothing returning stamp`;
const UPDATE = `update cell set value = $3, stamp = $4, changed_at = now()
  where collection = $1 and key = $2 and stamp = $5 returning stamp`;
const DELETE = 'delete from cell where collection = $1 and key = $2 and stamp = $3 returning stamp';

/** The content of a cell, and its stamp, which each write replaces; the stamp is `undefined` for a missing cell. */
interface Version {
  readonly value: unknown;
  readonly stamp: string | undefined;
}

interface Waiting {
  readonly decide: (value: unknown) => CellChange<unknown, unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class PostgresCells implements Cells {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  collection<T>(name: string): CellSet<T> {
    return new PostgresCellSet<T>(this.#core, safeName(name));
  }
}

class PostgresCellSet<T> implements CellSet<T> {
  readonly #core: Core;
  readonly #collection: string;
  /** The last known versions of cells, the least recently used first. */
  readonly #known = new Map<string, Version>();
  /** The changes that wait until the running change of the same cell has ended. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(core: Core, collection: string) {
    this.#core = core;
    this.#collection = collection;
  }

  async get(key: string): Promise<T | undefined> {
    return (await this.#read(safeName(key))).value as T | undefined;
  }

  async list(): Promise<readonly { readonly key: string; readonly value: T }[]> {
    const rows = await this.#core.read<{ key: string; value: string }>(
      'select key, value from cell where collection = $1 order by changed_at, key',
      [this.#collection],
      'cell-list',
    );
    return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as T }));
  }

  update<R>(key: string, decide: (value: T | undefined) => CellChange<T, R>): Promise<R> {
    const name = safeName(key);
    return new Promise<R>((resolve, reject) => {
      const waiting: Waiting = {
        decide: decide as Waiting['decide'],
        resolve: resolve as Waiting['resolve'],
        reject,
      };
      const others = this.#waiting.get(name);
      if (others !== undefined) {
        others.push(waiting);
        return;
      }
      this.#waiting.set(name, [waiting]);
      void this.#work(name);
    });
  }

  async clear(): Promise<void> {
    this.#known.clear();
    await this.#core.read('delete from cell where collection = $1', [this.#collection]);
  }

  async #work(key: string): Promise<void> {
    for (let group = this.#take(key); group.length > 0; group = this.#take(key)) {
      try {
        await this.#change(key, group);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    // No `await` may be between the last call of `#take` and this line, because a change that arrived in between would
    // be left waiting.
    this.#waiting.delete(key);
  }

  #take(key: string): Waiting[] {
    return this.#waiting.get(key)?.splice(0) ?? [];
  }

  /** Makes the changes of a group on the newest version of the cell, and settles them when the result is stored. */
  async #change(key: string, group: readonly Waiting[]): Promise<void> {
    let before = this.#known.get(key);
    for (;;) {
      const isRead = before === undefined;
      before ??= await this.#read(key);
      let { value } = before;
      const settled = group.map(({ decide, resolve, reject }) => {
        try {
          const decided = decide(value);
          ({ value } = decided);
          return () => resolve(decided.result);
        } catch (error) {
          return () => reject(error);
        }
      });
      // The version that this node knows may be old: a decision to change nothing counts only if the decision was made
      // on the stored value.
      const isDone = value === before.value ? isRead : await this.#write(key, before, value);
      if (isDone) {
        for (const settle of settled) settle();
        return;
      }
      this.#known.delete(key);
      before = undefined;
    }
  }

  async #read(key: string): Promise<Version> {
    const [row] = await this.#core.read<{ value: string; stamp: string }>(
      READ,
      [this.#collection, key],
      'cell',
    );
    return row === undefined
      ? { value: undefined, stamp: undefined }
      : { value: JSON.parse(row.value), stamp: row.stamp };
  }

  /** Returns false if another node has changed the cell since the version `before` was read. */
  async #write(key: string, before: Version, value: unknown): Promise<boolean> {
    const stamp = randomUUID();
    const cell = [this.#collection, key];
    // The known version is forgotten, so that after a write with an unknown outcome the next change reads the stored
    // value.
    this.#known.delete(key);
    if (value === undefined) {
      return (await this.#core.read(DELETE, [...cell, before.stamp], 'cell-delete')).length > 0;
    }
    const text = JSON.stringify(value);
    const rows =
      before.stamp === undefined
        ? await this.#core.read(INSERT, [...cell, text, stamp], 'cell-insert')
        : await this.#core.read(UPDATE, [...cell, text, stamp, before.stamp], 'cell-update');
    if (rows.length === 0) return false;
    this.#remember(key, { value: JSON.parse(text), stamp });
    return true;
  }

  #remember(key: string, version: Version): void {
    this.#known.set(key, version);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
