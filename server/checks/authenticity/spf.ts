/** Converts mailauth's verdict on SPF (RFC 7208) to a finding. */
import type { Finding } from '../../message/finding.ts';
import { find, type AuthenticityRule } from './catalogue.ts';
import type { SpfVerdict } from './verdicts.ts';

const RULES: Readonly<Record<string, AuthenticityRule>> = {
  none: 'spf-none',
  neutral: 'spf-neutral',
  softfail: 'spf-softfail',
  fail: 'spf-fail',
  permerror: 'spf-permerror',
  temperror: 'spf-temperror',
};

/**
 * Returns mailauth's comment on a result as the end of a sentence: a colon and the comment, without the host name
 * with which the comment starts. Returns an empty string if there is no comment.
 */
export const reasonOf = (comment: string | undefined): string =>
  comment === undefined ? '' : `: ${comment.replace(/^[^\s:]+: /, '')}`;

export function* spfFindings(spf: SpfVerdict | false, ip: string | null): Generator<Finding> {
  if (spf === false || ip === null) {
    yield find('spf-not-checked');
    return;
  }
  const rule = RULES[spf.status.result];
  if (rule === undefined) return;
  const record = spf.rr === undefined ? '' : ` (${spf.rr})`;
  const said: Partial<Record<AuthenticityRule, string>> = {
    'spf-none': `${spf.domain} has no SPF record`,
    'spf-neutral': `The SPF record of ${spf.domain} does not state whether ${ip} may send${record}`,
    'spf-softfail': `According to the SPF record of ${spf.domain}, ${ip} is probably not allowed to send${record}`,
    'spf-fail': `The SPF record of ${spf.domain} does not allow ${ip} to send${record}`,
    'spf-permerror': `The SPF record of ${spf.domain} is invalid${reasonOf(spf.status.comment)}`,
    'spf-temperror': `SPF of ${spf.domain} could not be checked${reasonOf(spf.status.comment)}`,
  };
  const message = said[rule];
  yield find(rule, null, message === undefined ? {} : { message });
}
