/** The relay: releasing messages, what became of each recipient, the policy in force, the state of the queue. */
import { attemptOutcomes, deliveryStates, relayModes, releaseCauses } from '../names.ts';
import Type, { type Static } from 'typebox';
import { TranscriptLine } from './messages.ts';
import { Instant, Nullable } from './pieces.ts';
import { RefusalReason } from './refusals.ts';

export const RelayMode = Type.Enum(relayModes, {
  description:
    '`manual` relays on release; `auto` also what rules say, and captured mail for allowed recipients.',
});
export type RelayMode = Static<typeof RelayMode>;

export const DeliveryState = Type.Enum(deliveryStates, {
  description:
    '`deferred` waits for another attempt; `sending` is about to end the message; `unknown`: the process ended ' +
    'while the server was taking the message.',
});
export type DeliveryState = Static<typeof DeliveryState>;

/** How many deliveries there are in each state. */
export const DeliveryCounts = Type.Object({
  queued: Type.Integer(),
  deferred: Type.Integer(),
  sending: Type.Integer(),
  delivered: Type.Integer(),
  failed: Type.Integer(),
  cancelled: Type.Integer(),
  unknown: Type.Integer(),
});
export type DeliveryCounts = Static<typeof DeliveryCounts>;

/** What may leave, by which way, and how the queue stands. */
export const RelayStatus = Type.Object({
  mode: RelayMode,
  allow: Type.Array(Type.String(), { description: 'Recipients that may be mailed; empty allows nobody.' }),
  deny: Type.Array(Type.String(), { description: 'Recipients that may not, whatever is allowed.' }),
  private: Type.Boolean({ description: 'Whether mail goes to private and loopback addresses, too.' }),
  route: Type.Enum(['mx', 'smart-host']),
  smartHost: Nullable(Type.String({ description: 'Without its credentials.' })),
  routes: Type.Array(Type.String({ description: '`DOMAIN=HOST[:PORT]`' })),
  hostname: Type.String({ description: 'What the relay calls itself.' }),
  dkim: Nullable(
    Type.Object(
      { domain: Type.String(), selector: Type.String() },
      { description: 'What signs mail that leaves.' },
    ),
  ),
  maxPerHour: Type.Integer({ description: '0 is no limit.' }),
  usedThisHour: Type.Integer({ description: 'Deliveries accepted within the last hour.' }),
  queue: DeliveryCounts,
});
export type RelayStatus = Static<typeof RelayStatus>;

export const Release = Type.Object(
  {
    to: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Recipients; those of the envelope when absent.',
        maxItems: 1000,
      }),
    ),
  },
  { $id: 'Release', additionalProperties: false },
);
export type Release = Static<typeof Release>;

/** One message to one recipient, with its outcome. */
export const Delivery = Type.Object(
  {
    id: Type.String(),
    release: Type.String({ description: 'Deliveries that were asked for together share it.' }),
    message: Type.String({ description: 'Id of the message; it may be gone.' }),
    subject: Type.String(),
    from: Type.String({ description: 'Sender of the envelope; empty for `<>`.' }),
    to: Type.String(),
    by: Type.Enum(releaseCauses, {
      description: 'Who asked: a person or a call, a rule, auto-relay.',
    }),
    resent: Type.Boolean({
      description: 'Whether it goes to others than it was captured for, with Resent fields.',
    }),
    state: DeliveryState,
    createdAt: Instant('When it was released.'),
    updatedAt: Instant('When it last changed.'),
    nextAttemptAt: Nullable(Instant('When the next attempt is due; null when there is none to come.')),
    rounds: Type.Integer({ description: 'How often it was tried; each time perhaps at several hosts.' }),
    attempts: Type.Integer({ description: 'Connections tried.' }),
    reason: Nullable(Type.String({ description: 'The last outcome: a reply, or what went wrong.' })),
    status: Nullable(Type.String({ description: 'Enhanced status code of the last outcome (RFC 3463).' })),
    host: Nullable(Type.String({ description: 'Mail server of the last outcome.' })),
  },
  { $id: 'Delivery' },
);
export type Delivery = Static<typeof Delivery>;

/** One connection, or try at one. */
export const DeliveryAttempt = Type.Object({
  round: Type.Integer({ description: 'From 1.' }),
  startedAt: Instant('When it began.'),
  endedAt: Instant('When it ended.'),
  host: Nullable(Type.String({ description: 'Mail server; null when there was none to try.' })),
  address: Nullable(Type.String({ description: 'IP address tried.' })),
  port: Nullable(Type.Integer()),
  outcome: Type.Enum(attemptOutcomes),
  reason: Type.String({ description: 'The reply, or what went wrong.' }),
  security: Type.String({ description: 'What was asked of TLS: `opportunistic`, `MTA-STS enforce` …' }),
  tls: Nullable(
    Type.Object({
      protocol: Type.String(),
      cipher: Type.String(),
      verified: Type.Boolean({ description: 'Whether the certificate is good for the host.' }),
    }),
  ),
  transcript: Type.Array(TranscriptLine),
});
export type DeliveryAttempt = Static<typeof DeliveryAttempt>;

export const DeliveryDetail = Type.Object({
  ...Delivery.properties,
  log: Type.Array(DeliveryAttempt, { description: 'Oldest first.' }),
});
export type DeliveryDetail = Static<typeof DeliveryDetail>;

export const Released = Type.Object({
  release: Type.String(),
  deliveries: Type.Array(Delivery, { description: 'One for each recipient.' }),
});
export type Released = Static<typeof Released>;

export const DeliveriesQuery = Type.Object({
  message: Type.Optional(Type.String({ description: 'Only of this message.' })),
  release: Type.Optional(Type.String({ description: 'Only of this release.' })),
  state: Type.Optional(DeliveryState),
  to: Type.Optional(Type.String({ description: 'Only to this recipient.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
export type DeliveriesQuery = Static<typeof DeliveriesQuery>;

export const DeliveryList = Type.Object({
  deliveries: Type.Array(Delivery, { description: 'Newest first.' }),
  counts: Type.Object(DeliveryCounts.properties, {
    description: 'Of all deliveries, whatever was asked for.',
  }),
});
export type DeliveryList = Static<typeof DeliveryList>;

const Refusal = Type.Object({ code: RefusalReason, reason: Type.String() });

/** What a release would meet; nothing is sent. */
export const Rehearsal = Type.Object(
  {
    refusal: Nullable(Refusal),
    recipients: Type.Array(Type.Object({ to: Type.String(), refusal: Nullable(Refusal) })),
  },
  {
    $id: 'Rehearsal',
    description: 'Why nothing of it would leave, and what is said against whom; null is nothing.',
  },
);
export type Rehearsal = Static<typeof Rehearsal>;
