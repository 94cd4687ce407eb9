/**
 * The rules engine: a list of rules that can be changed at any time and is saved in the store. At each stage of an SMTP
 * session, the first rule that matches and fires is applied. The rules of the rules file are evaluated after the rules
 * that were added through the API, so that the rules of a test have precedence over shared rules; the rules of the file
 * can be changed only in the file. A failure of a rule is recorded with the rule and never stops the processing of
 * mail.
 */
import { randomUUID } from 'node:crypto';
import type { AccountName } from '../store/ids.ts';
import type { Nodes } from '../store/nodes.ts';
import type { RecordSet, Store } from '../store/store.ts';
import { SerialQueue } from '../async/serial-queue.ts';
import { TimeSlice } from '../async/time-slice.ts';
import type { BoundAction } from './action.ts';
import { Counters, type Held } from './counters.ts';
import type { Facts } from './facts.ts';
import { RuleCounts } from './kept-counts.ts';
import { firstUnmet, queryUnmet } from './match.ts';
import { parseRule } from './parse.ts';
import type { RuleProblem } from './fields.ts';
import type { Rule, RuleDefinition } from './rule.ts';

type RuleSource = 'store' | 'file';

/** A rule together with the number of times that it fired. */
export interface RuleState {
  readonly definition: RuleDefinition;
  readonly hits: number;
  /** The last time when the rule fired, in milliseconds since the epoch; `null` if it has not fired. */
  readonly lastHitAt: number | null;
  /** The error of the last failed evaluation or action of the rule; `null` if none failed. */
  readonly failure: string | null;
  /** Whether the rule can still fire: it is enabled and has not expired. */
  readonly active: boolean;
  /**
   * The source of the rule: the store (rules of the API) or the rules file. A rule with the source `file` is
   * read-only.
   */
  readonly source: RuleSource;
}

/** A rule that fires, with the actions to perform. */
export interface Hit {
  readonly rule: Rule;
  readonly actions: readonly BoundAction[];
}

/** The prediction of a dry run for one rule. */
export interface Explanation {
  readonly id: string;
  readonly name: string;
  readonly on: Rule['on'];
  /** Whether the rule would be applied at its stage. */
  readonly fires: boolean;
  /** Descriptions of the actions that the rule would perform when it fires. */
  readonly actions: readonly string[];
  /**
   * The reason why the rule would not fire: the condition that is not met, with the actual value, or an
   * earlier rule that would be applied instead.
   */
  readonly because: string | null;
}

/** The error for one or several invalid rules, with the problems found. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly problems: readonly RuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    super(problems.map(({ path, message }) => `${path === '' ? 'the rule' : path} ${message}`).join('; '));
    this.problems = problems;
  }
}

/** The key of the stored record that contains the order of the rules. */
const ORDER = 'order';

/** The topic with which a node asks the other nodes to read the rules again. */
const TOPIC = 'read-rules';

/** The maximum number of rules. It is limited because every message is compared with each rule. */
const MAX_RULES = 10_000;

/**
 * A rule in the form in which it is stored: with the lifetime in milliseconds from which `expiresAt` was
 * computed.
 */
type KeptRule = RuleDefinition & { readonly lifetime?: number };

/**
 * Corrects the expiry time of a rule with a lifetime after the clock was set back: a rule whose creation time
 * is in the future is treated as created now. Otherwise the rule would live longer than its author requested.
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

/** The error for an attempt to change, through the API, a rule that is defined in the rules file. */
export class FileRuleError extends Error {
  override readonly name = 'FileRuleError';

  constructor(id: string) {
    super(`Rule ${id} is defined in the rules file and cannot be changed here: edit the file`);
  }
}

