/**
 * The parts of the store that all groups of its operations (on accounts, mailboxes, messages, placements and
 * records) share: the database, the commits and the clock.
 */
import type { State } from '../model/state.ts';
import { BULK } from '../engine/core.ts';
import type { Plan } from '../engine/plan/plan.ts';
import { StoreError } from '../store.ts';
import type { Committer, Request } from './committer.ts';
import type { Database, Rows } from './database.ts';
import type { Need } from './need.ts';

export class Core {
  readonly clock: () => number;
  readonly #database: Database;
  readonly #committer: Committer;
  #isClosing = false;

  constructor(database: Database, committer: Committer, clock: () => number) {
    this.#database = database;
    this.#committer = committer;
    this.clock = clock;
  }

  /** Throws `StoreError('closed')` once closing of the store has begun. */
  assertOpen(): void {
    if (this.#isClosing) throw new StoreError('closed', 'The store is closed');
  }

  /** Makes all further calls fail with `StoreError('closed')`. */
  startClosing(): void {
    this.#isClosing = true;
  }

  async read<T>(text: string, values?: readonly unknown[], name?: string): Promise<Rows<T>> {
    this.assertOpen();
    return this.#database.read<T>(text, values, name);
  }

  /** Loads the rows in `need`, and commits the changes that `plan` makes on a state with these rows. */
  async commit<T>(need: Need, plan: (state: State) => Plan<T>): Promise<T> {
    this.assertOpen();
    return this.#committer.run({ need, plan });
  }

  /** Commits a request that may share its commit with others. */
  async join<T>(request: Omit<Request<T>, 'isGroupable'>): Promise<T> {
    this.assertOpen();
    return this.#committer.run({ ...request, isGroupable: true });
  }

  /** Divides the items of a bulk call into slices, and commits the changes of each slice separately. */
  async commitInSlices<T, R>(
    items: readonly T[],
    need: (slice: readonly T[]) => Need,
    plan: (state: State, slice: readonly T[]) => Plan<R>,
  ): Promise<R[]> {
    const results: R[] = [];
    for (let from = 0; from < items.length; from += BULK) {
      const slice = items.slice(from, from + BULK);
      results.push(await this.commit(need(slice), (state) => plan(state, slice)));
    }
    return results;
  }
}
