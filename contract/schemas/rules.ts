/**
 * Schemas of the rules for the SMTP dialogue, of the log of fired rules, of dry runs of the rules, and of the
 * webhook requests that rules sent.
 */
import { stages } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Instant, Nullable } from './pieces.ts';

export const RuleStage = Type.Enum(stages, { $id: 'RuleStage' });
export type RuleStage = Static<typeof RuleStage>;

const pattern = (what: string) =>
  Type.Optional(
    Type.String({ description: `${what}: a glob for the whole value, or a /regex/ for a part.` }),
  );

export const RuleConditions = Type.Object(
  {
    ip: Type.Optional(Type.String({ description: 'Client’s address: a glob, a /regex/, or a network.' })),
    helo: pattern('Name in HELO or EHLO'),
    user: pattern('Authenticated user'),
    from: pattern('Sender of the envelope'),
    rcpt: pattern('The current recipient at `rcpt`, any recipient at later stages'),
    port: Type.Optional(Type.Integer({ description: 'The listener’s port.' })),
    tls: Type.Optional(Type.Boolean()),
    query: Type.Optional(
      Type.String({ description: 'A query in the query language; at `data` and `stored` only.' }),
    ),
  },
  { $id: 'RuleConditions' },
);
export type RuleConditions = Static<typeof RuleConditions>;

const Duration = Type.Union([Type.Number(), Type.String(), Type.Null()], {
  $id: 'Duration',
  description: 'A duration: milliseconds, or `250ms`, `3s`, `5m`, `1h`, `2d`.',
});

/** The actions of a rule by name, each with its parameter. */
export const RuleActions = Type.Object(
  {
    delay: Type.Optional(Duration),
    reject: Type.Optional(Nullable(Type.String({ description: 'The whole reply: `451 4.7.1 Try later`.' }))),
    accept: Type.Optional(Type.Union([Type.Literal(true), Type.String(), Type.Null()])),
    discard: Type.Optional(Nullable(Type.Boolean())),
    disconnect: Type.Optional(Type.Unknown()),
    tag: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String()), Type.Null()])),
    deliverTo: Type.Optional(Type.Unknown()),
    throttle: Type.Optional(Type.Unknown()),
    greylist: Type.Optional(Type.Unknown()),
    quota: Type.Optional(Type.Unknown()),
    bounce: Type.Optional(Type.Unknown()),
    autoReply: Type.Optional(Type.Unknown()),
    webhook: Type.Optional(Type.Unknown()),
    relay: Type.Optional(Type.Unknown()),
  },
  {
    $id: 'RuleActions',
    additionalProperties: true,
    description: 'Further actions by name; see the documentation of rules.',
  },
);
export type RuleActions = Static<typeof RuleActions> & Record<string, unknown>;

const RuleStep = Type.Union(
  [Type.String({ description: 'A reply, or the name of an action.' }), RuleActions],
  { $id: 'RuleStep' },
);

const ruleInput = {
  name: Type.Optional(Type.String({ description: 'Name to show; by default the id.' })),
  description: Type.Optional(Type.String()),
  enabled: Type.Optional(Type.Boolean({ default: true })),
  account: Type.Optional(
    Nullable(
      Type.String({
        description: 'The rule applies to mail for this account only, and is deleted with the account.',
      }),
    ),
  ),
  on: RuleStage,
  when: Type.Optional(RuleConditions),
  then: Type.Optional(Type.Union([...RuleStep.anyOf, Type.Null()])),
  script: Type.Optional(Type.Array(RuleStep, { description: 'One step for each time the rule fires.' })),
  nth: Type.Optional(Type.Union([Type.Integer(), Type.Array(Type.Integer()), Type.Null()])),
  times: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Maximum number of times that the rule fires.' }),
  ),
  per: Type.Optional(Type.Enum(['rule', 'rcpt', 'from', 'ip', 'user', 'session'])),
  probability: Type.Optional(Nullable(Type.Number({ minimum: 0, maximum: 1 }))),
  seed: Type.Optional(
    Nullable(
      Type.Integer({ minimum: 0, description: 'Rules with the same seed make the same random choices.' }),
    ),
  ),
  expiresAt: Type.Optional(Nullable(Instant('When the rule expires.'))),
  expiresIn: Type.Optional(Duration),
};

/** A rule as clients submit it. The member `then` or `script` contains the actions of the rule. */
export const RuleInput = Type.Object(
  { id: Type.Optional(Type.String({ description: 'Generated if absent.' })), ...ruleInput },
  {
    $id: 'RuleInput',
    examples: [{ on: 'rcpt', when: { rcpt: 'full@*' }, then: { reject: '452 4.2.2 Mailbox full' } }],
  },
);
export type RuleInput = Static<typeof RuleInput>;

/**
 * A stored rule with the number of times that it fired. Clients may submit the same object to replace the
 * rule.
 */
