/** The findings of the checks on a message, and the selection of those that fail a test. */
import type { Check, CheckName, CheckReport, Finding } from '../contract/index.ts';

export type Severity = Finding['severity'];

/** Options of the checks. */
export interface ChecksChoice {
  /** Mail clients to support, as `family.platform` with `*` on either side; by default those of the server's configuration. */
  readonly clients?: readonly string[];
}

/** Options that select the findings that fail a test. */
export interface CheckWishes extends ChecksChoice {
  /** The lowest severity that fails; by default `warning`. */
  readonly failOn?: Severity;
  /** Rules or whole checks to ignore: `content/http-link`, `client-support/*`, `client-support`. */
  readonly ignore?: readonly string[];
}

export interface MailChecks {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly checks: readonly Check[];
  /** Scores from 0 to 100 by check; checks without a score are left out. */
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

/** The findings that fail a test. Throws a `TypeError` for an unknown severity. */
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

/** A finding in words with its remedy: `error standards/missing-date (line 3): …`. */
export function describeFinding({ check, rule, severity, message, where, help }: Finding): string {
  const line = where?.line === undefined ? '' : ` (line ${where.line})`;
  return `${severity} ${check}/${rule}${line}: ${message}${help === null ? '' : `\n    ${help}`}`;
}
