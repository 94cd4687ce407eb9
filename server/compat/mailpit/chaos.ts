/**
 * The calls for Mailpit's chaos: each of the three triggers is a rule of Restante that refuses a command with a
 * probability. A trigger with the probability 0 is a disabled rule, which keeps the code of its reply.
 */
import { ALL, type AccountName } from '../../store/ids.ts';
import { CallError, jsonAnswer } from '../answer.ts';
import { type Members, membersOf, parseMembers, readBody } from '../body.ts';
import type { CompatDeps, Handler } from '../call.ts';

interface Trigger {
  readonly ErrorCode: number;
  readonly Probability: number;
}

const KINDS = [
  { name: 'Sender', stage: 'mail', code: 451, text: 'Chaos sender error' },
  { name: 'Recipient', stage: 'rcpt', code: 451, text: 'Chaos recipient error' },
  { name: 'Authentication', stage: 'auth', code: 535, text: 'Chaos authentication error' },
] as const;
type Kind = (typeof KINDS)[number];

const ruleId = ({ name }: Kind, account: AccountName): string =>
  `mailpit-chaos-${name.toLowerCase()}${account === ALL ? '' : `-${account}`}`;

function currentTrigger({ capture }: CompatDeps, kind: Kind, account: AccountName): Trigger {
  const rule = capture.rules.get(ruleId(kind, account));
  const { then, probability } = (rule?.definition ?? {}) as {
    readonly then?: { readonly reject?: unknown };
    readonly probability?: number;
  };
  const code = Number(/^\d{3}/.exec(typeof then?.reject === 'string' ? then.reject : '')?.[0] ?? kind.code);
  return { ErrorCode: code, Probability: rule?.active === true ? Math.round((probability ?? 1) * 100) : 0 };
}

const triggers = (deps: CompatDeps, account: AccountName): Record<string, Trigger> =>
  Object.fromEntries(KINDS.map((kind) => [kind.name, currentTrigger(deps, kind, account)]));

function integerIn(members: Members, name: string, otherwise: number): number {
  const value = members[name.toLowerCase()] ?? otherwise;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new CallError(`${name} must be an integer`);
  return value;
}

/** Reads a trigger from the body; a trigger that is absent gets its default values, as in Mailpit. */
function readTrigger(body: Members, { name, code }: Kind): Trigger {
  const members = membersOf(body[name.toLowerCase()] ?? {}, name);
  const given = integerIn(members, 'ErrorCode', code);
  const trigger = {
    ErrorCode: given === 0 ? code : given,
    Probability: integerIn(members, 'Probability', 0),
  };
  if (trigger.ErrorCode < 400 || trigger.ErrorCode > 599)
    throw new CallError('error code must be between 400 and 599');
  if (trigger.Probability < 0 || trigger.Probability > 100)
    throw new CallError('probability must be between 0 and 100');
  return trigger;
}

export const getChaos: Handler = async (deps, { account }) => jsonAnswer(triggers(deps, account));

export const setChaos: Handler = async (deps, { account, request }) => {
  const body = parseMembers(await readBody(request));
  // All triggers are read before any rule is changed, so that an invalid trigger changes no rule.
  const wanted = KINDS.map((kind) => ({ kind, trigger: readTrigger(body, kind) }));
  for (const { kind, trigger } of wanted) {
    const id = ruleId(kind, account);
    await deps.capture.rules.put(
      {
        name: `Mailpit chaos: ${kind.name}`,
        on: kind.stage,
        enabled: trigger.Probability > 0,
        probability: trigger.Probability / 100,
        ...(account === ALL ? {} : { account }),
        then: { reject: `${trigger.ErrorCode} ${kind.text}` },
      },
      id,
    );
  }
  return jsonAnswer(triggers(deps, account));
};
