/** Rules of the SMTP dialogue, what they did, what they would do, and the webhooks they sent. */
import { stages } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Instant, Nullable } from './pieces.ts';

export const RuleStage = Type.Enum(stages);
export type RuleStage = Static<typeof RuleStage>;

const pattern = (what: string) =>
  Type.Optional(Type.String({ description: `${what}: a glob of all of it, or a /regex/ of a part.` }));

export const RuleConditions = Type.Object({
  ip: Type.Optional(Type.String({ description: 'Client’s address: a glob, a /regex/, or a network.' })),
  helo: pattern('Name the client gave'),
  user: pattern('Authenticated user'),
  from: pattern('Sender of the envelope'),
  rcpt: pattern('The recipient at hand at `rcpt`, any of them later'),
  port: Type.Optional(Type.Integer({ description: 'The listener’s port.' })),
  tls: Type.Optional(Type.Boolean()),
  query: Type.Optional(Type.String({ description: 'Query language; at `data` and `stored`.' })),
});
export type RuleConditions = Static<typeof RuleConditions>;

const Duration = Type.Union([Type.Number(), Type.String()], {
  description: 'Milliseconds, or `250ms`, `3s`, `5m`, `1h`, `2d`.',
});

/** Actions by name, each with its parameter. */
export const RuleActions = Type.Object(
  {
    delay: Type.Optional(Duration),
    reject: Type.Optional(Type.String({ description: 'The whole reply: `451 4.7.1 Try later`.' })),
    accept: Type.Optional(Type.Union([Type.Literal(true), Type.String()])),
    discard: Type.Optional(Type.Boolean()),
    disconnect: Type.Optional(Type.Unknown()),
    tag: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    deliverTo: Type.Optional(Type.Unknown()),
    throttle: Type.Optional(Type.Unknown()),
    greylist: Type.Optional(Type.Unknown()),
    quota: Type.Optional(Type.Unknown()),
    bounce: Type.Optional(Type.Unknown()),
    autoReply: Type.Optional(Type.Unknown()),
    webhook: Type.Optional(Type.Unknown()),
    relay: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: true, description: 'Further actions by name; see the documentation of rules.' },
);
export type RuleActions = Static<typeof RuleActions> & Record<string, unknown>;

const RuleStep = Type.Union([
  Type.String({ description: 'A reply, or the name of an action.' }),
  RuleActions,
]);

const ruleInput = {
  name: Type.Optional(Type.String({ description: 'For people; the id when absent.' })),
  description: Type.Optional(Type.String()),
  enabled: Type.Optional(Type.Boolean({ default: true })),
  account: Type.Optional(
    Nullable(Type.String({ description: 'Only mail for this account, and the rule ends with it.' })),
  ),
  on: RuleStage,
  when: Type.Optional(RuleConditions),
  then: Type.Optional(RuleStep),
  script: Type.Optional(Type.Array(RuleStep, { description: 'One step for each time it fires.' })),
  nth: Type.Optional(Type.Union([Type.Integer(), Type.Array(Type.Integer())])),
  times: Type.Optional(Type.Integer({ minimum: 1, description: 'How often it fires at most.' })),
  per: Type.Optional(Type.Enum(['rule', 'rcpt', 'from', 'ip', 'user', 'session'])),
  probability: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  seed: Type.Optional(Type.Integer({ minimum: 0, description: 'The same seed, the same choices.' })),
  expiresAt: Type.Optional(Instant('When it ends.')),
  expiresIn: Type.Optional(Duration),
};

/** A rule as it is written. `then` or `script` says what it does. */
export const RuleInput = Type.Object(
  { id: Type.Optional(Type.String({ description: 'Made up when absent.' })), ...ruleInput },
  { $id: 'RuleInput' },
);
export type RuleInput = Static<typeof RuleInput>;

