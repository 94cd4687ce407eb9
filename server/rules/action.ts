/** The type of actions: a name, the permitted stages, a parser for the parameter, and a function that acts. */
import type { Logger } from 'pino';
import type { Envelope } from '../message/envelope.ts';
import type { SmtpSession } from '../smtp/handler.ts';
import type { Reply } from '../smtp/reply.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { LoopGuard, Trail } from '../relay/loop-guard.ts';
import type { Store } from '../store/store.ts';
import type { Facts } from './facts.ts';
import type { Stage } from '../../contract/names.ts';

/** The result of a stage: the first verdict ends the stage. After `undefined`, the next action or the server continues. */
export type Verdict =
  | { readonly kind: 'accept'; readonly reply?: Reply }
  | { readonly kind: 'reject'; readonly reply: Reply }
  | { readonly kind: 'disconnect' }
  /** Accepts and discards: the recipient at `rcpt`, the message at `data`. */
  | { readonly kind: 'discard' };

/** What the rules have decided for the message under way, gathered over its stages. */
export interface Plan {
  readonly tags: Set<string>;
  /** Accounts besides those of the recipients, or instead of them. */
  readonly accounts: Set<AccountName>;
  insteadOfRecipients: boolean;
  /** Recipients that were accepted and get nothing, by address as sent. */
  readonly discarded: Set<string>;
  /** The effects that are performed after the message is acknowledged. */
  readonly effects: PlannedEffect[];
}

/** What follows from a message, as JSON: it is committed with the message and done after the reply. */
export interface PlannedEffect {
  /** Name of the action, and its parameter as it was written in the rule. */
  readonly action: string;
  readonly parameter: unknown;
  readonly rule: RuleName;
  /** The recipients that it is about. */
  readonly rcpt: readonly string[];
  /** Milliseconds to wait before it. */
  readonly wait: number;
}

/** The arguments of an effect. */
export interface EffectContext {
  readonly rule: RuleName;
  readonly rcpt: readonly string[];
  readonly stored: Stored;
  /** The trail of the message, for the detection of loops. */
  readonly trail: Trail;
  readonly world: ActionWorld;
}

export interface Effect {
  /** Effects with one receiver share a lane, see `DueQueue`. */
  readonly lane: string;
  /** Rejects where it failed; a `LoopError` or `RelayRefusal` is final, anything else is tried again. */
  perform(context: EffectContext): Promise<void>;
}

/** A message that has been stored. */
export interface Stored {
  readonly id: MessageId;
  readonly envelope: Envelope;
  readonly raw: Buffer;
}

/** A message this server makes itself: bounces, automatic replies. */
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
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: () => number;
  /** Name of this server, as in the greeting. */
  readonly hostname: string;
  /** Resolves after a number of milliseconds, or at once when the sandbox closes. */
  pause(ms: number): Promise<void>;
  /** The account of an address. */
  accountOf(address: string): AccountName;
  /** Captures a message made here into the accounts of its recipients. */
  generate(message: Generated): Promise<MessageId>;
  /** `null` without a relay. */
  readonly relay: RelayHook | null;
  readonly guard: LoopGuard;
}

/** The address of a webhook and the form of its requests. */
export interface WebhookTarget {
  readonly url: string;
  /** Key of the signature; `null` for none. */
  readonly secret: string | null;
  /** Whether the message's bytes go along, base64. */
  readonly raw: boolean;
}

export interface RuleName {
  readonly id: string;
  readonly name: string;
}

export interface ActionContext {
  readonly rule: RuleName;
  readonly facts: Facts;
  /** `null` for a message that SMTP did not transfer. */
  readonly session: SmtpSession | null;
  readonly plan: Plan;
  /** What the rule's effects wait for; its `delay` at `stored` adds to it. */
  readonly before: { wait: number };
  readonly world: ActionWorld;
}

export interface Action<Parameter> {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Reads the parameter; a text says what it must be. */
  parse(value: unknown): { readonly parameter: Parameter } | string;
  /** Returns the description of the action for the transcript. */
  describe(parameter: Parameter): string;
  run(parameter: Parameter, context: ActionContext): Promise<Verdict | undefined>;
}

/** An action that changes neither the message nor the session, and has an effect after the reply. */
export interface EffectAction<Parameter> extends Omit<Action<Parameter>, 'run' | 'stages'> {
  /** The receiver, where it is not this sandbox. */
  lane?(parameter: Parameter): string;
  /** Why it cannot be done at all here; the rule notes it. */
  problem?(world: ActionWorld): string | null;
  perform(parameter: Parameter, context: EffectContext): Promise<void>;
}

/** An action with its parameter. */
export interface BoundAction {
  readonly name: string;
  readonly description: string;
  /** For an action with an effect after the reply. */
  readonly effect: Effect | null;
  run(context: ActionContext): Promise<Verdict | undefined>;
}

/** An action with an unknown type of parameter. */
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

/** Stages at which it is known for whom the message is. */
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
