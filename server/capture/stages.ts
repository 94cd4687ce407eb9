/**
 * Applies the rules at one stage of an SMTP session: finds the rule that fires, runs its actions, and records
 * the result.
 */
import type { EnvelopePath, Origin } from '../message/envelope.ts';
import type { SmtpSession } from '../smtp/handler.ts';
import { SmtpDisconnect, SmtpReply, type Reply } from '../smtp/reply.ts';
import { newPlan, type ActionWorld, type Plan, type RuleName, type Verdict } from '../rules/action.ts';
import type { BoundAction } from '../rules/action.ts';
import type { Rules } from '../rules/engine.ts';
import type { Facts } from '../rules/facts.ts';
import { magicOf } from '../rules/magic.ts';
import type { Stage } from '../../contract/names.ts';

/** A rule that fired, in the form in which it is stored with the message. */
export interface RuleHit {
  /**
   * The rule's id; `null` for a magic address such as `bob-reject-550@example.test`, which works without a
   * rule.
   */
  readonly id: string | null;
  readonly name: string;
  readonly stage: string;
  readonly actions: readonly string[];
}

/** The state of the rules for one SMTP session, or for one submission through the API. */
export class RuleSession {
  readonly session: SmtpSession | null;
  readonly #ofConnection: RuleHit[] = [];
  #ofTransaction: RuleHit[] = [];
  plan: Plan = newPlan();
  /** The rule that fired last, which explains a refusal; `null` before a rule has fired. */
  last: RuleName | null = null;

  constructor(session: SmtpSession | null) {
    this.session = session;
  }

  begin(): void {
    this.#ofTransaction = [];
    this.plan = newPlan();
  }

  add(hit: RuleHit): void {
    const beforeMail = ['connect', 'helo', 'starttls', 'auth'].includes(hit.stage);
    (beforeMail ? this.#ofConnection : this.#ofTransaction).push(hit);
  }

  get hits(): readonly RuleHit[] {
    return [...this.#ofConnection, ...this.#ofTransaction];
  }
}

/** A refusal by a rule, with the name of the rule. */
export class RuleReply extends SmtpReply {
  readonly rule: string;

  constructor({ code, status, text, close }: Reply, rule: string) {
    super(code, status, text, close);
    this.rule = rule;
  }
}

/** The error that is thrown when a rule drops the SMTP connection. */
export class RuleDisconnect extends SmtpDisconnect {
  readonly rule: string;

  constructor(rule: string) {
    super();
    this.rule = rule;
  }
}

export type SessionFacts = Pick<Facts, 'session' | 'ip' | 'port' | 'helo' | 'user' | 'tls'>;

export const sessionFacts = (session: SmtpSession): SessionFacts => {
  const { id, origin, address, port } = session;
  return { session: id, ip: address, port, helo: origin.helo, user: origin.user, tls: origin.tls !== null };
};

/**
 * Returns, for a message that was not received by SMTP, the session facts (greeting name, user, TLS) that rules
 * test.
 */
export const factsOfOrigin = ({ helo, user, tls }: Origin): SessionFacts => ({
  session: null,
  ip: null,
  port: 0,
  helo,
  user,
  tls: tls !== null,
});

export class Stages {
  readonly #rules: Rules;
  readonly #world: ActionWorld;

  constructor(rules: Rules, world: ActionWorld) {
    this.#rules = rules;
    this.#world = world;
  }

  /** Whether the rules engine has no rules. */
  get idle(): boolean {
    return this.#rules.none;
  }

  /**
   * Returns whether the evaluation of the rules can be skipped at a stage at which no message has been
   * received, because neither a rule nor a magic recipient address (such as `bob-reject-550@example.test`) can
   * apply.
   */
  passes(stage: Stage, rcpt: EnvelopePath | undefined): boolean {
    return this.idle && (stage !== 'rcpt' || rcpt === undefined || magicOf(rcpt.address) === null);
  }

  /**
   * Applies the rules at a stage and then, at the stage `rcpt`, the actions that a magic recipient address,
   * such as `bob-reject-550@example.test`, triggers. Throws `RuleReply` if an action refuses, or
   * `RuleDisconnect` if an action drops the connection.
   */
  async ask(of: RuleSession, facts: Facts): Promise<Verdict | undefined> {
    const hit = await this.#rules.find(facts);
    if (hit !== null) {
      const verdict = await this.#act(of, facts, hit.rule, hit.rule.id, hit.actions);
      if (verdict !== undefined) return verdict;
    }
    const [address] = facts.rcpt;
    const magic = facts.stage === 'rcpt' && address !== undefined ? magicOf(address) : null;
    if (magic === null) return undefined;
    return this.#act(of, facts, { id: magic.name, name: magic.name }, null, magic.actions);
  }

  async #act(
    of: RuleSession,
    facts: Facts,
    rule: RuleName,
    id: string | null,
    actions: readonly BoundAction[],
  ): Promise<Verdict | undefined> {
    const descriptions = actions.map(({ description }) => description);
    of.add({ id, name: rule.name, stage: facts.stage, actions: descriptions });
    of.last = rule;
    of.session?.note(`Rule “${rule.name}” ${descriptions.join(', ')}`);
    const { session, plan } = of;
    const before = { wait: 0 };
    for (const action of actions) {
      let verdict: Verdict | undefined;
      try {
        verdict = await action.run({ rule, facts, session, plan, before, world: this.#world });
      } catch (error) {
        const failure = `${action.name}: ${error instanceof Error ? error.message : String(error)}`;
        this.#rules.failed(rule, failure);
        of.session?.note(`Rule “${rule.name}” failed: ${failure}`);
        this.#world.logger.warn({ err: error, rule: rule.name }, 'rules: an action failed');
      }
      if (verdict?.kind === 'reject') throw new RuleReply(verdict.reply, rule.name);
      if (verdict?.kind === 'disconnect') throw new RuleDisconnect(rule.name);
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }
}