export const Rule = Type.Object(
  {
    ...ruleInput,
    id: Type.String(),
    name: Type.String(),
    enabled: Type.Boolean(),
    account: Nullable(Type.String()),
    hits: Type.Integer({
      description:
        'Number of times that the rule fired since it was created or replaced; the number survives a restart of the server.',
    }),
    lastHitAt: Nullable(Instant('When the rule last fired.')),
    failure: Nullable(Type.String({ description: 'The last failure of the rule.' })),
    active: Type.Boolean({
      description:
        'Whether the rule is enabled and not expired. A rule that has used up its `times` is still active.',
    }),
    source: Type.Enum(['store', 'file'], {
      description: '`file`: the rule is from the rules file, and can only be changed there.',
    }),
  },
  { $id: 'Rule' },
);
export type Rule = Static<typeof Rule>;

export const RuleList = Type.Object(
  {
    rules: Type.Array(Rule, { description: 'Rules in the order of their evaluation.' }),
  },
  { $id: 'RuleList' },
);
export type RuleList = Static<typeof RuleList>;

export const RuleOrder = Type.Object(
  {
    ids: Type.Array(Type.String(), {
      description: 'Rules that are not listed follow in their previous order.',
    }),
  },
  { $id: 'RuleOrder', additionalProperties: false, examples: [{ ids: ['slow'] }] },
);
export type RuleOrder = Static<typeof RuleOrder>;

export const RuleCheck = Type.Object(
  {
    errors: Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
      description: 'Why the rule is not valid; empty if it is valid.',
    }),
  },
  { $id: 'RuleCheck' },
);
export type RuleCheck = Static<typeof RuleCheck>;

export const RulesQuery = Type.Object({
  account: Type.Optional(Type.String({ description: 'Only rules for this account.' })),
});
export type RulesQuery = Static<typeof RulesQuery>;

export const ClearRulesQuery = Type.Object({
  ...RulesQuery.properties,
  all: Type.Optional(Type.Boolean({ description: 'Every rule.' })),
});
export type ClearRulesQuery = Static<typeof ClearRulesQuery>;

/** A message for a trial of the rules: a stored message, or a description of a message. */
export const RuleTrial = Type.Object(
  {
    message: Type.Optional(Type.String({ description: 'Id of a captured message.' })),
    raw: Type.Optional(Type.String({ description: 'A message as text, in place of `message`.' })),
    from: Type.Optional(Type.String({ description: 'Sender; by default that of the message.' })),
    to: Type.Optional(
      Type.Array(Type.String(), { description: 'Recipients; by default those of the message.' }),
    ),
    ip: Type.Optional(Type.String()),
    port: Type.Optional(Type.Integer()),
    helo: Type.Optional(Type.String()),
    user: Type.Optional(Type.String()),
    tls: Type.Optional(Type.Boolean()),
  },
  {
    $id: 'RuleTrial',
    additionalProperties: false,
    examples: [{ from: 'a@x.test', to: ['slow@x.test'], raw: 'Subject: Hi\n\nHi' }],
  },
);
export type RuleTrial = Static<typeof RuleTrial>;

export const RuleExplanation = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    on: RuleStage,
    fires: Type.Boolean({ description: 'Whether the rule acts at its stage.' }),
    actions: Type.Array(Type.String(), { description: 'The actions of the rule.' }),
    because: Nullable(Type.String({ description: 'Why the rule does not fire.' })),
  },
  { $id: 'RuleExplanation' },
);
export type RuleExplanation = Static<typeof RuleExplanation>;

export const RuleExplanations = Type.Object(
  { rules: Type.Array(RuleExplanation) },
  { $id: 'RuleExplanations' },
);
export type RuleExplanations = Static<typeof RuleExplanations>;

/** A rule that was applied to a message, as reported with the message. */
export const RuleHit = Type.Object(
  {
    id: Nullable(Type.String({ description: 'Id of the rule; null for a magic address.' })),
    name: Type.String(),
    stage: Type.String(),
    actions: Type.Array(Type.String()),
    failures: Type.Array(Type.String(), {
      description: 'Reasons of the effects that failed permanently, for example because a loop was stopped.',
    }),
  },
  { $id: 'RuleHit' },
);
export type RuleHit = Static<typeof RuleHit>;

export const WebhookDelivery = Type.Object(
  {
    id: Type.String(),
    rule: Type.Object({ id: Type.String(), name: Type.String() }),
    message: Type.String(),
    url: Type.String(),
    state: Type.Enum(['waiting', 'delivered', 'failed']),
    attempts: Type.Array(
      Type.Object({
        at: Instant('Time of the attempt.'),
        status: Nullable(Type.Integer({ description: 'HTTP status; null without a response.' })),
        answer: Type.String({ description: 'The beginning of the response, or why there was none.' }),
      }),
    ),
    nextAt: Nullable(Instant('When the next attempt is due.')),
  },
  { $id: 'WebhookDelivery' },
);
export type WebhookDelivery = Static<typeof WebhookDelivery>;

export const WebhookList = Type.Object(
  {
    deliveries: Type.Array(WebhookDelivery, { description: 'Newest first.' }),
  },
  { $id: 'WebhookList' },
);
export type WebhookList = Static<typeof WebhookList>;
