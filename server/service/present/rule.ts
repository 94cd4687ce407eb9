/** Rules and what they did, in the shapes of the contract. */
import { EFFECT_FAILURE, type EffectFailure } from '../../rules/effects.ts';
import type { RuleState } from '../../rules/engine.ts';
import type { WebhookDelivery as Delivery } from '../../rules/webhooks.ts';
import { ALL, accountName } from '../../store/ids.ts';
import type { Rule, RuleHit, WebhookDelivery } from '../../../contract/index.ts';
import { instant } from './instant.ts';

/** A rule as it was written, its defaults filled in, with what it has done. */
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

/** The rules that acted on a message, as they are kept with it. */
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