interface RulesOptions {
  readonly store: Store;
  /** Returns the time in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: () => number;
}

export class Rules {
  readonly #clock: () => number;
  readonly #random: () => number;
  readonly #records: RecordSet<KeptRule>;
  readonly #counts: RuleCounts;
  /** The order that the user requested for the rules; it is stored under one key. */
  readonly #wishes: RecordSet<readonly string[]>;
  #order: readonly string[] = [];
  #entries = new Map<string, Entry>();
  #ofFile: ReadonlyMap<string, Entry> = new Map();
  /**
   * The rules of the rules file as JSON text, by rule id. The texts show which rules have changed when the file
   * is read again.
   */
  #writtenOfFile: ReadonlyMap<string, string> = new Map();
  readonly #nodes: Nodes;
  readonly #subscriptions: readonly (() => void)[];
  /** Changes and readings of the stored rules run one after the other, so that a reading misses no change. */
  readonly #turns = new SerialQueue();
  /** The next reading of the rules from the store, if it has not begun. */
  #reading: Promise<readonly string[]> | undefined;

  constructor({ store, clock, random }: RulesOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#records = store.records.collection('rules');
    this.#counts = new RuleCounts(store);
    this.#wishes = store.records.collection('rule-order');
    // A rule for one account is deleted together with the account, so that the rule of a test does not
    // outlive the test.
    const unsubscribe = store.changes.subscribe((change) => {
      if (change.kind === 'account-removed') this.#forget(change.account);
    });
    this.#nodes = store.nodes;
    // When another node has changed the rules, it asks this node to read them, and continues after the answer.
    const noLongerAnswer = store.nodes.answer(TOPIC, () => this.#read());
    this.#subscriptions = [unsubscribe, noLongerAnswer];
  }

  /**
   * Loads the rules from the store. Returns a warning for each stored rule that this version cannot parse.
   */
  async load(): Promise<readonly string[]> {
    await this.#counts.load();
    const warnings = await this.#read();
    // The rules file may have been read before this call, so the counts of its rules are restored here.
    for (const entry of this.#ofFile.values()) this.#counts.restore(entry);
    return warnings;
  }

  /** Reads the rules of the store. Callers share a reading that has not begun. */
  #read(): Promise<readonly string[]> {
    this.#reading ??= this.#turns.run(() => {
      this.#reading = undefined;
      return this.#readNow();
    });
    return this.#reading;
  }

  async #readNow(): Promise<readonly string[]> {
    const warnings: string[] = [];
    const stored = await this.#records.list();
    const order = (await this.#wishes.get(ORDER)) ?? [];
    const before = this.#entries;
    this.#entries = new Map();
    for (const { key, value } of stored) {
      const { lifetime = null, ...definition } = value;
      const known = before.get(key);
      if (known !== undefined && JSON.stringify(known.rule.definition) === JSON.stringify(definition)) {
        this.#entries.set(key, known);
        continue;
      }
      const rule = this.#parse(definition, key);
      if (Array.isArray(rule)) warnings.push(`Rule ${key} is left out: ${new RuleError(rule).message}`);
      else this.#counts.restore(this.#setStored({ ...rule, lifetime }));
    }
    this.#order = order;
    this.#sort();
    return warnings;
  }

  /** Resolves when all nodes apply the rules that this node has stored. */
  async #spread(): Promise<void> {
    await this.#nodes.ask(TOPIC, null);
  }

  /** Reads the counts of all nodes, so that `list` and `get` return them. */
  async refresh(): Promise<void> {
    await this.#counts.refresh(this.#all());
  }

  #setStored(rule: Rule): Entry {
    const entry: Entry = { rule, counters: new Counters(rule), source: 'store' };
    this.#entries.set(rule.id, entry);
    return entry;
  }

  /**
   * Sorts the rules in the order that the user requested. Rules without a requested position follow in their
   * current order.
   */
  #sort(): void {
    if (this.#order.length === 0) return;
    const ranks = new Map(this.#order.map((id, rank) => [id, rank]));
    const rank = (id: string): number => ranks.get(id) ?? ranks.size;
    this.#entries = new Map([...this.#entries].sort(([a], [b]) => rank(a) - rank(b)));
  }

  /**
   * Moves the rules with these ids to the front, in this order; the other rules follow. Throws a `RuleError` for
   * an unknown id.
   */
  async reorder(ids: readonly string[]): Promise<void> {
    await this.#turns.run(async () => {
      const unknown = ids.findIndex((id) => !this.#entries.has(id));
      if (unknown >= 0) {
        const message = `is ${ids[unknown]}, which is not the id of a rule that can be moved`;
        throw new RuleError([{ path: `[${unknown}]`, message }]);
      }
      this.#order = [...ids];
      this.#sort();
      await this.#wishes.put(ORDER, this.#order);
    });
    await this.#spread();
  }

  /** Returns the problems of a rule without adding the rule; an empty list if the rule is valid. */
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
   * Replaces the rules of the rules file. An unchanged rule keeps its counts. A rule without an id gets an id
   * made from its position in the file. If the list is invalid, throws a `RuleError` and changes nothing.
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
      else if (entries.has(id) || this.#entries.has(id))
        say('.id', `is ${id}, which is already the id of another rule`);
      else entries.set(id, this.#kept(json, rule) ?? this.#ofFileNow(rule));
    }
    if (problems.length > 0) throw new RuleError(problems);
    this.#ofFile = entries;
    this.#writtenOfFile = new Map([...entries.keys()].map((id, index) => [id, JSON.stringify(list[index])]));
  }

  /**
   * Returns a new or changed rule of the rules file as the engine uses it; after a restart, the stored counts of the
   * rule continue.
   */
  #ofFileNow(rule: Rule): Entry {
    const entry: Entry = { rule, counters: new Counters(rule), source: 'file' };
    this.#counts.restore(entry);
    return entry;
  }

  #kept(json: unknown, { id }: Rule): Entry | undefined {
    return this.#writtenOfFile.get(id) === JSON.stringify(json) ? this.#ofFile.get(id) : undefined;
  }

  /**
   * Adds a rule at the end of the list, or replaces the rule that has the same id and resets its counts.
   * Throws a `RuleError` for an invalid rule.
   */
  async put(json: unknown, id: string = randomUUID().slice(0, 8)): Promise<RuleState> {
    const [state] = await this.putAll([json], () => id);
    if (state === undefined) throw new Error('A rule was stored but cannot be found');
    return state;
  }

  /**
   * Adds or replaces several rules: all of them, or none. Throws a `RuleError` if a rule is invalid; with
   * several rules, the paths of the problems begin with the position of the rule in the list.
   */
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
      problems.push({
        path: '',
        message: `cannot be added: there are ${MAX_RULES} rules, which is the limit; remove rules first`,
      });
    }
    if (problems.length > 0) throw new RuleError(problems);
    await this.#turns.run(async () => {
      for (const rule of rules) {
        const { definition, lifetime } = rule;
        await this.#counts.forget(rule.id);
        await this.#records.put(rule.id, lifetime === null ? definition : { ...definition, lifetime });
        this.#setStored(rule);
      }
      this.#sort();
    });
    await this.#spread();
    return rules.map(({ id }) => this.get(id)).filter((state) => state !== undefined);
  }

  async remove(id: string): Promise<boolean> {
    if (this.#ofFile.has(id)) throw new FileRuleError(id);
    const isRemoved = await this.#turns.run(() => this.#remove(id));
    if (isRemoved) await this.#spread();
    return isRemoved;
  }

  async #remove(id: string): Promise<boolean> {
    if (!this.#entries.delete(id)) return false;
    await this.#counts.forget(id);
    await this.#records.delete(id);
    return true;
  }

  /**
   * Removes all rules except those of the rules file; with an account, only the rules for this account.
   * Returns the number of removed rules.
   */
  async clear(account: AccountName | null = null): Promise<number> {
    const count = await this.#turns.run(async () => {
      const ids = [...this.#entries.values()]
        .filter(({ rule }) => account === null || rule.account === account)
        .map(({ rule }) => rule.id);
      for (const id of ids) await this.#remove(id);
      return ids.length;
    });
    if (count > 0) await this.#spread();
    return count;
  }

  #forget(account: AccountName): void {
    for (const { rule } of this.#entries.values()) {
      if (rule.account !== account) continue;
      this.#entries.delete(rule.id);
      // The error of a failed deletion is ignored: the store deletes the record of the rule together with the
      // account. If the store is closing, the record remains, but the rule cannot fire because its account does
      // not exist.
      this.#turns
        .run(async () => {
          this.#entries.delete(rule.id);
          await this.#records.delete(rule.id);
          await this.#counts.forget(rule.id);
        })
        .catch(() => undefined);
    }
  }

  /** Returns whether the engine has no rules, in which case the caller skips the evaluation. */
  get none(): boolean {
    return this.#entries.size + this.#ofFile.size === 0;
  }

  /**
   * Finds the rule that fires for the given facts (a stage and the properties of the session), and counts the
   * match. Returns `null` if no rule fires.
   */
  async find(facts: Facts): Promise<Hit | null> {
    const now = this.#clock();
    const slice = new TimeSlice();
    for (const entry of this.#all()) {
      const { rule } = entry;
      if (slice.over) await slice.rest();
      try {
        if (firstUnmet(rule, facts, now) !== null) continue;
        if (rule.when.query !== undefined && (await queryUnmet(rule, facts)) !== null) continue;
      } catch (error) {
        this.#counts.failed(
          entry,
          `${facts.stage}: ${error instanceof Error ? error.message : String(error)}`,
        );
        continue;
      }
      const outcome = await this.#counts.match(entry, facts, now);
      if (typeof outcome !== 'string') return { rule, actions: rule.steps[outcome.step] ?? [] };
    }
    return null;
  }

  /** Records that an action of a rule failed. */
  failed({ id }: Pick<Rule, 'id'>, failure: string): void {
    const entry = this.#entries.get(id) ?? this.#ofFile.get(id);
    if (entry !== undefined) this.#counts.failed(entry, failure);
  }

  /**
   * Predicts which rules would fire at the given stages, with the reason for each rule. Matches are not
   * counted and no action is performed.
   */
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

  /**
   * Predicts whether one rule would fire at its stage, and gives the reason.
   *
   * @param acting for each stage, the rule that would be applied according to the predictions so far. If the
   *   examined rule would fire, the method adds the rule to this map.
   */
  async #explainOne(
    entry: Entry,
    stagesOfFacts: readonly Facts[],
    acting: Map<Facts, Rule>,
  ): Promise<Explanation> {
    const { rule } = entry;
    const { id, name, on } = rule;
    const reasons: string[] = [];
    for (const facts of stagesOfFacts.filter(({ stage }) => stage === on)) {
      const because = await this.#because(entry, facts, acting.get(facts));
      if (typeof because === 'string') {
        reasons.push(because);
        continue;
      }
      acting.set(facts, rule);
      const actions = rule.steps[because.step]?.map(({ description }) => description) ?? [];
      return { id, name, on, fires: true, actions, because: null };
    }
    const because = reasons.join('; ') || `the trial has no stage ${on}`;
    return { id, name, on, fires: false, actions: [], because };
  }

  async #because(entry: Entry, facts: Facts, before: Rule | undefined): Promise<{ step: number } | string> {
    const { rule } = entry;
    const now = this.#clock();
    try {
      const unmet = firstUnmet(rule, facts, now) ?? (await queryUnmet(rule, facts));
      if (unmet !== null) return `${unmet.path} does not hold: ${unmet.found}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    if (before !== undefined) return `the rule ${before.name} is applied first`;
    const outcome = await this.#counts.foresee(entry, facts, now);
    return typeof outcome === 'string' ? spent[outcome] : outcome;
  }

  /** Ends the engine, and writes the counts that have changed. */
  async close(): Promise<void> {
    for (const end of this.#subscriptions) end();
    await this.#counts.save();
  }
}

const spent: Readonly<Record<Held, string>> = {
  after: 'after is not reached yet',
  nth: 'the number of this match is not in nth',
  times: 'times is used up',
  script: 'all steps of the script have been performed',
  probability: 'decided by chance',
};
