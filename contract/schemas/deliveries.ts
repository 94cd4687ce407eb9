/** Schemas of the relay: releases, deliveries and their attempts, the policy, the state of the queue. */
import { attemptOutcomes, deliveryStates, relayModes, releaseCauses } from '../names.ts';
import Type, { type Static } from 'typebox';
import { TranscriptLine } from './messages.ts';
import { Instant, Nullable } from './pieces.ts';
import { RefusalReason } from './refusals.ts';

export const RelayMode = Type.Enum(relayModes, {
  $id: 'RelayMode',
  description:
    '`manual` relays on release; `auto` also on release by a rule, and all captured mail for permitted recipients.',
});
export type RelayMode = Static<typeof RelayMode>;

export const DeliveryState = Type.Enum(deliveryStates, {
  $id: 'DeliveryState',
  description:
    '`deferred` waits for another attempt; `sending`: the final dot is about to be sent; `unknown`: the process ended ' +
    'at that moment, so that the server may or may not have accepted the message.',
});
export type DeliveryState = Static<typeof DeliveryState>;

/** The number of the relay's deliveries in each state. */
export const DeliveryCounts = Type.Object(
  {
    queued: Type.Integer(),
    deferred: Type.Integer(),
    sending: Type.Integer(),
    delivered: Type.Integer(),
    failed: Type.Integer(),
    cancelled: Type.Integer(),
    unknown: Type.Integer(),
  },
  { $id: 'DeliveryCounts' },
);
export type DeliveryCounts = Static<typeof DeliveryCounts>;

/** The policy of the relay, its routes, and the state of the queue. */
export const RelayStatus = Type.Object(
  {
    mode: RelayMode,
    allow: Type.Array(Type.String(), {
      description: 'Recipients to which mail may be relayed; an empty list permits none.',
    }),
    added: Type.Array(Type.String(), { description: 'The patterns of `allow` added at run time.' }),
    allowFixed: Type.Boolean({ description: 'Whether `allow` cannot be changed at run time.' }),
    deny: Type.Array(Type.String(), {
      description: 'Recipients to which no mail is relayed, even if `allow` contains them.',
    }),
    private: Type.Boolean({ description: 'Whether mail is also relayed to private and loopback addresses.' }),
    route: Type.Enum(['mx', 'smart-host']),
    smartHost: Nullable(Type.String({ description: 'URL of the smart host without its credentials.' })),
    routes: Type.Array(Type.String({ description: '`DOMAIN=HOST[:PORT]`' })),
    hostname: Type.String({ description: 'The EHLO name of the relay.' }),
    dkim: Nullable(
      Type.Object(
        { domain: Type.String(), selector: Type.String() },
        { description: 'The DKIM key that signs relayed mail.' },
      ),
    ),
    maxPerHour: Type.Integer({ description: '0: no limit.' }),
    usedThisHour: Type.Integer({ description: 'Deliveries accepted within the last hour.' }),
    queue: DeliveryCounts,
  },
  { $id: 'RelayStatus' },
);
export type RelayStatus = Static<typeof RelayStatus>;

export const Release = Type.Object(
  {
    to: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Recipients; by default those of the envelope.',
        maxItems: 1000,
      }),
    ),
  },
  { $id: 'Release', additionalProperties: false, examples: [{ to: ['me@example.com'] }] },
);
export type Release = Static<typeof Release>;

/** The delivery of one message to one recipient, with its outcome. */
export const Delivery = Type.Object(
  {
    id: Type.String(),
    release: Type.String({ description: 'The id of the release. The deliveries of one release share it.' }),
    message: Type.String({ description: 'Id of the message, which may have been deleted.' }),
    subject: Type.String(),
    from: Type.String({ description: 'Sender of the envelope; empty for `<>`.' }),
    to: Type.String(),
    by: Type.Enum(releaseCauses, {
      description: 'What started the release: a person or a call, a rule, or the automatic relay.',
    }),
    resent: Type.Boolean({
      description:
        'Whether the recipient is not one of the captured message; it is then sent with Resent fields.',
    }),
    state: DeliveryState,
    createdAt: Instant('When the message was released.'),
    updatedAt: Instant('When the delivery last changed.'),
    nextAttemptAt: Nullable(Instant('When the next attempt is due; null if there is none.')),
    rounds: Type.Integer({ description: 'Number of rounds. A round can try several hosts.' }),
    attempts: Type.Integer({ description: 'Number of attempts: connections, or tries to connect.' }),
    reason: Nullable(Type.String({ description: 'The last reply, or the error.' })),
    status: Nullable(Type.String({ description: 'Enhanced status code of the last outcome (RFC 3463).' })),
    host: Nullable(Type.String({ description: 'Mail server of the last outcome.' })),
  },
  { $id: 'Delivery' },
);
export type Delivery = Static<typeof Delivery>;

