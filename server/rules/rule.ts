/** A rule: when something matches at a stage of the SMTP dialogue, do something. Types only. */
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
  /** The recipient at hand at `rcpt`, any of them later. */
  readonly rcpt?: Pattern;
  /** The listener's port. */
  readonly port?: number;
  readonly tls?: boolean;
  /** At `data` and `stored` only. */
  readonly query?: Query;
}

/** By what a rule counts its matches: all together, or apart for each value. */
export const countKeys = ['rule', 'rcpt', 'from', 'ip', 'user', 'session'] as const;
type CountKey = (typeof countKeys)[number];

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Only mail for this account; `null` for all mail. */
  readonly account: AccountName | null;
  readonly on: Stage;
  readonly when: Conditions;
  /** Of the matches, these alone fire, counted from 1; `null` for all. */
  readonly nth: readonly number[] | null;
  /** Matches let pass before it begins to fire. */
  readonly after: number;
  /** Milliseconds after which the count begins anew; `null` never. */
  readonly within: number | null;
  /** How often it fires at most; `null` without end. */
  readonly times: number | null;
  readonly per: CountKey;
  /** The share of the matches that fire, 0 to 1. */
  readonly probability: number;
  /** Which of them do: the same seed, the same choice. */
  readonly seed: number;
  /** Milliseconds since the epoch; `null` never. */
  readonly expiresAt: number | null;
  /** Milliseconds from the time it was put to `expiresAt`; `null` for an instant that its author chose. */
  readonly lifetime: number | null;
  /** One step per firing, then it is spent; a rule without a script has one step that is repeated. */
  readonly steps: readonly (readonly BoundAction[])[];
  readonly scripted: boolean;
  /** The rule as given, with its id, name and seed filled in; this form is shown and stored. */
  readonly definition: RuleDefinition;
}

/** A rule as JSON. */
export type RuleDefinition = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly name: string;
};

/** Why a rule cannot be understood. */
export interface RuleProblem {
  /** The offending field, e.g. `then.reject` or `script[1]`. */
  readonly path: string;
  readonly message: string;
}
