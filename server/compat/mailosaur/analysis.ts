/**
 * The calls for the analysis of a message: the rules of the spam filter, and the deliverability report. The results are
 * those of Restante's checks.
 */
import type { MessageId } from '../../store/ids.ts';
import { jsonAnswer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { readSpam, runLive } from '../spam.ts';
import { findMessage, readMailosaurContent } from './message.ts';

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

/**
 * @param missing the description of the result if the check has none
 */
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