/** One attempt at a delivery: a connection to a mail server, or a failure to connect. */
export const DeliveryAttempt = Type.Object(
  {
    round: Type.Integer({ description: 'From 1.' }),
    startedAt: Instant('When the attempt began.'),
    endedAt: Instant('When the attempt ended.'),
    host: Nullable(Type.String({ description: 'Mail server; null if there was none.' })),
    address: Nullable(Type.String({ description: 'IP address of the mail server.' })),
    port: Nullable(Type.Integer()),
    outcome: Type.Enum(attemptOutcomes),
    reason: Type.String({ description: 'The reply, or the error.' }),
    security: Type.String({ description: 'The TLS policy: `opportunistic`, `MTA-STS enforce` …' }),
    tls: Nullable(
      Type.Object({
        protocol: Type.String(),
        cipher: Type.String(),
        verified: Type.Boolean({ description: 'Whether the certificate is valid for the host.' }),
      }),
    ),
    transcript: Type.Array(TranscriptLine),
  },
  { $id: 'DeliveryAttempt' },
);
export type DeliveryAttempt = Static<typeof DeliveryAttempt>;

export const DeliveryDetail = Type.Intersect(
  [Delivery, Type.Object({ log: Type.Array(DeliveryAttempt, { description: 'Oldest first.' }) })],
  { $id: 'DeliveryDetail' },
);
export type DeliveryDetail = Static<typeof DeliveryDetail>;

export const Released = Type.Object(
  {
    release: Type.String(),
    deliveries: Type.Array(Delivery, { description: 'The deliveries, one for each recipient.' }),
  },
  { $id: 'Released' },
);
export type Released = Static<typeof Released>;

/** A change of the relay's allow list at run time. */
export const AllowListChange = Type.Object(
  {
    add: Type.Optional(Type.Array(Type.String(), { description: 'Patterns, as `--relay-allow` has them.' })),
    remove: Type.Optional(
      Type.Array(Type.String(), { description: 'Patterns that were added at run time.' }),
    ),
  },
  { $id: 'AllowListChange', additionalProperties: false, examples: [{ add: ['*@staging.example.com'] }] },
);
export type AllowListChange = Static<typeof AllowListChange>;

export const DeliveriesQuery = Type.Object({
  message: Type.Optional(Type.String({ description: 'Only deliveries of this message.' })),
  release: Type.Optional(Type.String({ description: 'Only deliveries of this release.' })),
  state: Type.Optional(DeliveryState),
  to: Type.Optional(Type.String({ description: 'Only deliveries to this recipient.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
export type DeliveriesQuery = Static<typeof DeliveriesQuery>;

export const DeliveryList = Type.Object(
  {
    deliveries: Type.Array(Delivery, { description: 'Newest first.' }),
    counts: Type.Object(DeliveryCounts.properties, {
      $id: 'DeliveryCounts',
      description: 'Number of all deliveries in each state, regardless of the filter.',
    }),
  },
  { $id: 'DeliveryList' },
);
export type DeliveryList = Static<typeof DeliveryList>;

const Refusal = Type.Object({ code: RefusalReason, reason: Type.String() }, { $id: 'RelayRefusal' });

/**
 * The decision of the relay's policy on a planned release of a message. The decision is computed without
 * sending anything.
 */
export const Rehearsal = Type.Object(
  {
    refusal: Nullable(Refusal),
    recipients: Type.Array(Type.Object({ to: Type.String(), refusal: Nullable(Refusal) })),
  },
  {
    $id: 'Rehearsal',
    description:
      'Why the release would be refused, and the reason for each recipient; null if there is none.',
  },
);
export type Rehearsal = Static<typeof Rehearsal>;
