/** SPF: whether the address may send for the reverse-path's domain (RFC 7208). */
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

/** mailauth's sentence without the name of the machine before it. */
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
    'spf-neutral': `The SPF record of ${spf.domain} says nothing of ${ip}${record}`,
    'spf-softfail': `The SPF record of ${spf.domain} says that ${ip} probably may not send${record}`,
    'spf-fail': `The SPF record of ${spf.domain} says that ${ip} may not send${record}`,
    'spf-permerror': `The SPF record of ${spf.domain} cannot be understood${reasonOf(spf.status.comment)}`,
    'spf-temperror': `SPF of ${spf.domain} could not be checked${reasonOf(spf.status.comment)}`,
  };
  const message = said[rule];
  yield find(rule, null, message === undefined ? {} : { message });
}
