/** Detects rules that cannot fire again, because they have fired as often as they may. */
import type { Rule } from '../../../contract/index.ts';

/**
 * Returns whether a rule has used up its `times` or the steps of its script. A rule that counts for each recipient,
 * sender or session separately can always fire again.
 */
export function isUsedUp(rule: Rule): boolean {
  const { times, script, per = 'rule', hits } = rule;
  // The counts of a rule with `nth` or `after` and a period `within` begin again with each period.
  if (per !== 'rule' || 'within' in rule) return false;
  return (times !== undefined && hits >= times) || (script !== undefined && hits >= script.length);
}
