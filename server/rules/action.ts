/**
 * Defines the types of the actions of rules. An action has a name, the permitted stages, a parser for its
 * parameter, and a function that performs it.
 */
import type { Logger } from 'pino';
import type { Envelope } from '../message/envelope.ts';
import type { SmtpSession } from '../smtp/handler.ts';
import type { Reply } from '../smtp/reply.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { LoopGuard, Trail } from '../relay/loop-guard.ts';
import type { Store } from '../store/store.ts';
import type { Facts } from './facts.ts';
import type { RuleProblem } from './fields.ts';
import type { Stage } from '../../contract/names.ts';

/**
 * The result of an action at a stage, called a verdict. The first action that returns a verdict ends the stage.
 * After `undefined`, the next action is performed; after the last action, the server continues as if no rule
 * had fired.
 */
export type Verdict =
  | { readonly kind: 'accept'; readonly reply?: Reply }
  | { readonly kind: 'reject'; readonly reply: Reply }
  | { readonly kind: 'disconnect' }
  /** Accepts and discards the recipient (stage `rcpt`) or the message (stage `data`). */
  | { readonly kind: 'discard' };

/**
 * The decisions of the rules about the current message, collected over the stages of its SMTP transaction.
 */
export interface Plan {
  readonly tags: Set<string>;
  /**
   * The accounts that get the message: in addition to the accounts of the recipients, or instead of them if
   * `insteadOfRecipients` is true.
   */
  readonly accounts: Set<AccountName>;
  insteadOfRecipients: boolean;
  /**
   * The addresses of the recipients that were accepted but do not get the message, as the client sent the
   * addresses.
   */
  readonly discarded: Set<string>;
  /** The planned actions of rules, which are performed after the message is acknowledged. */
  readonly effects: PlannedEffect[];
}

/**
 * An action that a rule planned for a message, as JSON. The plan is committed together with the message, and
 * the action is performed after the SMTP reply.
 */
export interface PlannedEffect {
  /** The name of the action, and its parameter as written in the rule. */
  readonly action: string;
  readonly parameter: unknown;
  readonly rule: RuleName;
  /** The addresses of the recipients that the rule matched. */
  readonly rcpt: readonly string[];
  /** The delay before the action is performed, in milliseconds. */
  readonly wait: number;
}

/** The arguments of an action that is performed after the SMTP reply. */
export interface EffectContext {
  readonly rule: RuleName;
  readonly rcpt: readonly string[];
  readonly stored: Stored;
  /**
   * The trail of the message, which is used to detect mail loops: the first message of the chain of generated
   * messages, and the length of the chain.
   */
  readonly trail: Trail;
  readonly world: ActionWorld;
}

export interface Effect {
  /**
   * The key of the receiver, its host and port. The actions with the same key share the limit of simultaneous
   * tasks for one receiver, see `DueQueue`.
   */
  readonly lane: string;
  /**
   * Performs the action. Rejects on failure: after a `LoopError` or a `RelayRefusal` the action is not retried;
   * after any other error, it is retried.
   */
  perform(context: EffectContext): Promise<void>;
}

/** A message that is in the store, as an action receives it. */
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

/** Passes a stored message to the relay, which sends mail to other servers. */
export type RelayHook = (
  message: Stored,
  options: { readonly to: readonly string[] | null },
) => Promise<void>;

/** The services of the process that actions use. */
export interface ActionWorld {
  readonly store: Store;
  readonly logger: Logger;
  /** Returns the time in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: () => number;
  /** The host name of this server, as in its SMTP greeting. */
  readonly hostname: string;
  /** Resolves after the given number of milliseconds, or at once when the sandbox is closing. */
  pause(ms: number): Promise<void>;
  /** Returns the account that receives the mail of an address. */
  accountOf(address: string): AccountName;
  /**
   * Captures a generated message into the accounts of its recipients. Resolves with the id of the message.
   */
  generate(message: Generated): Promise<MessageId>;
  /** Passes a message to the relay; `null` if no relay is configured. */
  readonly relay: RelayHook | null;
  readonly guard: LoopGuard;
}

