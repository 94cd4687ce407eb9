/**
 * The calls for the analysis of a message: the rules of the spam filter, and the deliverability report. The results are
 * those of Restante's checks. Without a spam filter, the findings of the checks are listed, with a score of 0.
 */
import type { CheckResult } from '../../checks/index.ts';
import type { LiveCheckName } from '../../../contract/names.ts';
import type { MessageId } from '../../store/ids.ts';
import { jsonAnswer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { notFound } from './errors.ts';
import { findMessage, readMailosaurContent } from './message.ts';

interface SpamRule {
  readonly rule: string;
  readonly description: string;
  readonly score: number;
}

interface SpamVerdict {
  readonly score: number;
  readonly isSpam: boolean;
  readonly rules: readonly SpamRule[];
}

/** The details of the check `spam`. */
interface SpamDetails {
  readonly filters: readonly {
    readonly points: number | null;
    readonly required: number | null;
    readonly rules: readonly {
      readonly name: string;
      readonly points: number;
      readonly description: string;
    }[];
  }[];
}

async function runLive({ checks }: CompatDeps, id: MessageId, name: LiveCheckName): Promise<CheckResult> {
  const result = await checks.run(id, name, {});
  if (result === undefined) throw notFound();
  return result;
}

/** The static checks whose findings concern the delivery of a message. */
const DELIVERY_CHECKS: readonly string[] = ['protocol', 'standards', 'content', 'security'];

const ruleName = (check: string, rule: string): string =>
  `${check}_${rule}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');

async function findingsAsRules({ checks }: CompatDeps, id: MessageId): Promise<readonly SpamRule[]> {
  const results = (await checks.results(id)) ?? [];
  return results
    .filter(({ check }) => DELIVERY_CHECKS.includes(check))
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'info')
    .map(({ check, rule, message }) => ({ rule: ruleName(check, rule), description: message, score: 0 }));
}

async function readSpam(deps: CompatDeps, id: MessageId): Promise<SpamVerdict> {
  const { details } = await runLive(deps, id, 'spam');
  const filters = (details as SpamDetails | null)?.filters ?? [];
  const verdict = filters.find(({ points }) => points !== null);
  if (verdict === undefined) return { score: 0, isSpam: false, rules: await findingsAsRules(deps, id) };
  const score = verdict.points ?? 0;
  return {
    score,
    isSpam: score >= (verdict.required ?? Infinity),
    rules: verdict.rules.map(({ name, points, description }) => ({ rule: name, description, score: points })),
  };
}

const idOf = async (deps: CompatDeps, call: Call): Promise<MessageId> =>
  (await findMessage(deps, call, call.params['id'] ?? '')).summary.id;

export const checkSpam: Handler = async (deps, call) => {
  const { score, rules } = await readSpam(deps, await idOf(deps, call));
  return jsonAnswer({ spamFilterResults: { spamAssassin: rules }, score });
};

/** A result of SPF, DKIM or DMARC in the details of the check `authenticity`. */
interface Verdict {
  readonly result: string;
  readonly comment?: string | null;
  readonly record?: string | null;
}

/** The details of the check `authenticity`. */
interface AuthenticityDetails {
  readonly spf: Verdict | null;
  readonly dkim: readonly Verdict[];
  readonly dmarc: Verdict | null;
}

const RESULTS: Readonly<Record<string, 'Pass' | 'Warning' | 'Fail' | 'Timeout'>> = {
  pass: 'Pass',
  neutral: 'Warning',
  softfail: 'Warning',
  policy: 'Warning',
  temperror: 'Timeout',
};

/** Returns the tags of a DNS record of the form `v=DKIM1; p=…`. */
function tagsOf(record: string): Record<string, string> {
  const pairs = record.split(';').flatMap((pair) => {
    const [, name, value = ''] = /^\s*([a-z]+)\s*=\s*(.*?)\s*$/i.exec(pair) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}

/** @param missing the description of a result that does not exist */
function authenticationOf(verdict: Verdict | null, missing: string) {
  const { result, comment, record } = verdict ?? { result: 'temperror', comment: missing, record: null };
  return {
    result: RESULTS[result] ?? 'Fail',
    description: comment ?? result,
    rawValue: record ?? '',
    tags: tagsOf(record ?? ''),
  };
}

export const checkDeliverability: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call, call.params['id'] ?? '');
  const { details, reason, findings } = await runLive(deps, summary.id, 'authenticity');
  const { spf = null, dkim = [], dmarc = null } = (details ?? {}) as Partial<AuthenticityDetails>;
  const missing = reason ?? findings[0]?.message ?? 'The check has no result';
  const { facts } = await readMailosaurContent(deps, summary);
  const spam = await readSpam(deps, summary.id);
  return jsonAnswer({
    spf: authenticationOf(spf, missing),
    dkim: dkim.map((signature) => authenticationOf(signature, missing)),
    dmarc: authenticationOf(dmarc, missing),
    blockLists: [],
    content: facts,
    dnsRecords: { a: [], mx: [], ptr: [] },
    spamAssassin: { score: spam.score, result: spam.isSpam ? 'Fail' : 'Pass', rules: spam.rules },
  });
};
