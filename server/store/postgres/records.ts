/** Implements the store's operations on records, which have a key and a JSON value. */
import type { Seq } from '../ids.ts';
import { planDrop, planPut, planUpdate } from '../engine/plan/records.ts';
import type { Records, RecordSet } from '../store.ts';
import type { Core } from './core.ts';
import { safeName } from './text.ts';

export class PostgresRecords implements Records {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async collections(): Promise<readonly string[]> {
    const rows = await this.#core.read<{ collection: string }>('select distinct collection from record');
    return rows.map(({ collection }) => collection);
  }

  collection<T>(name: string): RecordSet<T> {
    return new PostgresRecordSet<T>(this.#core, name);
  }
}

class PostgresRecordSet<T> implements RecordSet<T> {
  readonly #core: Core;
  readonly #collection: string;

  constructor(core: Core, collection: string) {
    this.#core = core;
    this.#collection = collection;
  }

  async get(key: string): Promise<T | undefined> {
    const [row] = await this.#core.read<{ value: string }>(
      'select value from record where collection = $1 and key = $2',
      [safeName(this.#collection), safeName(key)],
      'record-get',
    );
    return row && (JSON.parse(row.value) as T);
  }

  async list(): Promise<readonly { readonly key: string; readonly value: T }[]> {
    const rows = await this.#core.read<{ key: string; value: string }>(
      'select key, value from record where collection = $1 order by position, key',
      [safeName(this.#collection)],
      'record-list',
    );
    return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as T }));
  }

  put(key: string, value: T): Promise<Seq> {
    // A copy of the value is stored, because the caller may change its object later.
    const copy = JSON.parse(JSON.stringify(value)) as unknown;
    return this.#core.join({ need: {}, plan: (state) => planPut(state, this.#collection, key, copy) });
  }

  update(key: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined> {
    const need = { records: [{ collection: this.#collection, key }] };
    return this.#core.join({ need, plan: (state) => planUpdate(state, this.#collection, key, change) });
  }

  delete(key: string): Promise<boolean> {
    const need = { records: [{ collection: this.#collection, key }] };
    return this.#core.join({ need, plan: (state) => planDrop(state, this.#collection, key) });
  }
}
