/**
 * Fails on a known vulnerability of high or critical severity in a package that Restante ships, if a fix exists and
 * `.ci/audit-allowed.json` does not allow it. `npm audit` alone cannot decide that: the bundled packages are development
 * dependencies, and most development dependencies are not bundled. Exit code 0: nothing found; 1: found; 3: the registry
 * did not answer.
 */
import { spawnSync } from 'node:child_process';
import console from 'node:console';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.join(import.meta.dirname, '..');
const SEVERE = new Set(['high', 'critical']);

/**
 * Returns whether a fix exists: npm offers one, or the range of vulnerable versions ends before a version, which
 * is then fixed.
 */
const hasFix = (fixAvailable, range) => fixAvailable !== false || /(?:^|\s)<\s*\d[^ ]*$/.test(range.trim());

/** Returns the name of an advisory from its URL: GHSA-xxxx-xxxx-xxxx. */
const advisoryOf = (url) => url.split('/').at(-1);

/**
 * Returns the severe vulnerabilities of shipped packages in a report of `npm audit --json` (version 2), each with
 * the decision.
 *
 * @param report the parsed report
 * @param shipped folders of the shipped packages: `node_modules/ws`
 * @param allowed entries `{ advisory, reason, until }`; an entry is valid through its date (YYYY-MM-DD)
 * @param today the date, YYYY-MM-DD
 */
export function judge(report, shipped, allowed, today) {
  const folders = new Set(shipped);
  return Object.values(report.vulnerabilities).flatMap(({ name, nodes = [], via, fixAvailable }) => {
    const affected = nodes.filter((node) => folders.has(node));
    if (affected.length === 0) return [];
    // A text in `via` is the name of a vulnerable dependency, which has its own entry.
    return via
      .filter((each) => typeof each !== 'string' && SEVERE.has(each.severity))
      .map(({ title, url, severity, range }) => {
        const entry = allowed.find(({ advisory }) => advisory === advisoryOf(url));
        const decision =
          entry !== undefined && today <= entry.until
            ? 'allowed'
            : hasFix(fixAvailable, range)
              ? 'fails'
              : 'no fix yet';
        const expired = entry !== undefined && today > entry.until;
        return { name, affected, title, url, severity, range, decision, expired, reason: entry?.reason };
      });
  });
}

/** Returns the invalid entries of the allow list: each entry needs an advisory, a reason and a date. */
export function badEntries(allowed) {
  return allowed.filter(
    ({ advisory, reason, until }) =>
      !/^GHSA(?:-\w{4}){3}$/.test(advisory ?? '') || !reason || !/^\d{4}-\d\d-\d\d$/.test(until ?? ''),
  );
}

/** Returns one line for a finding. */
export const describe = ({ name, title, url, severity, range, decision, expired, reason }) =>
  `audit: ${decision}: ${severity} in ${name} ${range}: ${title} (${url})` +
  (expired
    ? '; its entry in .ci/audit-allowed.json has expired'
    : decision === 'allowed'
      ? `; ${reason}`
      : '');

/** Parses the report; returns the reason if it is not a report. */
export function parseReport(text) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { problem: 'the response is not JSON' };
  }
  if (report.auditReportVersion === 2 && report.vulnerabilities !== undefined) return { report };
  return { problem: report.message ?? report.error?.summary ?? 'the response has no member vulnerabilities' };
}

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

async function main() {
  const allowed = readJson('.ci/audit-allowed.json');
  const bad = badEntries(allowed);
  if (bad.length > 0) {
    console.log(
      `audit: .ci/audit-allowed.json: each entry needs advisory, reason and until: ${JSON.stringify(bad)}`,
    );
    return 1;
  }
  const args = ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=20000'];
  const { stdout } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  const { report, problem } = parseReport(stdout ?? '');
  if (report === undefined) {
    console.log(`audit: skipped, because the registry returned no report: ${problem}`);
    return 3;
  }
  const { shippedPackages } = await import('../sbom.js');
  const today = new Date().toISOString().slice(0, 10);
  const findings = judge(report, shippedPackages(), allowed, today);
  for (const finding of findings) console.log(describe(finding));
  const failing = findings.filter(({ decision }) => decision === 'fails');
  console.log(
    failing.length === 0
      ? 'audit: no severe vulnerability of a shipped package has a fix'
      : `audit: ${failing.length} to fix: update the package, or allow the advisory in .ci/audit-allowed.json until a date`,
  );
  return failing.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main());
