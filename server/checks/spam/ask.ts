/**
 * Sends a message to the configured spam filters, and converts the rules of the filters that the message
 * matched to findings.
 */
import type { Finding } from '../../message/finding.ts';
import type { LiveCheck } from '../check.ts';
import { inWords, type FilterAddress } from './address.ts';
import {
  FilterAnswerError,
  type Filter,
  type FilterRequest,
  type FilterRule,
  type FilterVerdict,
} from './filter.ts';
import { rspamd } from './rspamd.ts';
import { find } from './catalogue.ts';
import { spamd } from './spamd.ts';

export interface SpamOptions {
  readonly spamd: FilterAddress | null;
  readonly rspamd: FilterAddress | null;
}

interface FilterResult {
  readonly filter: Filter;
  readonly verdict: FilterVerdict | null;
  readonly failure: Finding | null;
}

/**
 * The minimum number of points at which a matched rule is reported as a warning: a fifth of SpamAssassin's
 * default limit.
 */
const HEAVY = 1;

/**
 * Returns the id of a finding's rule, e.g. `spamassassin-uribl-blocked` for the rule `URIBL_BLOCKED` of
 * SpamAssassin.
 */
const ruleId = ({ id }: Filter, { name }: FilterRule): string =>
  `${id}-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;

function ruleFinding(filter: Filter, rule: FilterRule): Finding {
  return {
    check: 'spam',
    rule: ruleId(filter, rule),
    severity: rule.points >= HEAVY ? 'warning' : 'info',
    message: `${filter.title} gives ${rule.points} points for ${rule.name}${rule.description === '' ? '' : `: ${rule.description}`}`,
    where: null,
    reference: null,
    help: null,
  };
}

/**
 * Yields the findings for a spam filter's verdict. Matched rules without positive points are listed in
 * `details`, but are not findings.
 */
function* verdictFindings({ filter, verdict, failure }: FilterResult): Generator<Finding> {
  if (failure !== null) yield failure;
  if (verdict === null) return;
  if (verdict.points >= verdict.required) {
    yield find('spam', null, {
      message: `${filter.title} classifies the message as spam: ${verdict.points} points, the limit is ${verdict.required}`,
    });
  }
  const costly = verdict.rules.filter(({ points }) => points > 0).sort((a, b) => b.points - a.points);
  for (const rule of costly) yield ruleFinding(filter, rule);
}

async function askFilter(
  filter: Filter,
  raw: Buffer,
  request: FilterRequest,
  signal: AbortSignal,
): Promise<FilterResult> {
  try {
    return { filter, verdict: await filter.ask(raw, request, signal), failure: null };
  } catch (error) {
    const place = `${filter.title} at ${inWords(filter.address)}`;
    const reason = (error as Error).message;
    let failure: Finding;
    if (signal.aborted) failure = find('filter-slow', null, { message: `${place} did not answer in time` });
    else if (error instanceof FilterAnswerError)
      failure = find('filter-answer', null, {
        message: `${place} sent an invalid answer: ${reason}`,
      });
    else failure = find('filter-down', null, { message: `${place} cannot be reached: ${reason}` });
    return { filter, verdict: null, failure };
  }
}

/**
 * Returns the score of the check: 100 if the filter gave no points, 50 at the filter's limit, 0 at twice the
 * limit.
 */
function scoreOf({ points, required }: FilterVerdict): number {
  if (required <= 0) return points >= required ? 0 : 100;
  return Math.round(Math.min(100, Math.max(0, 100 - (50 * points) / required)));
}

export function askFilters(options: SpamOptions): LiveCheck['run'] {
  const filters = [
    ...(options.spamd === null ? [] : [spamd(options.spamd)]),
    ...(options.rspamd === null ? [] : [rspamd(options.rspamd)]),
  ];
  return async (message, request, signal) => {
    const recipients = message.envelope.to.map(({ address }) => address);
    const results = await Promise.all(
      filters.map((filter) => askFilter(filter, message.raw, { ...request, recipients }, signal)),
    );
    const scores = results.flatMap(({ verdict }) => (verdict === null ? [] : [scoreOf(verdict)]));
    return {
      findings: results.flatMap((result) => [...verdictFindings(result)]),
      score: scores.length === 0 ? null : Math.min(...scores),
      details: {
        filters: results.map(({ filter, verdict }) => ({
          filter: filter.id,
          title: filter.title,
          ...(verdict ?? { points: null, required: null, rules: [] }),
        })),
      },
    };
  };
}
