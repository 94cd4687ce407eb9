/**
 * The accessibility check finds problems for people who use a screen reader, enlarge the text, or cannot distinguish
 * some colours. Its rules read the parsed document and follow WCAG 2.2, as far as a message can control its
 * presentation.
 *
 * The score starts at 100. Each rule with a finding subtracts points once, whatever the number of its findings: 15
 * for an error, 7 for a warning, 2 for a remark.
 */
import type { Finding, Severity } from '../../message/finding.ts';
import type { StaticCheck } from '../check.ts';
import { controlFindings } from './controls.ts';
import { documentFindings } from './document.ts';
import { headingFindings } from './headings.ts';
import { imageFindings } from './images.ts';
import { linkFindings } from './links.ts';
import { pageOf, type Page } from './page.ts';
import { tableFindings } from './tables.ts';
import { textFindings } from './text.ts';

/**
 * The functions that yield the findings of the accessibility check, one for each subject, such as headings or
 * images.
 */
const subjects: readonly ((page: Page) => Iterable<Finding>)[] = [
  documentFindings,
  headingFindings,
  tableFindings,
  linkFindings,
  imageFindings,
  textFindings,
  controlFindings,
];

const COSTS: Readonly<Record<Severity, number>> = { error: 15, warning: 7, info: 2 };
/**
 * The maximum number of findings that are listed for one rule, because twenty equal findings are usually one
 * mistake in a template.
 */
const MAX_OF_A_RULE = 20;

/**
 * Returns at most `MAX_OF_A_RULE` findings for each rule. If findings of a rule were omitted, the last listed
 * finding states the number of all findings of the rule.
 */
function listed(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const shown = new Map<string, number>();
  return findings.flatMap((finding) => {
    const number = (shown.get(finding.rule) ?? 0) + 1;
    shown.set(finding.rule, number);
    if (number < MAX_OF_A_RULE) return [finding];
    const more = (counts.get(finding.rule) ?? 0) - number;
    if (number > MAX_OF_A_RULE) return [];
    return [more === 0 ? finding : { ...finding, message: `${finding.message}; and ${more} more like this` }];
  });
}

function scoreOf(findings: readonly Finding[]): number {
  const worst = new Map<string, number>();
  for (const { rule, severity } of findings) {
    worst.set(rule, Math.max(worst.get(rule) ?? 0, COSTS[severity]));
  }
  return Math.max(0, 100 - [...worst.values()].reduce((sum, cost) => sum + cost, 0));
}

export const accessibility: StaticCheck = {
  name: 'accessibility',
  run(message) {
    const findings = message.htmls
      .map((body) => pageOf(message, body))
      .flatMap((page) => subjects.flatMap((subject) => [...subject(page)]));
    return {
      findings: listed(findings),
      score: message.htmls.length === 0 ? null : scoreOf(findings),
      details: null,
    };
  },
};
