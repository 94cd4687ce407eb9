/** Converts the results of checks to the types of the API contract. */
import type { Check, CheckReport } from '../../../contract/index.ts';
import { severities, type Severity } from '../../../contract/names.ts';
import { badRequest } from '../../../contract/problems.ts';
import { clientMistake, matchingClients } from '../../checks/client-support/clients.ts';
import type { CheckResult } from '../../checks/index.ts';
import { instant } from './instant.ts';

/**
 * Parses a list of mail clients, each in the form `family.platform`, separated by commas. Returns `undefined`
 * if the list is absent: the mail clients of the configured budget then apply.
 */
export function readClients(clients: string | undefined): readonly string[] | undefined {
  if (clients === undefined) return undefined;
  const names = clients
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const mistake = names.map(clientMistake).find((found) => found !== null);
  if (mistake !== undefined) throw badRequest(`clients: ${mistake}`);
  return names;
}

/**
 * Returns the mail client that a pattern matches, if it matches only one. Otherwise, throws a `ProblemError` that lists
 * the possible names.
 */
export function readClient(pattern: string): string {
  const [first, ...others] = matchingClients(pattern);
  if (first !== undefined && others.length === 0) return first;
  const mistake =
    clientMistake(pattern) ??
    `${pattern} means several clients; give one of ${[first, ...others].join(', ')}`;
  throw badRequest(`client: ${mistake}`);
}

function presentCheck({ findings, ranAt, ...result }: CheckResult, detailed: boolean): Check {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    ...result,
    ranAt: ranAt === null ? null : instant(ranAt),
    findings: { error: count('error'), warning: count('warning'), info: count('info') },
    details: detailed ? result.details : null,
  };
}

/**
 * Returns the report on the results of all checks; with `detailed`, the report includes the details of each
 * check.
 */
export function presentReport(results: readonly CheckResult[], detailed: boolean): CheckReport {
  const findings = results.flatMap((result) => result.findings);
  return {
    findings: severities.flatMap((severity) =>
      findings.filter((finding) => finding.severity === severity).map((finding) => ({ ...finding })),
    ),
    checks: results.map((result) => presentCheck(result, detailed)),
  };
}
