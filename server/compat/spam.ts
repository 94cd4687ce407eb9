/** Reads the result of the spam filter for the APIs of all tools. */
import type { CheckResult } from '../checks/index.ts';
import type { LiveCheckName } from '../../contract/names.ts';
import type { MessageId } from '../store/ids.ts';
import { CallError } from './answer.ts';
import type { CompatDeps } from './call.ts';

interface SpamRule {
  readonly rule: string;
  readonly description: string;
  readonly score: number;
}

/** The result of the spam filter for a message. */
export interface SpamVerdict {
  readonly score: number;
  readonly isSpam: boolean;
  /** The score from which the filter regards a message as spam; 0 if there is no filter. */
  readonly required: number;
  readonly rules: readonly SpamRule[];
}

/** The details of the check `spam`. */
interface SpamDetails {
  readonly filters: readonly {
    readonly points: number | null;
    readonly required: number | null;
    readonly rules: readonly {
      readonly name: string;
      readonly points: number;
      readonly description: string;
    }[];
  }[];
}

/** Runs a live check on a message. Throws if the message does not exist. */
export async function runLive(
  { checks }: CompatDeps,
  id: MessageId,
  name: LiveCheckName,
): Promise<CheckResult> {
  const result = await checks.run(id, name, {});
  if (result === undefined) throw new CallError('Message not found', 404);
  return result;
}

/** The static checks whose findings concern the delivery of a message. */
const DELIVERY_CHECKS: readonly string[] = ['protocol', 'standards', 'content', 'security'];

const ruleName = (check: string, rule: string): string =>
  `${check}_${rule}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');

async function findingsAsRules({ checks }: CompatDeps, id: MessageId): Promise<readonly SpamRule[]> {
  const results = (await checks.results(id)) ?? [];
  return results
    .filter(({ check }) => DELIVERY_CHECKS.includes(check))
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'info')
    .map(({ check, rule, message }) => ({ rule: ruleName(check, rule), description: message, score: 0 }));
}

/**
 * Returns the result of the first configured spam filter that responds. Without such a filter, the rules are the
 * findings of Restante's checks that concern the delivery, with a score of 0.
 */
export async function readSpam(deps: CompatDeps, id: MessageId): Promise<SpamVerdict> {
  const { details } = await runLive(deps, id, 'spam');
  const filters = (details as SpamDetails | null)?.filters ?? [];
  const verdict = filters.find(({ points }) => points !== null);
  if (verdict === undefined)
    return { score: 0, isSpam: false, required: 0, rules: await findingsAsRules(deps, id) };
  const score = verdict.points ?? 0;
  return {
    score,
    isSpam: score >= (verdict.required ?? Infinity),
    required: verdict.required ?? 0,
    rules: verdict.rules.map(({ name, points, description }) => ({ rule: name, description, score: points })),
  };
}
