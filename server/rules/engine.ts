/**
 * The rules at work: the list, live, kept in the store's records; at each stage the first rule that matches and
 * fires is the one. Behind them stand those of the rules file, which nobody but the file changes: what a test puts
 * comes before what everybody shares. A rule's own failure is noted with it and never stands in the way of mail.
 */
import { randomUUID } from 'node:crypto';
import type { AccountName } from '../store/ids.ts';
import type { RecordSet, Store } from '../store/store.ts';
import { TimeSlice } from '../async/time-slice.ts';
import type { BoundAction } from './action.ts';
import { Counters, type Held } from './counters.ts';
import type { Facts } from './facts.ts';
import { firstUnmet, queryUnmet } from './match.ts';
import { parseRule } from './parse.ts';
import type { Rule, RuleDefinition, RuleProblem } from './rule.ts';

type RuleSource = 'store' | 'file';

/** A rule with how often it fired. */
export interface RuleState {
  readonly definition: RuleDefinition;
  readonly hits: number;
  /** Milliseconds since the epoch. */
  readonly lastHitAt: number | null;
  /** The last failure of the rule itself. */
  readonly failure: string | null;
  /** Whether it can still fire: enabled, not expired. */
  readonly active: boolean;
  /** Where it is kept: `file` rules are read only. */
  readonly source: RuleSource;
}

/** A rule that fires. */
export interface Hit {
  readonly rule: Rule;
  readonly actions: readonly BoundAction[];
}

/** What a dry run says of one rule. */
export interface Explanation {
  readonly id: string;
  readonly name: string;
  readonly on: Rule['on'];
  /** Whether this is the rule that would act at its stage. */
  readonly fires: boolean;
  /** Descriptions of the actions that the rule would perform if it fires. */
  readonly actions: readonly string[];
  /** The reason why it would not: the condition that fails with the actual value, or the rule before it. */
  readonly because: string | null;
}

/** An invalid rule, or several, with the problems found. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    super(problems.map(({ path, message }) => `${path === '' ? 'the rule' : path} ${message}`).join('; '));
    this.problems = problems;
  }
}

/** Key of the record with the order of the rules. */
const ORDER = 'order';

/** More rules would slow down every message. */
const MAX_RULES = 10_000;

/** A rule as it is kept: with the lifetime that its `expiresAt` follows from. */
type KeptRule = RuleDefinition & { readonly lifetime?: number };

/**
 * A rule that was put in the future counts as put now: the clock was ahead and is set back. Otherwise it would live
 * longer than its author asked for.
 */
function rebased(rule: Rule, now: number): Rule {
  const { expiresAt, lifetime, definition } = rule;
  if (expiresAt === null || lifetime === null || expiresAt - lifetime <= now) return rule;
  const ends = now + lifetime;
  return { ...rule, expiresAt: ends, definition: { ...definition, expiresAt: new Date(ends).toISOString() } };
}

interface Entry {
  rule: Rule;
  readonly counters: Counters;
  readonly source: RuleSource;
}

/** An attempt to change a rule of the rules file by other means. */
export class FileRuleError extends Error {
  override readonly name = 'FileRuleError';

  constructor(id: string) {
    super(`Rule ${id} is kept in the rules file: change it there`);
  }
}

interface RulesOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: () => number;
}

export class Rules {
  readonly #clock: () => number;
  readonly #random: () => number;
  readonly #records: RecordSet<KeptRule>;
  /** The requested order, under one key. */
  readonly #wishes: RecordSet<readonly string[]>;
  #order: readonly string[] = [];
  #entries = new Map<string, Entry>();
  #ofFile: ReadonlyMap<string, Entry> = new Map();
  /** Rules of the file as they were written, to see which changed. */
  #writtenOfFile: ReadonlyMap<string, string> = new Map();
  readonly #unsubscribe: () => void;

