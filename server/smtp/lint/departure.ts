/** A departure from the protocol that the dialogue noticed and accepted; it becomes a finding of the message. */
import type { LintRuleId } from './finding.ts';

export interface Departure {
  readonly rule: LintRuleId;
  /** The text that departs, for the reader of the finding. */
  readonly excerpt?: string;
}

/** Characters of a departing text that its finding shows. */
const EXCERPT = 60;

export const departure = (rule: LintRuleId, text?: string): Departure =>
  text === undefined ? { rule } : { rule, excerpt: text.slice(0, EXCERPT) };
