/** The findings of the checks on a message, and the selection of the findings that make a test fail. */
import type { Check, CheckName, CheckReport, Finding } from '../contract/index.ts';

export type Severity = Finding['severity'];

/** Options for requesting the findings of the checks. */
export interface ChecksChoice {
  /**
   * The mail clients that the message should support, as `family.platform`, where `*` stands for any family
   * or any platform; by default the mail clients in the server's configuration.
   */
  readonly clients?: readonly string[];
}

/** Options that select the findings that make a test fail. */
export interface CheckWishes extends ChecksChoice {
  /** The lowest severity of a finding that makes a test fail; by default `warning`. */
  readonly failOn?: Severity;
  /** The rules and checks to ignore, for example the rule `content/http-link` or the check `client-support`. */
  readonly ignore?: readonly string[];
}

export interface MailChecks {
  /** The findings of all checks, the most severe first. */
  readonly findings: readonly Finding[];
  readonly checks: readonly Check[];
  /** The scores from 0 to 100, by the name of the check. Checks without a score are omitted. */
  readonly scores: Readonly<Partial<Record<CheckName, number>>>;
}

export function mailChecksOf({ findings, checks }: CheckReport): MailChecks {
  const scored = checks.flatMap(({ check, score }) => (score === null ? [] : [[check, score] as const]));
  return { findings, checks, scores: Object.fromEntries(scored) };
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

function isIgnored({ check, rule }: Finding, ignore: readonly string[]): boolean {
  return ignore.some((entry) => entry === check || entry === `${check}/*` || entry === `${check}/${rule}`);
}

/** Returns the findings that make a test fail. Throws a `TypeError` for an unknown severity. */
export function failing(
  findings: readonly Finding[],
  { failOn = 'warning', ignore = [] }: CheckWishes,
): readonly Finding[] {
  const least = SEVERITIES.indexOf(failOn);
  if (least === -1) throw new TypeError(`failOn must be one of ${SEVERITIES.join(', ')}, not ${failOn}`);
  return findings.filter(
    (finding) => SEVERITIES.indexOf(finding.severity) >= least && !isIgnored(finding, ignore),
  );
}

/** Returns a text that describes a finding and its remedy: `error standards/missing-date (line 3): …`. */
export function describeFinding({ check, rule, severity, message, where, help }: Finding): string {
  const line = where?.line === undefined ? '' : ` (line ${where.line})`;
  return `${severity} ${check}/${rule}${line}: ${message}${help === null ? '' : `\n    ${help}`}`;
}