/** The URL of a webhook and the form of its requests. */
export interface WebhookTarget {
  readonly url: string;
  /** The secret key with which requests are signed; `null` for unsigned requests. */
  readonly secret: string | null;
  /** Whether the requests contain the octets of the message in base64. */
  readonly raw: boolean;
  /** The form of the body: the form of Restante (the default), or the form of Mailpit's webhook. */
  readonly format?: WebhookFormat;
}

export const webhookFormats = ['restante', 'mailpit'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

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
  /**
   * The delay before the actions that the rule performs after the SMTP reply, in milliseconds. The action
   * `delay` at the stage `stored` increases this delay.
   */
  readonly before: { wait: number };
  readonly world: ActionWorld;
}

/** The problems of an invalid parameter, with the paths of its invalid fields; an empty path is the whole parameter. */
export interface InvalidParameter {
  readonly problems: readonly RuleProblem[];
}

/**
 * The result of parsing the parameter of an action: the parameter; for an invalid parameter, a text that describes the
 * expected value, or the problems of the fields.
 */
export type ParsedParameter<Parameter> = { readonly parameter: Parameter } | InvalidParameter | string;

export interface Action<Parameter> {
  readonly name: string;
  readonly stages: readonly Stage[];
  parse(value: unknown): ParsedParameter<Parameter>;
  /**
   * Returns a description of the action with this parameter. The description is added to the transcript of the
   * session.
   */
  describe(parameter: Parameter): string;
  run(parameter: Parameter, context: ActionContext): Promise<Verdict | undefined>;
}

/** An action that changes neither the message nor the session, and is performed after the SMTP reply. */
export interface EffectAction<Parameter> extends Omit<Action<Parameter>, 'run' | 'stages'> {
  /**
   * Returns the key of the receiver (host and port); the number of simultaneous actions is limited for each
   * key. Absent if the receiver is always this sandbox.
   */
  lane?(parameter: Parameter): string;
  /**
   * Returns the reason why this sandbox can never perform the action, for example a missing relay; `null` if
   * the sandbox can perform it. The reason is recorded with the rule.
   */
  problem?(world: ActionWorld): string | null;
  perform(parameter: Parameter, context: EffectContext): Promise<void>;
}

/** An action together with its parameter. */
export interface BoundAction {
  readonly name: string;
  readonly description: string;
  /**
   * The part of the action that is performed after the SMTP reply; `null` for an action that acts during the
   * session only.
   */
  readonly effect: Effect | null;
  run(context: ActionContext): Promise<Verdict | undefined>;
}

/** An action of any kind, for lists of actions whose parameters have different types. */
export interface AnyAction {
  readonly name: string;
  readonly stages: readonly Stage[];
  bind(value: unknown): BoundAction | InvalidParameter;
}

/** Parses the parameter of an action; the result for an invalid parameter is always a list of problems. */
function parameterOf<Parameter>(
  of: Pick<Action<Parameter>, 'parse'>,
  value: unknown,
): { readonly parameter: Parameter } | InvalidParameter {
  const parsed = of.parse(value);
  return typeof parsed === 'string' ? { problems: [{ path: '', message: parsed }] } : parsed;
}

export function action<Parameter>(of: Action<Parameter>): AnyAction {
  return {
    name: of.name,
    stages: of.stages,
    bind(value) {
      const parsed = parameterOf(of, value);
      if ('problems' in parsed) return parsed;
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

/** The stages at which the recipients of the message are known. */
const AFTER_RECIPIENTS: readonly Stage[] = ['rcpt', 'predata', 'data', 'stored'];

export function effectAction<Parameter>(of: EffectAction<Parameter>): AnyAction {
  return {
    name: of.name,
    stages: AFTER_RECIPIENTS,
    bind(value) {
      const parsed = parameterOf(of, value);
      if ('problems' in parsed) return parsed;
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
