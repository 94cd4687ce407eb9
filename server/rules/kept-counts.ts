/**
 * The counts of rules: decides whether a match fires a rule, and stores the counts, so that `times`, `nth`, scripts and
 * the shown hits continue after a restart. In a store that only one server uses, the counts are written after a pause,
 * so that a rule that fires for every message causes few writes; a process that is killed loses the counts of the last
 * second. Several nodes on one store share the counts (`shared-counts.ts`).
 */
import type { RecordSet, Store } from '../store/store.ts';
import type { Counters, Outcome, StoredCounts } from './counters.ts';
import type { Facts } from './facts.ts';
import { SharedCounts } from './shared-counts.ts';
import type { Rule } from './rule.ts';

/** The time between a match and the write of its count, in milliseconds. */
const PAUSE = 1000;

interface KeptCounts extends StoredCounts {
  /** The definition of the rule as JSON text; the counts of a rule that has changed are not restored. */
  readonly of: string;
}

interface Counted {
  readonly rule: Rule;
  readonly counters: Counters;
}

/** Returns the text that identifies the definition of a rule, apart from properties that the server adds. */
const identityOf = ({ definition }: Rule): string =>
  JSON.stringify({ ...definition, createdAt: null, expiresAt: null, seed: null });

export class RuleCounts {
  readonly #records: RecordSet<KeptCounts>;
  readonly #changed = new Map<string, Counted>();
  /** The counts that several nodes share; `null` if only one server uses the store. */
  readonly #shared: SharedCounts | null;
  #loaded = new Map<string, KeptCounts>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store) {
    this.#records = store.records.collection('rule-counts');
    this.#shared = store.nodes.self === undefined ? null : new SharedCounts(store.cells, identityOf);
  }

  /** Counts a match of the rule's conditions, and decides whether the rule fires. */
  async match(counted: Counted, facts: Facts, now: number): Promise<Outcome> {
    if (this.#shared !== null) return this.#shared.match(counted, facts, now);
    const outcome = counted.counters.match(facts, now);
    this.#note(counted);
    return outcome;
  }

  /** Returns the decision about the next match. Nothing is counted. */
  async foresee(counted: Counted, facts: Facts, now: number): Promise<Outcome> {
    return this.#shared?.foresee(counted, facts, now) ?? counted.counters.foresee(facts, now);
  }

  /** Records the error of the last failed evaluation or action of a rule. */
  failed(counted: Counted, failure: string): void {
    counted.counters.failure = failure;
    // An error of the store is ignored here, because this node shows the failure even if it cannot be stored.
    this.#shared?.failed(counted, failure).catch(() => undefined);
  }

  /** Reads the counts of all nodes, so that they can be shown. */
  async refresh(counted: Iterable<Counted>): Promise<void> {
    await this.#shared?.refresh(counted);
  }

  async load(): Promise<void> {
    this.#loaded = new Map((await this.#records.list()).map(({ key, value }) => [key, value]));
  }

  /** Restores the counts of a rule that is loaded for the first time, if its definition is the same. */
  restore({ rule, counters }: Counted): void {
    const kept = this.#loaded.get(rule.id);
    this.#loaded.delete(rule.id);
    if (kept?.of === identityOf(rule)) counters.restore(kept);
  }

  /** Marks the counts of a rule as changed; they are stored within a second. */
  #note(counted: Counted): void {
    this.#changed.set(counted.rule.id, counted);
    this.#timer ??= setTimeout(() => void this.save(), PAUSE).unref();
  }

  /** Deletes the counts of a rule that was removed or replaced. */
  async forget(id: string): Promise<void> {
    this.#loaded.delete(id);
    this.#changed.delete(id);
    await this.#shared?.forget(id);
    await this.#records.delete(id);
  }

  /** Writes the counts that have changed. An error is ignored: the next match writes the counts again. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    for (const { rule, counters } of changed) {
      await this.#records.put(rule.id, { of: identityOf(rule), ...counters.stored() }).catch(() => undefined);
    }
  }
}
