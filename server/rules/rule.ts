/** The types of a rule. A rule performs actions when its conditions hold at a stage of the SMTP dialogue. */
import type { AccountName } from '../store/ids.ts';
import type { Query } from '../store/find/language/ast.ts';
import type { BoundAction } from './action.ts';
import type { Pattern } from './pattern.ts';
import type { Stage } from '../../contract/names.ts';

/** The conditions of a rule; an absent condition always holds. */
export interface Conditions {
  readonly ip?: Pattern;
  readonly helo?: Pattern;
  readonly user?: Pattern;
  readonly from?: Pattern;
  /** The current recipient at the stage `rcpt`, any of the recipients at later stages. */
  readonly rcpt?: Pattern;
  /** The listener's port. */
  readonly port?: number;
  readonly tls?: boolean;
  /** The query; permitted at the stages `data` and `stored` only. */
  readonly query?: Query;
}

/**
 * The values by which a rule counts its matches: `rule` counts all together, the others count each value
 * separately.
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
  /** The numbers of the matches that fire, counted from 1; `null` for all matches. */
  readonly nth: readonly number[] | null;
  /** The number of first matches that do not fire. */
  readonly after: number;
  /** Milliseconds after which the count starts again; `null` for never. */
  readonly within: number | null;
  /** The maximum number of firings; `null` for no limit. */
  readonly times: number | null;
  readonly per: CountKey;
  /** The share of the matches that fire, from 0 to 1. */
  readonly probability: number;
  /** The seed of the random choice: the same seed gives the same choices. */
  readonly seed: number;
  /** The expiry time in milliseconds since the epoch; `null` for a rule that does not expire. */
  readonly expiresAt: number | null;
  /**
   * Milliseconds from the time when the rule was put until `expiresAt`; `null` if the author gave `expiresAt`
   * itself.
   */
  readonly lifetime: number | null;
  /**
   * The steps of the script. Each firing performs the next step; after the last one the rule does not fire. A rule
   * without a script has one step, which is repeated.
   */
  readonly steps: readonly (readonly BoundAction[])[];
  readonly scripted: boolean;
  /** The rule as given, with its id, name and seed filled in. This form is displayed and stored. */
  readonly definition: RuleDefinition;
}

/** A rule as JSON. */
export type RuleDefinition = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly name: string;
};

/** A problem of an invalid rule. */
export interface RuleProblem {
  /** The path of the offending field, e.g. `then.reject` or `script[1]`. */
  readonly path: string;
  readonly message: string;
}
