/**
 * Types of actions. An action has a name, the permitted stages, a parser for its parameter, and a function that
 * performs it.
 */
import type { Logger } from 'pino';
import type { Envelope } from '../message/envelope.ts';
import type { SmtpSession } from '../smtp/handler.ts';
import type { Reply } from '../smtp/reply.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { LoopGuard, Trail } from '../relay/loop-guard.ts';
import type { Store } from '../store/store.ts';
import type { Facts } from './facts.ts';
import type { Stage } from '../../contract/names.ts';

/**
 * The result of an action at a stage. The first verdict ends the stage; after `undefined`, the next action is
 * performed, or the server continues as without a rule.
 */
export type Verdict =
  | { readonly kind: 'accept'; readonly reply?: Reply }
  | { readonly kind: 'reject'; readonly reply: Reply }
  | { readonly kind: 'disconnect' }
  /** Accepts and discards the recipient (stage `rcpt`) or the message (stage `data`). */
  | { readonly kind: 'discard' };

/** The decisions of the rules on the current message, collected over its stages. */
export interface Plan {
  readonly tags: Set<string>;
  /**
   * Accounts that get the message: in addition to those of the recipients, or instead of them if
   * `insteadOfRecipients`.
   */
  readonly accounts: Set<AccountName>;
  insteadOfRecipients: boolean;
  /** Addresses, as the client sent them, of recipients that were accepted and do not get the message. */
  readonly discarded: Set<string>;
  /** The effects that are performed after the message is acknowledged. */
  readonly effects: PlannedEffect[];
}

/** An effect of a message, as JSON. It is committed together with the message and performed after the reply. */
export interface PlannedEffect {
  /** The name of the action, and its parameter as written in the rule. */
  readonly action: string;
  readonly parameter: unknown;
  readonly rule: RuleName;
  /** The addresses of the recipients that the rule matched. */
  readonly rcpt: readonly string[];
  /** Milliseconds to wait before the effect is performed. */
  readonly wait: number;
}

/** The arguments of an effect. */
export interface EffectContext {
  readonly rule: RuleName;
  readonly rcpt: readonly string[];
  readonly stored: Stored;
  /** The trail of the message, which is used to detect loops. */
  readonly trail: Trail;
  readonly world: ActionWorld;
}

export interface Effect {
  /** The key of the receiver. Effects with the same lane share the limit of one receiver, see `DueQueue`. */
  readonly lane: string;
  /**
   * Performs the effect. Rejects if it failed: after a `LoopError` or a `RelayRefusal` it is not retried, after
   * any other error it is.
   */
  perform(context: EffectContext): Promise<void>;
}

/** A message that has been stored. */
export interface Stored {
  readonly id: MessageId;
  readonly envelope: Envelope;
  readonly raw: Buffer;
}

/** A message that this server generates: a bounce or an automatic reply. */
export interface Generated {
  readonly raw: Buffer;
  readonly envelope: Envelope;
  readonly tags: readonly string[];
}

/** Hands a stored message to the relay. */
export type RelayHook = (
  message: Stored,
  options: { readonly to: readonly string[] | null },
) => Promise<void>;

/** The dependencies of actions. */
export interface ActionWorld {
  readonly store: Store;
  readonly logger: Logger;
  /** Returns the time in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: () => number;
  /** The host name of this server, as in its SMTP greeting. */
  readonly hostname: string;
  /** Resolves after the given number of milliseconds, or at once when the sandbox closes. */
  pause(ms: number): Promise<void>;
  /** Returns the account that receives the mail of an address. */
  accountOf(address: string): AccountName;
  /** Captures a generated message into the accounts of its recipients. */
  generate(message: Generated): Promise<MessageId>;
  /** Hands a message to the relay; `null` if there is no relay. */
  readonly relay: RelayHook | null;
  readonly guard: LoopGuard;
}

/** The address of a webhook and the form of its requests. */
export interface WebhookTarget {
  readonly url: string;
  /** The key of the signature; `null` for unsigned requests. */
  readonly secret: string | null;
  /** Whether the requests contain the octets of the message in base64. */
  readonly raw: boolean;
}

export interface RuleName {
  readonly id: string;
  readonly name: string;
}

export interface ActionContext {
  readonly rule: RuleName;
  readonly facts: Facts;
  /** The SMTP session; `null` for a message that was not received by SMTP. */
  readonly session: SmtpSession | null;
  readonly plan: Plan;
  /** Milliseconds that the rule's effects wait; the action `delay` at the stage `stored` adds to it. */
  readonly before: { wait: number };
  readonly world: ActionWorld;
}

export interface Action<Parameter> {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Parses the parameter. Returns a description of the expected value if the parameter is invalid. */
  parse(value: unknown): { readonly parameter: Parameter } | string;
  /** Returns the description of the action for the transcript. */
  describe(parameter: Parameter): string;
  run(parameter: Parameter, context: ActionContext): Promise<Verdict | undefined>;
}

/** An action that changes neither the message nor the session and has an effect after the reply. */
export interface EffectAction<Parameter> extends Omit<Action<Parameter>, 'run' | 'stages'> {
  /** Returns the lane of the receiver; absent if the receiver is always this sandbox. */
  lane?(parameter: Parameter): string;
  /** Returns the reason why this sandbox can never perform the action, or `null`; the rule records the reason. */
  problem?(world: ActionWorld): string | null;
  perform(parameter: Parameter, context: EffectContext): Promise<void>;
}

/** An action together with its parameter. */
export interface BoundAction {
  readonly name: string;
  readonly description: string;
  /** The effect after the reply; `null` for an action that acts during the session only. */
  readonly effect: Effect | null;
  run(context: ActionContext): Promise<Verdict | undefined>;
}

/** An action whose type of parameter is unknown. */
export interface AnyAction {
  readonly name: string;
  readonly stages: readonly Stage[];
  bind(value: unknown): BoundAction | string;
}

export function action<Parameter>(of: Action<Parameter>): AnyAction {
  return {
    name: of.name,
    stages: of.stages,
    bind(value) {
      const parsed = of.parse(value);
      if (typeof parsed === 'string') return parsed;
      const { parameter } = parsed;
      return {
        name: of.name,
        description: of.describe(parameter),
        effect: null,
        run: (context) => of.run(parameter, context),
      };
    },
  };
}

/** Stages at which the recipients of the message are known. */
const AFTER_RECIPIENTS: readonly Stage[] = ['rcpt', 'predata', 'data', 'stored'];

export function effectAction<Parameter>(of: EffectAction<Parameter>): AnyAction {
  return {
    name: of.name,
    stages: AFTER_RECIPIENTS,
    bind(value) {
      const parsed = of.parse(value);
      if (typeof parsed === 'string') return parsed;
      const { parameter } = parsed;
      return {
        name: of.name,
        description: of.describe(parameter),
        effect: {
          lane: of.lane?.(parameter) ?? '',
          perform: (context) => of.perform(parameter, context),
        },
        async run({ plan, rule, facts, before, world }) {
          const problem = of.problem?.(world) ?? null;
          if (problem !== null) throw new Error(problem);
          const { id, name } = rule;
          const planned = { action: of.name, parameter: value, rule: { id, name }, rcpt: facts.rcpt };
          plan.effects.push({ ...planned, wait: before.wait });
          return undefined;
        },
      };
    },
  };
}

export const newPlan = (): Plan => ({
  tags: new Set(),
  accounts: new Set(),
  insteadOfRecipients: false,
  discarded: new Set(),
  effects: [],
});
