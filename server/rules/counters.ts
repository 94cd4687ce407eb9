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

export interface Count {
  /** The time when the counting of the matches began, in milliseconds since the epoch. */
  readonly since: number;
  readonly matched: number;
  readonly fired: number;
}

/**
 * Returns a generator of random numbers (the algorithm mulberry32). The same seed gives the same sequence on
 * every machine.
 */
function sequenceOf(seed: number): () => number {
  let drawn = 0;
  return () => randomAt(seed, drawn++);
}

/**
 * Returns one number of the sequence of random numbers (the algorithm mulberry32), from 0 (inclusive) to 1 (exclusive).
 * @param index the position in the sequence, from 0
 */
export function randomAt(seed: number, index: number): number {
  const state = (seed + Math.imul(index + 1, 0x6d2b79f5)) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Returns the value of the field `per` for which a match is counted; empty if all matches are counted together. */
export function keyOf({ per }: Rule, facts: Facts): string {
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

/** The decision about a match: the index of the script step to perform, or the field that prevents the rule from firing. */
export type Outcome = { readonly step: number } | Held;

/** Whether the decision about a match depends on the earlier matches. */
export const isCounted = ({ nth, after, times, scripted, probability }: Rule): boolean =>
  nth !== null || after > 0 || times !== null || scripted || probability < 1;

function held({ nth, after, times, scripted, steps }: Rule, { matched, fired }: Count): Held | null {
  if (matched <= after) return 'after';
  if (nth !== null && !nth.includes(matched - after)) return 'nth';
  if (times !== null && fired >= times) return 'times';
  return scripted && fired >= steps.length ? 'script' : null;
}

/** Returns the count with one more match; a count that is older than the period in the field `within` starts again. */
function counted({ within }: Rule, known: Count | undefined, now: number): Count {
  // If the clock was set back, the stored time may be in the future; such a time is treated as the current time.
  const since = Math.min(known?.since ?? now, now);
  const isOver = known === undefined || (within !== null && now - since >= within);
  const { matched, fired } = isOver ? { matched: 0, fired: 0 } : known;
  return { since: isOver ? now : since, matched: matched + 1, fired };
}

/**
 * Counts a match of the rule's conditions, and decides whether the rule fires.
 * @param chance returns the next random number of the rule, from 0 (inclusive) to 1 (exclusive)
 */
export function decide(
  rule: Rule,
  known: Count | undefined,
  now: number,
  chance: () => number,
): { readonly count: Count; readonly outcome: Outcome } {
  const count = counted(rule, known, now);
  const reason = held(rule, count);
  if (reason !== null) return { count, outcome: reason };
  // The random number is drawn last, so that a match which cannot fire the rule for another reason consumes
  // no number of the sequence.
  if (rule.probability < 1 && chance() >= rule.probability) return { count, outcome: 'probability' };
  const step = rule.scripted ? count.fired : 0;
  return { count: { ...count, fired: count.fired + 1 }, outcome: { step } };
}

/** Returns the decision about the next match, regardless of the rule's probability. Nothing is counted. */
export const foresee = (rule: Rule, known: Count | undefined, now: number): Outcome =>
  decide({ ...rule, probability: 1 }, known, now, () => 0).outcome;

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

  /** Counts a match of the rule's conditions, and decides whether the rule fires. */
  match(facts: Facts, now: number): Outcome {
    const key = keyOf(this.#rule, facts);
    const { count, outcome } = decide(this.#rule, this.#counts.get(key), now, this.#chance);
    const isNew = !this.#counts.has(key) || count.matched === 1;
    if (isNew) this.#counts.delete(key);
    const [oldest] = this.#counts.keys();
    if (isNew && this.#counts.size >= MAX_KEYS && oldest !== undefined) this.#counts.delete(oldest);
    this.#counts.set(key, count);
    if (typeof outcome !== 'string') {
      this.hits++;
      this.lastHitAt = now;
    }
    return outcome;
  }

  /** Returns the decision about the next match, regardless of the rule's probability. Nothing is counted. */
  foresee(facts: Facts, now: number): Outcome {
    return foresee(this.#rule, this.#counts.get(keyOf(this.#rule, facts)), now);
  }
}