  constructor({ store, clock, random }: RulesOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#records = store.records.collection('rules');
    this.#wishes = store.records.collection('rule-order');
    // A rule for one account ends with it, so that no test's rule outlives the test.
    this.#unsubscribe = store.changes.subscribe((change) => {
      if (change.kind === 'account-removed') this.#forget(change.account);
    });
  }

  /** Reads the rules that the store keeps; returns a line for each that this version cannot read. */
  async load(): Promise<readonly string[]> {
    const warnings: string[] = [];
    for (const { key, value } of await this.#records.list()) {
      const { lifetime = null, ...definition } = value;
      const rule = this.#parse(definition, key);
      if (Array.isArray(rule)) warnings.push(`Rule ${key} is left out: ${new RuleError(rule).message}`);
      else this.#setStored({ ...rule, lifetime });
    }
    this.#order = (await this.#wishes.get(ORDER)) ?? [];
    this.#sort();
    return warnings;
  }

  #setStored(rule: Rule): void {
    this.#entries.set(rule.id, { rule, counters: new Counters(rule), source: 'store' });
  }

  /** As wished for; those that no wish names keep their order behind. */
  #sort(): void {
    if (this.#order.length === 0) return;
    const ranks = new Map(this.#order.map((id, rank) => [id, rank]));
    const rank = (id: string): number => ranks.get(id) ?? ranks.size;
    this.#entries = new Map([...this.#entries].sort(([a], [b]) => rank(a) - rank(b)));
  }

  /** Orders the rules by these ids; the other rules follow. Throws `RuleError` for an unknown id. */
  async reorder(ids: readonly string[]): Promise<void> {
    const unknown = ids.findIndex((id) => !this.#entries.has(id));
    if (unknown >= 0) {
      const message = `is ${ids[unknown]}, of which there is no rule to be moved`;
      throw new RuleError([{ path: `[${unknown}]`, message }]);
    }
    this.#order = [...ids];
    this.#sort();
    await this.#wishes.put(ORDER, this.#order);
  }

  /** What is wrong with a rule, without putting it; nothing when it would be taken. */
  check(json: unknown): readonly RuleProblem[] {
    const rule = this.#parse(json, 'check');
    return Array.isArray(rule) ? rule : [];
  }

  #parse(json: unknown, id: string): Rule | RuleProblem[] {
    const seed = Math.floor(this.#random() * 2 ** 32);
    return parseRule(json, { id, seed, now: this.#clock() });
  }

  list(): readonly RuleState[] {
    return this.#all().map((entry) => this.#state(entry));
  }

  /** Returns all rules in the order of their evaluation. */
  #all(): Entry[] {
    const entries = [...this.#entries.values(), ...this.#ofFile.values()];
    const now = this.#clock();
    for (const entry of entries) entry.rule = rebased(entry.rule, now);
    return entries;
  }

  get(id: string): RuleState | undefined {
    const entry = this.#entries.get(id) ?? this.#ofFile.get(id);
    return entry === undefined ? undefined : this.#state(entry);
  }

  #state({ rule, counters, source }: Entry): RuleState {
    const { hits, lastHitAt, failure } = counters;
    const expired = rule.expiresAt !== null && rule.expiresAt <= this.#clock();
    const active = rule.enabled && !expired;
    return { definition: rule.definition, hits, lastHitAt, failure, active, source };
  }

  /**
   * The rules of the file, in place of those it had before. One that is as it was keeps its counts. Rules without an
   * id are named by their place. Throws `RuleError`, and then nothing changes.
   */
  setFileRules(list: readonly unknown[]): void {
    const problems: RuleProblem[] = [];
    const entries = new Map<string, Entry>();
    for (const [index, json] of list.entries()) {
      const given = typeof json === 'object' && json !== null ? (json as { id?: unknown }).id : undefined;
      const id = typeof given === 'string' ? given : `file-${index + 1}`;
      const rule = this.#parse(json, id);
      const say = (path: string, message: string) => problems.push({ path: `[${index}]${path}`, message });
      if (Array.isArray(rule))
        rule.forEach(({ path, message }) => say(path === '' ? '' : `.${path}`, message));
      else if (entries.has(id) || this.#entries.has(id)) say('.id', `is ${id}, which another rule has`);
      else entries.set(id, this.#kept(json, rule) ?? { rule, counters: new Counters(rule), source: 'file' });
    }
    if (problems.length > 0) throw new RuleError(problems);
    this.#ofFile = entries;
    this.#writtenOfFile = new Map([...entries.keys()].map((id, index) => [id, JSON.stringify(list[index])]));
  }

  #kept(json: unknown, { id }: Rule): Entry | undefined {
    return this.#writtenOfFile.get(id) === JSON.stringify(json) ? this.#ofFile.get(id) : undefined;
  }

  /** Adds a rule behind the others, or replaces the one of its id and starts its counts anew. Throws `RuleError`. */
  async put(json: unknown, id: string = randomUUID().slice(0, 8)): Promise<RuleState> {
    const [state] = await this.putAll([json], () => id);
    if (state === undefined) throw new Error('a rule was put and is not there');
    return state;
  }

  /** Several rules, all or none. Throws `RuleError`, whose paths then begin with the rule's place in the list. */
  async putAll(
    list: readonly unknown[],
    idOf: (index: number) => string = () => randomUUID().slice(0, 8),
  ): Promise<readonly RuleState[]> {
    const problems: RuleProblem[] = [];
    const rules: Rule[] = [];
    for (const [index, json] of list.entries()) {
      const rule = this.#parse(json, idOf(index));
      if (!Array.isArray(rule) && this.#ofFile.has(rule.id)) throw new FileRuleError(rule.id);
      if (!Array.isArray(rule)) rules.push(rule);
      else if (list.length === 1) problems.push(...rule);
      else problems.push(...rule.map(({ path, message }) => ({ path: `[${index}].${path}`, message })));
    }
    if (this.#entries.size + rules.length > MAX_RULES) {
      problems.push({ path: '', message: `cannot be added: there are ${MAX_RULES} rules already` });
    }
    if (problems.length > 0) throw new RuleError(problems);
    for (const rule of rules) {
      const { definition, lifetime } = rule;
      await this.#records.put(rule.id, lifetime === null ? definition : { ...definition, lifetime });
      this.#setStored(rule);
    }
    this.#sort();
    return rules.map(({ id }) => this.get(id)).filter((state) => state !== undefined);
  }

  async remove(id: string): Promise<boolean> {
    if (this.#ofFile.has(id)) throw new FileRuleError(id);
    if (!this.#entries.delete(id)) return false;
    await this.#records.delete(id);
    return true;
  }

  /** Removes all rules, or those for one account, but for those of the file; returns how many went. */
  async clear(account: AccountName | null = null): Promise<number> {
    const ids = [...this.#entries.values()]
      .filter(({ rule }) => account === null || rule.account === account)
      .map(({ rule }) => rule.id);
    for (const id of ids) await this.remove(id);
    return ids.length;
  }

  #forget(account: AccountName): void {
    for (const { rule } of this.#entries.values()) {
      if (rule.account !== account) continue;
      this.#entries.delete(rule.id);
      // The store that removes an account also takes this; when it is closing, the record has no account to fire for.
      this.#records.delete(rule.id).catch(() => undefined);
    }
  }

  /** Whether the engine has no rules. The caller then skips the evaluation. */
  get none(): boolean {
    return this.#entries.size + this.#ofFile.size === 0;
  }

  /** The rule that fires, counted; `null` when none does. */
  async find(facts: Facts): Promise<Hit | null> {
    const now = this.#clock();
    const slice = new TimeSlice();
    for (const { rule, counters } of this.#all()) {
      if (slice.over) await slice.rest();
      try {
        if (firstUnmet(rule, facts, now) !== null) continue;
        if (rule.when.query !== undefined && (await queryUnmet(rule, facts)) !== null) continue;
      } catch (error) {
        counters.failure = `${facts.stage}: ${error instanceof Error ? error.message : String(error)}`;
        continue;
      }
      const outcome = counters.match(facts, now);
      if (typeof outcome !== 'string') return { rule, actions: rule.steps[outcome.step] ?? [] };
    }
    return null;
  }

  /** Notes that an action failed. */
  failed({ id }: Pick<Rule, 'id'>, failure: string): void {
    const entry = this.#entries.get(id) ?? this.#ofFile.get(id);
    if (entry !== undefined) entry.counters.failure = failure;
  }

  /** What would happen, with the reason for each rule; nothing is counted and nothing done. */
  async explain(stagesOfFacts: readonly Facts[]): Promise<readonly Explanation[]> {
    const acting = new Map<Facts, Rule>();
    const slice = new TimeSlice();
    const explanations: Explanation[] = [];
    for (const entry of this.#all()) {
      if (slice.over) await slice.rest();
      explanations.push(await this.#explainOne(entry, stagesOfFacts, acting));
    }
    return explanations;
  }

  /** @param acting the rule that would act on the facts, of those explained before */
  async #explainOne(
    { rule, counters }: Entry,
    stagesOfFacts: readonly Facts[],
    acting: Map<Facts, Rule>,
  ): Promise<Explanation> {
    const { id, name, on } = rule;
    const reasons: string[] = [];
    for (const facts of stagesOfFacts.filter(({ stage }) => stage === on)) {
      const because = await this.#because(rule, counters, facts, acting.get(facts));
      if (typeof because === 'string') {
        reasons.push(because);
        continue;
      }
      acting.set(facts, rule);
      const actions = rule.steps[because.step]?.map(({ description }) => description) ?? [];
      return { id, name, on, fires: true, actions, because: null };
    }
    const because = reasons.join('; ') || `nothing comes to ${on}`;
    return { id, name, on, fires: false, actions: [], because };
  }

  async #because(
    rule: Rule,
    counters: Counters,
    facts: Facts,
    before: Rule | undefined,
  ): Promise<{ step: number } | string> {
    const now = this.#clock();
    try {
      const unmet = firstUnmet(rule, facts, now) ?? (await queryUnmet(rule, facts));
      if (unmet !== null) return `${unmet.path} does not hold: ${unmet.found}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    if (before !== undefined) return `${before.name} comes before it`;
    const outcome = counters.foresee(facts, now);
    return typeof outcome === 'string' ? spent[outcome] : outcome;
  }

  close(): void {
    this.#unsubscribe();
  }
}

const spent: Readonly<Record<Held, string>> = {
  after: 'after is not reached yet',
  nth: 'nth does not hold: this would be another match',
  times: 'times is used up',
  script: 'the script has come to its end',
  probability: 'left to chance',
};
