/** Converts the deliveries, attempts and policy of the relay to the types of the API contract. */
import { REFUSED_RELAY, type RefusedRelayNote } from '../../relay/refusal.ts';
import type { Attempt, Delivery as QueuedDelivery, Relay } from '../../relay/relay.ts';
import type { Delivery, DeliveryAttempt, RefusedRelay, RelayStatus } from '../../../contract/index.ts';
import { instant } from './instant.ts';

export const presentDelivery = (delivery: QueuedDelivery): Delivery => ({
  id: delivery.id,
  release: delivery.release,
  message: delivery.message,
  subject: delivery.subject,
  from: delivery.from,
  to: delivery.to,
  by: delivery.by,
  resent: delivery.resent,
  state: delivery.state,
  createdAt: instant(delivery.createdAt),
  updatedAt: instant(delivery.updatedAt),
  nextAttemptAt: delivery.nextAttemptAt === null ? null : instant(delivery.nextAttemptAt),
  rounds: delivery.rounds,
  attempts: delivery.attempts,
  reason: delivery.reason,
  status: delivery.status,
  host: delivery.host,
});

export const presentAttempt = ({ tls, transcript, ...attempt }: Attempt): DeliveryAttempt => ({
  round: attempt.round,
  startedAt: instant(attempt.startedAt),
  endedAt: instant(attempt.endedAt),
  host: attempt.host,
  address: attempt.address,
  port: attempt.port,
  outcome: attempt.outcome,
  reason: attempt.reason,
  security: attempt.security,
  tls: tls === null ? null : { protocol: tls.protocol, cipher: tls.cipher, verified: tls.verified },
  transcript: transcript.map((line) => ({ ...line })),
});

export function presentRefusedRelay(notes: Readonly<Record<string, unknown>>): RefusedRelay | null {
  const refused = notes[REFUSED_RELAY] as RefusedRelayNote | undefined;
  return refused === undefined ? null : { ...refused, at: instant(refused.at) };
}

export function presentRelay(relay: Relay): RelayStatus {
  const { allow, added, deny, routes, ...policy } = relay.policy();
  return {
    ...policy,
    allow: [...allow],
    added: [...added],
    deny: [...deny],
    routes: [...routes],
    queue: { ...relay.counts() },
  };
}
