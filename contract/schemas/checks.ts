/** Schemas of the checks of a message. */
import { checkNames, checkStates } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Finding } from './messages.ts';
import { Instant, Nullable } from './pieces.ts';

export const CheckName = Type.Enum(checkNames, { $id: 'CheckName' });
export type CheckName = Static<typeof CheckName>;

export const CheckState = Type.Enum(checkStates, {
  $id: 'CheckState',
  description:
    '`cut-short`: a limit ended the check; `not-run`: the check contacts other servers, and has not been run by POST; ' +
    '`unavailable`: the check is not configured.',
});
export type CheckState = Static<typeof CheckState>;

export const Check = Type.Object(
  {
    check: CheckName,
    state: CheckState,
    reason: Nullable(Type.String({ description: 'Why the check is unavailable, and what to configure.' })),
    live: Type.Boolean({
      description: 'Whether the check contacts other servers. Such a check runs only by POST.',
    }),
    ranAt: Nullable(Instant('When the check ran.')),
    took: Nullable(Type.Integer({ description: 'Milliseconds.' })),
    score: Nullable(
      Type.Number({ minimum: 0, maximum: 100, description: '100 is best; null if the check has no score.' }),
    ),
    findings: Type.Object(
      { error: Type.Integer(), warning: Type.Integer(), info: Type.Integer() },
      { description: 'Number of findings of each severity.' },
    ),
    details: Type.Unknown({
      description: 'Further results of the check; null in the report on all checks.',
    }),
  },
  { $id: 'Check' },
);
export type Check = Static<typeof Check>;

export const CheckReport = Type.Object(
  {
    findings: Type.Array(Finding, { description: 'Findings of all checks, worst first.' }),
    checks: Type.Array(Check),
  },
  { $id: 'CheckReport' },
);
export type CheckReport = Static<typeof CheckReport>;

export const ChecksQuery = Type.Object({
  account: Type.Optional(Type.String()),
  query: Type.Optional(Type.String()),
  clients: Type.Optional(
    Type.String({
      description:
        'Mail clients to check for, separated by commas, as `family.platform`, where `*` is any: ' +
        '`gmail.*,outlook.windows`. By default those of the budget.',
    }),
  ),
});
export type ChecksQuery = Static<typeof ChecksQuery>;

export const CheckRun = Type.Object(
  {
    ip: Type.Optional(
      Type.String({ description: 'IP address of the client to assume, in place of the recorded one.' }),
    ),
    helo: Type.Optional(Type.String({ description: 'HELO name of the client to assume.' })),
    mailFrom: Type.Optional(
      Type.String({ description: 'Reverse-path to assume, in place of that of the envelope.' }),
    ),
    zone: Type.Optional(
      Type.String({ description: 'DNS records in zone file format, in place of the configured DNS.' }),
    ),
    timeout: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 300_000, description: 'Time limit in milliseconds.' }),
    ),
  },
  { $id: 'CheckRun', additionalProperties: false, examples: [{ ip: '192.0.2.1', timeout: 5000 }] },
);
export type CheckRun = Static<typeof CheckRun>;
