/**
 * The calls for Jim, MailHog's simulator of network faults: each of Jim's probabilities becomes a rule of Restante.
 * Jim's settings are stored as a record; without this record, Jim is switched off.
 */
import type { AccountName } from '../../store/ids.ts';
import { ALL } from '../../store/ids.ts';
import { CallError, jsonAnswer, type Answer } from '../answer.ts';
import { membersOf, readBody } from '../body.ts';
import type { CompatDeps, Handler } from '../call.ts';

/** Jim's settings: chances from 0 to 1, and speeds in octets per second. */
type Jim = Readonly<Record<keyof typeof DEFAULTS, number>>;

const DEFAULTS = {
  DisconnectChance: 0.005,
  AcceptChance: 0.99,
  LinkSpeedAffect: 0.1,
  LinkSpeedMin: 1024,
  LinkSpeedMax: 10_240,
  RejectSenderChance: 0.05,
  RejectRecipientChance: 0.05,
  RejectAuthChance: 0.05,
};

const NAMES = Object.keys(DEFAULTS) as (keyof Jim)[];

/** The rules that replace Jim: the stage of each rule, the probability that the rule fires, and its action. */
const RULES: Readonly<
  Record<string, { readonly on: string; chance: (jim: Jim) => number; then: (jim: Jim) => object }>
> = {
  accept: {
    on: 'connect',
    chance: (jim) => 1 - jim.AcceptChance,
    then: () => ({ disconnect: 'before' }),
  },
  speed: {
    on: 'helo',
    chance: (jim) => jim.LinkSpeedAffect,
    // Jim selects a speed between a minimum and a maximum. A rule has one fixed speed, so the mean of the two is used.
    then: (jim) => ({ throttle: `${Math.max(1, Math.round((jim.LinkSpeedMin + jim.LinkSpeedMax) / 2))}B/s` }),
  },
  auth: {
    on: 'auth',
    chance: (jim) => jim.RejectAuthChance,
    then: () => ({ reject: '535 5.7.8 Authentication failed' }),
  },
  disconnect: {
    on: 'predata',
    chance: (jim) => jim.DisconnectChance,
    then: () => ({ disconnect: 'before' }),
  },
  sender: {
    on: 'mail',
    chance: (jim) => jim.RejectSenderChance,
    then: () => ({ reject: '550 5.7.1 Invalid sender' }),
  },
  recipient: {
    on: 'rcpt',
    chance: (jim) => jim.RejectRecipientChance,
    then: () => ({ reject: '550 5.1.1 Invalid recipient' }),
  },
};

const suffixOf = (account: AccountName): string => (account === ALL ? '' : `-${account}`);
const ruleId = (name: string, account: AccountName): string => `mailhog-jim-${name}${suffixOf(account)}`;
const records = ({ store }: CompatDeps) => store.records.collection<Jim>('mailhog-jim');

/** Reads Jim's settings from the body; a setting that is absent is 0, as in MailHog. */
function readJim(body: Buffer): Jim {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new CallError(`The body is not valid JSON: ${(error as Error).message}`);
  }
  const members = membersOf(value, 'The body');
  const unknown = Object.keys(members).filter((name) => !NAMES.some((known) => known.toLowerCase() === name));
  if (unknown.length > 0)
    throw new CallError(`Unknown member ${unknown.join(', ')} in the body; known: ${NAMES.join(', ')}`);
  const settings = NAMES.map((name) => {
    const setting = members[name.toLowerCase()] ?? 0;
    const most = name.startsWith('LinkSpeedM') ? Number.MAX_SAFE_INTEGER : 1;
    if (typeof setting !== 'number' || setting < 0 || setting > most)
      throw new CallError(`${name} must be a number from 0${most === 1 ? ' to 1' : ''}`);
    return [name, setting] as const;
  });
  return Object.fromEntries(settings) as Jim;
}

async function invite(deps: CompatDeps, account: AccountName, jim: Jim): Promise<void> {
  for (const [name, { on, chance, then }] of Object.entries(RULES)) {
    await deps.capture.rules.put(
      {
        name: `MailHog’s Jim: ${name}`,
        on,
        enabled: chance(jim) > 0,
        probability: chance(jim),
        ...(account === ALL ? {} : { account }),
        then: then(jim),
      },
      ruleId(name, account),
    );
  }
  await records(deps).put(account, jim);
}

const empty = (status: number): Answer => ({ status, type: null, body: '' });

export const getJim: Handler = async (deps, { account }) => {
  const jim = await records(deps).get(account);
  return jim === undefined ? empty(404) : jsonAnswer(jim);
};

export const createJim: Handler = async (deps, { account, request }) => {
  if ((await records(deps).get(account)) !== undefined) return empty(400);
  const body = await readBody(request);
  await invite(deps, account, body.toString('utf8').trim() === '' ? DEFAULTS : readJim(body));
  return empty(201);
};

export const updateJim: Handler = async (deps, { account, request }) => {
  if ((await records(deps).get(account)) === undefined) return empty(404);
  await invite(deps, account, readJim(await readBody(request)));
  return empty(200);
};

export const deleteJim: Handler = async (deps, { account }) => {
  if (!(await records(deps).delete(account))) return empty(404);
  for (const name of Object.keys(RULES)) await deps.capture.rules.remove(ruleId(name, account));
  return empty(200);
};
