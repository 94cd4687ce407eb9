/**
 * Implements the store's operations on records: JSON values with a key, such as rules, deliveries and
 * settings.
 */
import type { Seq } from '../ids.ts';
import { planDrop, planPut, planUpdate } from './plan/records.ts';
import type { Records, RecordSet } from '../store.ts';
import type { Core } from './core.ts';

export class EngineRecords implements Records {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async collections(): Promise<readonly string[]> {
    return [...this.#core.state.records.keys()];
  }

  collection<T>(name: string): RecordSet<T> {
    return new EngineRecordSet<T>(this.#core, name);
  }
}

class EngineRecordSet<T> implements RecordSet<T> {
  readonly #core: Core;
  readonly #collection: string;

  constructor(core: Core, collection: string) {
    this.#core = core;
    this.#collection = collection;
  }

  async get(key: string): Promise<T | undefined> {
    return this.#core.state.records.get(this.#collection)?.get(key) as T | undefined;
  }

  async list(): Promise<readonly { readonly key: string; readonly value: T }[]> {
    const records = [...(this.#core.state.records.get(this.#collection) ?? [])];
    return records.map(([key, value]) => ({ key, value: value as T }));
  }

  put(key: string, value: T): Promise<Seq> {
    // A copy of the value is stored, because the caller may change its object later.
    const copy = JSON.parse(JSON.stringify(value)) as unknown;
    return this.#core.commit(() => planPut(this.#core.state, this.#collection, key, copy));
  }

  update(key: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined> {
    return this.#core.commit(() => planUpdate(this.#core.state, this.#collection, key, change));
  }

  delete(key: string): Promise<boolean> {
    return this.#core.commit(() => planDrop(this.#core.state, this.#collection, key));
  }
}
