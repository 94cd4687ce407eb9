/** Checks: what a message would meet in the real world. */
import { checkNames, checkStates } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Finding } from './messages.ts';
import { Instant, Nullable } from './pieces.ts';

export const CheckName = Type.Enum(checkNames);
export type CheckName = Static<typeof CheckName>;

export const CheckState = Type.Enum(checkStates, {
  description:
    '`cut-short`: a limit ended it; `not-run`: it asks somebody outside, and nobody has run it by POST; ' +
    '`unavailable`: it has to be configured first.',
});
export type CheckState = Static<typeof CheckState>;

export const Check = Type.Object({
  check: CheckName,
  state: CheckState,
  reason: Nullable(Type.String({ description: 'Why it is unavailable, and what to configure.' })),
  live: Type.Boolean({ description: 'Whether it asks anybody outside, and so runs by POST only.' }),
  ranAt: Nullable(Instant('When it ran.')),
  took: Nullable(Type.Integer({ description: 'Milliseconds.' })),
  score: Nullable(
    Type.Number({ minimum: 0, maximum: 100, description: '100 is best; null where there is none.' }),
  ),
  findings: Type.Object(
    { error: Type.Integer(), warning: Type.Integer(), info: Type.Integer() },
    { description: 'How many there are of each severity.' },
  ),
  details: Type.Unknown({
    description: 'What the check has to show besides; only in the answer of one check, else null.',
  }),
});
export type Check = Static<typeof Check>;

export const CheckReport = Type.Object({
  findings: Type.Array(Finding, { description: 'Of all the checks, worst first.' }),
  checks: Type.Array(Check),
});
export type CheckReport = Static<typeof CheckReport>;

export const ChecksQuery = Type.Object({
  account: Type.Optional(Type.String()),
  query: Type.Optional(Type.String()),
  clients: Type.Optional(
    Type.String({
      description:
        'Mail clients that matter, separated by commas, as `family.platform` with `*` on either side: ' +
        '`gmail.*,outlook.windows`. Those of the budget when absent.',
    }),
  ),
});
export type ChecksQuery = Static<typeof ChecksQuery>;

export const CheckRun = Type.Object(
  {
    ip: Type.Optional(Type.String({ description: 'Address that the message is taken to come from.' })),
    helo: Type.Optional(Type.String({ description: 'Name that its client is taken to have given.' })),
    mailFrom: Type.Optional(Type.String({ description: 'Reverse-path in place of the envelope’s.' })),
    zone: Type.Optional(
      Type.String({ description: 'DNS records in zone file format, in place of those configured.' }),
    ),
    timeout: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 300_000, description: 'Milliseconds it may take.' }),
    ),
  },
  { additionalProperties: false },
);
export type CheckRun = Static<typeof CheckRun>;
