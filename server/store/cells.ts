/**
 * Small JSON values that change often and that all servers on one store change together, such as the counts of rules.
 * A change of a cell has no number, is not in the feed of changes, and is not part of a backup. In a store that only
 * one server uses, cells are in memory and are lost when the process ends.
 */

/**
 * The maximum number of cells in one collection. The cells that were changed least recently are deleted; until then, a
 * store may contain some more.
 */
export const MAX_CELLS = 10_000;

/** The outcome of a decision about a cell. */
export interface CellChange<T, R> {
  /** The new value; `undefined` deletes the cell. If the value is the value that was passed in, nothing is written. */
  readonly value: T | undefined;
  readonly result: R;
}

/** A collection of cells. Values must not be modified after they were passed in or returned. */
export interface CellSet<T> {
  get(key: string): Promise<T | undefined>;
  list(): Promise<readonly { readonly key: string; readonly value: T }[]>;
  /**
   * Changes a cell atomically, also if several servers change it at the same time, and returns the result of `decide`.
   *
   * @param decide receives the current value, and returns the new value; it may be called several times, and only the
   *   result of its last call counts
   */
  update<R>(key: string, decide: (value: T | undefined) => CellChange<T, R>): Promise<R>;
  /** Deletes all cells of the collection. */
  clear(): Promise<void>;
}

export interface Cells {
  collection<T>(name: string): CellSet<T>;
}

/**
 * Returns the value of a cell. If it has none, or a value that is not usable, stores the value that `create` makes,
 * unless another server has stored one meanwhile. All servers get the same value.
 * @param isUsable returns false for a value that must be replaced
 */
export async function createdOnce<T>(
  cells: CellSet<T>,
  key: string,
  create: () => T | Promise<T>,
  isUsable: (value: T) => boolean = () => true,
): Promise<T> {
  const known = await cells.get(key);
  if (known !== undefined && isUsable(known)) return known;
  const made = await create();
  return cells.update(key, (now) => {
    const value = now !== undefined && isUsable(now) ? now : made;
    return { value, result: value };
  });
}
