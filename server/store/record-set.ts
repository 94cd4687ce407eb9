/** A collection of keyed records, as the store gives it out. */
import type { Seq } from './ids.ts';
import { planDrop, planPut } from './plan/records.ts';
import type { Plan } from './plan/plan.ts';
import type { RecordSet } from './store.ts';
import type { State } from './state/state.ts';

export type CommitPlan = <T>(plan: () => Plan<T>) => Promise<T>;

export class StoredRecords<T> implements RecordSet<T> {
  readonly #state: State;
  readonly #collection: string;
  readonly #commit: CommitPlan;

  constructor(state: State, collection: string, commit: CommitPlan) {
    this.#state = state;
    this.#collection = collection;
    this.#commit = commit;
  }

  async get(key: string): Promise<T | undefined> {
    return this.#state.records.get(this.#collection)?.get(key) as T | undefined;
  }

  async list(): Promise<readonly { readonly key: string; readonly value: T }[]> {
    const records = [...(this.#state.records.get(this.#collection) ?? [])];
    return records.map(([key, value]) => ({ key, value: value as T }));
  }

  put(key: string, value: T): Promise<Seq> {
    // A copy: the caller's object may change, what was put does not.
    const copy = JSON.parse(JSON.stringify(value)) as unknown;
    return this.#commit(() => planPut(this.#state, this.#collection, key, copy));
  }

  delete(key: string): Promise<boolean> {
    return this.#commit(() => planDrop(this.#state, this.#collection, key));
  }
}
