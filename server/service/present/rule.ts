/** Converts rules, the log of fired rules, and the failures of rules to the types of the API contract. */
import { EFFECT_FAILURE, type EffectFailure } from '../../rules/effects.ts';
import type { RuleState } from '../../rules/engine.ts';
import type { WebhookDelivery as Delivery } from '../../rules/webhooks.ts';
import { ALL, accountName } from '../../store/ids.ts';
import type { Rule, RuleHit, WebhookDelivery } from '../../../contract/index.ts';
import { instant } from './instant.ts';

/**
 * Returns a rule as it was defined, with the defaults filled in, the number of times that it fired, and its
 * last failure.
 */
export function presentRule({ definition, hits, lastHitAt, failure, active, source }: RuleState): Rule {
  const { account } = definition as { account?: string | null };
  const name = account == null ? ALL : accountName(account);
  return {
    enabled: true,
    ...(definition as Pick<Rule, 'id' | 'name' | 'on'>),
    account: name === ALL ? null : name,
    hits,
    lastHitAt: lastHitAt === null ? null : instant(lastHitAt),
    failure,
    active,
    source,
  };
}

/** Returns the rules that were applied to a message, from the notes that are stored with the message. */
export function presentHits(notes: Readonly<Record<string, unknown>>): RuleHit[] {
  const { rules } = notes as { rules?: readonly Omit<RuleHit, 'failures'>[] };
  const failures = Object.entries(notes).flatMap(([key, note]) =>
    key.startsWith(EFFECT_FAILURE) ? [note as EffectFailure] : [],
  );
  return (rules ?? []).map(({ id, name, stage, actions }) => ({
    id,
    name,
    stage,
    actions: [...actions],
    failures: failures
      .filter(({ rule }) => rule.id === (id ?? name) && rule.name === name)
      .map(({ reason }) => reason),
  }));
}

export const presentWebhook = ({ attempts, nextAt, rule, ...rest }: Delivery): WebhookDelivery => ({
  ...rest,
  rule: { ...rule },
  attempts: attempts.map(({ at, ...attempt }) => ({ at: instant(at), ...attempt })),
  nextAt: nextAt === null ? null : instant(nextAt),
});
