/** What the checks say of a message, and whether a test can live with it. */
import type { Check, CheckName, CheckReport, Finding } from '../server/api/contract.ts';

export type Severity = Finding['severity'];

/** What the checks are asked with. */
export interface ChecksChoice {
  /** Mail clients that matter, as `family.platform` with `*` on either side; those of the server's budget when absent. */
  readonly clients?: readonly string[];
}

/** What a test can live with. */
export interface CheckWishes extends ChecksChoice {
  /** The mildest severity that fails; `warning` when absent. */
  readonly failOn?: Severity;
  /** Rules or whole checks to pass over: `content/http-link`, `client-support/*`, `client-support`. */
  readonly ignore?: readonly string[];
}

export interface MailChecks {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly checks: readonly Check[];
  /** 0 to 100 by check; those without a score are left out. */
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

/** The findings that fail a test. Throws a `TypeError` for a severity there is not. */
export function failing(
  findings: readonly Finding[],
  { failOn = 'warning', ignore = [] }: CheckWishes,
): readonly Finding[] {
  const least = SEVERITIES.indexOf(failOn);
  if (least === -1) throw new TypeError(`failOn: one of ${SEVERITIES.join(', ')} is wanted, not ${failOn}`);
  return findings.filter(
    (finding) => SEVERITIES.indexOf(finding.severity) >= least && !isIgnored(finding, ignore),
  );
}

/** `error standards/missing-date (line 3): …`, and what to do. */
export function describeFinding({ check, rule, severity, message, where, help }: Finding): string {
  const line = where?.line === undefined ? '' : ` (line ${where.line})`;
  return `${severity} ${check}/${rule}${line}: ${message}${help === null ? '' : `\n    ${help}`}`;
}