/** A rule as it stands, with what it has done. It may be sent back as it is. */
export const Rule = Type.Object(
  {
    ...ruleInput,
    id: Type.String(),
    name: Type.String(),
    enabled: Type.Boolean(),
    account: Nullable(Type.String()),
    hits: Type.Integer({ description: 'How often it fired since it was put or the sandbox was started.' }),
    lastHitAt: Nullable(Instant('When it last fired.')),
    failure: Nullable(Type.String({ description: 'Its own last failure.' })),
    active: Type.Boolean({ description: 'Whether it can still fire: enabled and not expired.' }),
    source: Type.Enum(['store', 'file'], { description: 'A rule of the rules file is changed there only.' }),
  },
  { $id: 'Rule' },
);
export type Rule = Static<typeof Rule>;

export const RuleList = Type.Object({
  rules: Type.Array(Rule, { description: 'In the order they are asked.' }),
});
export type RuleList = Static<typeof RuleList>;

export const RuleOrder = Type.Object(
  { ids: Type.Array(Type.String(), { description: 'Those not named stay behind these, as they were.' }) },
  { additionalProperties: false },
);
export type RuleOrder = Static<typeof RuleOrder>;

export const RuleCheck = Type.Object({
  errors: Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
    description: 'What is wrong with it; empty when it would be taken.',
  }),
});
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

/** A message to try the rules with: one that is there, or one that is only described. */
export const RuleTrial = Type.Object(
  {
    message: Type.Optional(Type.String({ description: 'Id of a captured message.' })),
    raw: Type.Optional(Type.String({ description: 'A message as text, instead.' })),
    from: Type.Optional(Type.String({ description: 'Sender; the message’s own when absent.' })),
    to: Type.Optional(
      Type.Array(Type.String(), { description: 'Recipients; the message’s own when absent.' }),
    ),
    ip: Type.Optional(Type.String()),
    port: Type.Optional(Type.Integer()),
    helo: Type.Optional(Type.String()),
    user: Type.Optional(Type.String()),
    tls: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type RuleTrial = Static<typeof RuleTrial>;

export const RuleExplanation = Type.Object({
  id: Type.String(),
  name: Type.String(),
  on: RuleStage,
  fires: Type.Boolean({ description: 'Whether it is the one that acts at its stage.' }),
  actions: Type.Array(Type.String(), { description: 'What it would do.' }),
  because: Nullable(Type.String({ description: 'Why it does not fire.' })),
});
export type RuleExplanation = Static<typeof RuleExplanation>;

export const RuleExplanations = Type.Object({ rules: Type.Array(RuleExplanation) });
export type RuleExplanations = Static<typeof RuleExplanations>;

/** A rule that acted on a message. */
export const RuleHit = Type.Object({
  id: Nullable(Type.String({ description: 'Null for an address that works without a rule.' })),
  name: Type.String(),
  stage: Type.String(),
  actions: Type.Array(Type.String()),
  failures: Type.Array(Type.String(), {
    description: 'What its effects failed with for good, for example because a loop was stopped.',
  }),
});
export type RuleHit = Static<typeof RuleHit>;

export const WebhookDelivery = Type.Object({
  id: Type.String(),
  rule: Type.Object({ id: Type.String(), name: Type.String() }),
  message: Type.String(),
  url: Type.String(),
  state: Type.Enum(['waiting', 'delivered', 'failed']),
  attempts: Type.Array(
    Type.Object({
      at: Instant('When.'),
      status: Nullable(Type.Integer({ description: 'HTTP status; null without an answer.' })),
      answer: Type.String({ description: 'Its beginning, or why there was none.' }),
    }),
  ),
  nextAt: Nullable(Instant('When the next attempt is due.')),
});
export type WebhookDelivery = Static<typeof WebhookDelivery>;

export const WebhookList = Type.Object({
  deliveries: Type.Array(WebhookDelivery, { description: 'Newest first.' }),
});
export type WebhookList = Static<typeof WebhookList>;
