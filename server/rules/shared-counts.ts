/**
 * The counts of rules that several nodes on one store share: each match gets the next number, whatever node detects it,
 * so that `times`, `nth` and scripts hold for all nodes together.
 */
import { createHash } from 'node:crypto';
import type { Cells, CellSet } from '../store/cells.ts';
import {
  decide,
  foresee,
  isCounted,
  keyOf,
  randomAt,
  type Count,
  type Counters,
  type Outcome,
} from './counters.ts';
import type { Facts } from './facts.ts';
import type { Rule } from './rule.ts';

/** The count of one value of the field `per`. */
interface SharedCount extends Count {
  /** The number of random numbers that were drawn for this value. */
  readonly drawn: number;
}

/** The facts about a rule that users see: the number of times that it fired, the last time, and its last failure. */
interface Totals {
  /** The digest of the rule's definition; totals with the digest of another definition are ignored. */
  readonly of: string;
  readonly hits: number;
  readonly lastHitAt: number | null;
  readonly failure: string | null;
}

interface Counted {
  readonly rule: Rule;
  readonly counters: Counters;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

export class SharedCounts {
  readonly #cells: Cells;
  readonly #totals: CellSet<Totals>;
  /** The cells of each rule with the counts of the values of its field `per`. */
  readonly #counts = new Map<string, CellSet<SharedCount>>();
  readonly #digests = new WeakMap<Rule, string>();
  readonly #identityOf: (rule: Rule) => string;

  /** @param identityOf returns the text that identifies the definition of a rule */
  constructor(cells: Cells, identityOf: (rule: Rule) => string) {
    this.#cells = cells;
    this.#totals = cells.collection('rule-totals');
    this.#identityOf = identityOf;
  }

  /** Counts a match of the rule's conditions, and decides whether the rule fires. */
  async match({ rule, counters }: Counted, facts: Facts, now: number): Promise<Outcome> {
    const outcome = isCounted(rule) ? await this.#decide(rule, facts, now) : { step: 0 };
    if (typeof outcome === 'string') return outcome;
    const { failure } = counters;
    const totals = await this.#change(rule, (known) => ({
      ...{ hits: known.hits + 1, lastHitAt: Math.max(known.lastHitAt ?? 0, now) },
      failure: known.failure ?? failure,
    }));
    show(counters, totals);
    return outcome;
  }

  /** Returns the decision about the next match. Nothing is counted. */
  async foresee({ rule }: Counted, facts: Facts, now: number): Promise<Outcome> {
    const known = isCounted(rule) ? await this.#countsOf(rule).get(this.#keyOf(rule, facts)) : undefined;
    return foresee(rule, known, now);
  }

  /** Stores the error of a rule for all nodes. */
  async failed({ rule }: Counted, failure: string): Promise<void> {
    await this.#change(rule, (known) => ({ ...known, failure }));
  }

  /** Reads the hits and failures of rules, as all nodes have counted them. */
  async refresh(counted: Iterable<Counted>): Promise<void> {
    const totals = new Map((await this.#totals.list()).map(({ key, value }) => [key, value]));
    for (const { rule, counters } of counted) {
      const known = totals.get(rule.id);
      if (known?.of === this.#digest(rule)) show(counters, known);
    }
  }

  /** Deletes the counts of a rule that was removed or replaced. */
  async forget(id: string): Promise<void> {
    await this.#cells.collection(collectionOf(id)).clear();
    this.#counts.delete(id);
    await this.#totals.update(id, () => ({ value: undefined, result: null }));
  }

  #decide(rule: Rule, facts: Facts, now: number): Promise<Outcome> {
    const key = this.#keyOf(rule, facts);
    // Each value of the field `per` has its own sequence of random numbers; without `per`, the sequence is the same as
    // in a store that only one server uses.
    const per = keyOf(rule, facts);
    const seed = per === '' ? rule.seed : rule.seed ^ createHash('sha256').update(per).digest().readInt32LE();
    return this.#countsOf(rule).update(key, (known) => {
      let drawn = known?.drawn ?? 0;
      const { count, outcome } = decide(rule, known, now, () => randomAt(seed >>> 0, drawn++));
      return { value: { ...count, drawn }, result: outcome };
    });
  }

  #change(rule: Rule, change: (known: Totals) => Omit<Totals, 'of'>): Promise<Totals> {
    const of = this.#digest(rule);
    const none: Totals = { of, hits: 0, lastHitAt: null, failure: null };
    return this.#totals.update(rule.id, (known) => {
      const value = { ...change(known?.of === of ? known : none), of };
      return { value, result: value };
    });
  }

  #countsOf({ id }: Rule): CellSet<SharedCount> {
    const known = this.#counts.get(id) ?? this.#cells.collection<SharedCount>(collectionOf(id));
    this.#counts.set(id, known);
    return known;
  }

  /** Returns the key of a count, which no other definition of the rule has. */
  #keyOf(rule: Rule, facts: Facts): string {
    return `${this.#digest(rule)} ${keyOf(rule, facts)}`;
  }

  #digest(rule: Rule): string {
    const known = this.#digests.get(rule) ?? digestOf(this.#identityOf(rule));
    this.#digests.set(rule, known);
    return known;
  }
}

const collectionOf = (id: string): string => `rule-counts ${id}`;

function show(counters: Counters, { hits, lastHitAt, failure }: Totals): void {
  counters.hits = hits;
  counters.lastHitAt = lastHitAt;
  counters.failure = failure;
}
