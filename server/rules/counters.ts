/**
 * Counts how often a rule matched and fired, and decides whether a match fires: by the rule's fields `after`,
 * `nth` and `times`, its script and its probability.
 */
import { canonicalAddress } from '../message/canonical-address.ts';
import type { Facts } from './facts.ts';
import type { Rule } from './rule.ts';

/**
 * The maximum number of values that a rule with the field `per` counts separately. If it is exceeded, the count
 * of the oldest value is deleted, so that the use of memory is bounded.
 */
const MAX_KEYS = 10_000;

interface Count {
  /** The time when the counting of the matches began, in milliseconds since the epoch. */
  since: number;
  matched: number;
  fired: number;
}

/**
 * Returns a generator of random numbers (the algorithm mulberry32). The same seed gives the same sequence on
 * every machine.
 */
function sequenceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function keyOf({ per }: Rule, facts: Facts): string {
  switch (per) {
    case 'rule':
      return '';
    case 'rcpt':
      return facts.rcpt.map(canonicalAddress).join(' ');
    case 'from':
      return canonicalAddress(facts.from ?? '');
    case 'ip':
      return facts.ip ?? '';
    case 'user':
      return canonicalAddress(facts.user ?? '');
    case 'session':
      return facts.session ?? '';
  }
}

/** The field of a rule that prevents the rule from firing although its conditions match. */
export type Held = 'after' | 'nth' | 'times' | 'script' | 'probability';

/** The counts of a rule in the form in which they are stored. */
export interface StoredCounts {
  readonly hits: number;
  readonly lastHitAt: number | null;
  /** The counts of the latest values of the field `per`, oldest first. */
  readonly counts: readonly (Count & { readonly key: string })[];
}

/** The maximum number of values of the field `per` whose counts are stored. */
const MAX_STORED = 500;

export class Counters {
  readonly #rule: Rule;
  readonly #counts = new Map<string, Count>();
  readonly #chance: () => number;
  /** The number of times that the rule fired since it was added or last replaced. */
  hits = 0;
  lastHitAt: number | null = null;
  /** The error of the last failed evaluation or action of the rule; `null` if none failed. */
  failure: string | null = null;

  constructor(rule: Rule) {
    this.#rule = rule;
    this.#chance = sequenceOf(rule.seed);
  }

  /** Returns the counts in the form in which they are stored. */
  stored(): StoredCounts {
    const latest = [...this.#counts].slice(-MAX_STORED);
    const counts = latest.map(([key, count]) => ({ key, ...count }));
    return { hits: this.hits, lastHitAt: this.lastHitAt, counts };
  }

  /** Continues the counts of an earlier process. */
  restore({ hits, lastHitAt, counts }: StoredCounts): void {
    this.hits = hits;
    this.lastHitAt = lastHitAt;
    for (const { key, since, matched, fired } of counts) this.#counts.set(key, { since, matched, fired });
  }

  /**
   * Counts a match of the rule's conditions. Returns the index of the script step to perform, or the name of
   * the field that prevents the rule from firing.
   */
  match(facts: Facts, now: number): { readonly step: number } | Held {
    const count = this.#count(facts, now);
    count.matched++;
    const held = this.#held(count, count.matched);
    if (held !== null) return held;
    // The random number is drawn last, so that a match which cannot fire the rule for another reason consumes
    // no number of the sequence.
    if (this.#rule.probability < 1 && this.#chance() >= this.#rule.probability) return 'probability';
    const step = this.#rule.scripted ? count.fired : 0;
    count.fired++;
    this.hits++;
    this.lastHitAt = now;
    return { step };
  }

  /**
   * Returns the result that the next call of `match` would have, regardless of the rule's probability.
   * Nothing is counted.
   */
  foresee(facts: Facts, now: number): { readonly step: number } | Held {
    const known = this.#counts.get(keyOf(this.#rule, facts));
    const count = known === undefined || this.#isOver(known, now) ? { matched: 0, fired: 0 } : known;
    return this.#held(count, count.matched + 1) ?? { step: this.#rule.scripted ? count.fired : 0 };
  }

  #isOver(count: Count, now: number): boolean {
    // If the clock was set back, the stored time may be in the future; such a time is treated as the current
    // time.
    count.since = Math.min(count.since, now);
    return this.#rule.within !== null && now - count.since >= this.#rule.within;
  }

  #held({ fired }: Pick<Count, 'fired'>, matched: number): Held | null {
    const { nth, after, times, scripted, steps } = this.#rule;
    if (matched <= after) return 'after';
    if (nth !== null && !nth.includes(matched - after)) return 'nth';
    if (times !== null && fired >= times) return 'times';
    return scripted && fired >= steps.length ? 'script' : null;
  }

  #count(facts: Facts, now: number): Count {
    const key = keyOf(this.#rule, facts);
    const known = this.#counts.get(key);
    if (known !== undefined && !this.#isOver(known, now)) return known;
    this.#counts.delete(key);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size >= MAX_KEYS && oldest !== undefined) this.#counts.delete(oldest);
    const count = { since: now, matched: 0, fired: 0 };
    this.#counts.set(key, count);
    return count;
  }
}
