/** What an action is: a name, where it may stand, how its parameter is read, and what it does. */
import type { Logger } from 'pino';
import type { Envelope } from '../../message/envelope.ts';
import type { SmtpSession } from '../../smtp/handler.ts';
import type { Reply } from '../../smtp/reply.ts';
import type { AccountName, MessageId } from '../../store/ids.ts';
import type { Store } from '../../store/store.ts';
import type { Facts } from './facts.ts';
import type { Stage } from './stage.ts';

/** What comes of the stage: the first verdict ends it. `undefined` lets the next action, or the server, go on. */
export type Verdict =
  | { readonly kind: 'accept'; readonly reply?: Reply }
  | { readonly kind: 'reject'; readonly reply: Reply }
  | { readonly kind: 'disconnect' }
  /** Agree and throw away: the recipient at `rcpt`, the message at `data`. */
  | { readonly kind: 'discard' };

/** What the rules have decided for the message under way, gathered over its stages. */
export interface Plan {
  readonly tags: Set<string>;
  /** Accounts besides those of the recipients, or instead of them. */
  readonly accounts: Set<AccountName>;
  insteadOfRecipients: boolean;
  /** Recipients that were accepted and get nothing, by address as sent. */
  readonly discarded: Set<string>;
  /** What is to be done once the message is stored. */
  readonly afterwards: ((stored: Stored) => Promise<void>)[];
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

/** What actions may use of the world. */
export interface ActionWorld {
  readonly store: Store;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: () => number;
  /** Name of this server, as in the greeting. */
  readonly hostname: string;
  /** Resolves after so many milliseconds, or at once when the sandbox closes. */
  pause(ms: number): Promise<void>;
  /** The account of an address. */
  accountOf(address: string): AccountName;
  /** Captures a message made here into the accounts of its recipients. */
  generate(message: Generated): Promise<MessageId>;
  /** Goes on after the reply; the sandbox's closing waits for it a little. */
  background(what: string, task: () => Promise<void>): void;
  /** `null` where there is no relay. */
  readonly relay: RelayHook | null;
  readonly webhooks: WebhookQueue;
}

/** Where a webhook goes, and how. */
export interface WebhookTarget {
  readonly url: string;
  /** Key of the signature; `null` for none. */
  readonly secret: string | null;
  /** Whether the message's bytes go along, base64. */
  readonly raw: boolean;
}

export interface WebhookQueue {
  enqueue(target: WebhookTarget, rule: RuleName, stored: Stored): Promise<void>;
}

export interface RuleName {
  readonly id: string;
  readonly name: string;
}

export interface ActionContext {
  readonly rule: RuleName;
  readonly facts: Facts;
  /** `null` for a message that did not come by SMTP. */
  readonly session: SmtpSession | null;
  readonly plan: Plan;
  /** At `stored` only. */
  readonly stored: Stored | null;
  readonly world: ActionWorld;
}

export interface Action<Parameter> {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Reads the parameter; a text says what it must be. */
  parse(value: unknown): { readonly parameter: Parameter } | string;
  /** What a person reads in the transcript. */
  describe(parameter: Parameter): string;
  run(parameter: Parameter, context: ActionContext): Promise<Verdict | undefined>;
}

/** An action with its parameter. */
export interface BoundAction {
  readonly name: string;
  readonly description: string;
  run(context: ActionContext): Promise<Verdict | undefined>;
}

/** An action whose parameter only it knows. */
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
        run: (context) => of.run(parameter, context),
      };
    },
  };
}

export const newPlan = (): Plan => ({
  tags: new Set(),
  accounts: new Set(),
  insteadOfRecipients: false,
  discarded: new Set(),
  afterwards: [],
});
