/** The types of a rule. A rule performs actions when its conditions hold at a stage of the SMTP dialogue. */
import type { AccountName } from '../store/ids.ts';
import type { Query } from '../store/find/language/ast.ts';
import type { BoundAction } from './action.ts';
import type { Pattern } from './pattern.ts';
import type { Stage } from '../../contract/names.ts';

/** The conditions of a rule. A condition that is absent is always met. */
export interface Conditions {
  readonly ip?: Pattern;
  readonly helo?: Pattern;
  readonly user?: Pattern;
  readonly from?: Pattern;
  /**
   * A pattern for the current recipient at the stage `rcpt`, or for any of the recipients at later stages.
   */
  readonly rcpt?: Pattern;
  /** The port of the listener that accepted the connection. */
  readonly port?: number;
  readonly tls?: boolean;
  /** The search query that the message must match; permitted at the stages `data` and `stored` only. */
  readonly query?: Query;
}

/**
 * The properties by which a rule can count its matches: `rule` counts all matches together, every other key
 * counts the matches for each value of that property separately.
 */
export const countKeys = ['rule', 'rcpt', 'from', 'ip', 'user', 'session'] as const;
type CountKey = (typeof countKeys)[number];

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The account whose mail the rule applies to; `null` for all mail. */
  readonly account: AccountName | null;
  readonly on: Stage;
  readonly when: Conditions;
  /** The ordinal numbers of the matches at which the rule fires, counted from 1; `null` for all matches. */
  readonly nth: readonly number[] | null;
  /** The number of initial matches at which the rule does not fire. */
  readonly after: number;
  /** The time after which the count of matches starts again from 0, in milliseconds; `null` for never. */
  readonly within: number | null;
  /** The maximum number of times that the rule fires; `null` for no limit. */
  readonly times: number | null;
  readonly per: CountKey;
  /** The probability that the rule fires at a match, from 0 to 1. */
  readonly probability: number;
  /**
   * The seed of the random numbers that decide whether a match fires: the same seed gives the same decisions.
   */
  readonly seed: number;
  /** The expiry time in milliseconds since the epoch; `null` for a rule that does not expire. */
  readonly expiresAt: number | null;
  /**
   * The time from the creation of the rule until `expiresAt`, in milliseconds; `null` if the author gave
   * `expiresAt` itself.
   */
  readonly lifetime: number | null;
  /**
   * The actions of each step of the script. Each time the rule fires, the next step is performed; after the
   * last step the rule no longer fires. A rule without a script has one step, which is repeated.
   */
  readonly steps: readonly (readonly BoundAction[])[];
  readonly scripted: boolean;
  /**
   * The rule as its author gave it, with its id, name and seed filled in. This form is displayed and stored.
   */
  readonly definition: RuleDefinition;
}

/** A rule as JSON. */
export type RuleDefinition = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly name: string;
};
