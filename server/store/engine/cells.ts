/** The cells of a store that only one server uses: they are in memory. */
import { MAX_CELLS, type CellChange, type Cells, type CellSet } from '../cells.ts';

export class MemoryCells implements Cells {
  readonly #collections = new Map<string, MemoryCellSet>();

  collection<T>(name: string): CellSet<T> {
    const known = this.#collections.get(name) ?? new MemoryCellSet();
    this.#collections.set(name, known);
    // A collection contains only values that its users have stored, so the type of the values is the type that these
    // users specify.
    return known as CellSet<unknown> as CellSet<T>;
  }
}

class MemoryCellSet implements CellSet<unknown> {
  /** The values by key, the least recently changed first. */
  readonly #values = new Map<string, unknown>();

  async get(key: string): Promise<unknown> {
    return this.#values.get(key);
  }

  async list(): Promise<readonly { readonly key: string; readonly value: unknown }[]> {
    return [...this.#values].map(([key, value]) => ({ key, value }));
  }

  async update<R>(key: string, decide: (value: unknown) => CellChange<unknown, R>): Promise<R> {
    const before = this.#values.get(key);
    const { value, result } = decide(before);
    if (value === before) return result;
    this.#values.delete(key);
    if (value !== undefined) this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > MAX_CELLS && oldest !== undefined) this.#values.delete(oldest);
    return result;
  }

  async clear(): Promise<void> {
    this.#values.clear();
  }
}
