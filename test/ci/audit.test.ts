/** Tests the audit of the shipped packages with a report in the format of `npm audit --json` of npm 11. */
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script of CI without types
import * as script from '../../.ci/audit.mjs';

interface Allowed {
  readonly advisory?: string;
  readonly reason?: string;
  readonly until?: string;
}
interface Finding {
  readonly name: string;
  readonly decision: string;
  readonly expired: boolean;
}
const {
  judge,
  badEntries,
  parseReport,
  describe: inWords,
} = script as {
  judge: (
    report: unknown,
    shipped: readonly string[],
    allowed: readonly Allowed[],
    today: string,
  ) => Finding[];
  badEntries: (allowed: readonly Allowed[]) => Allowed[];
  parseReport: (text: string) => { report?: unknown; problem?: string };
  describe: (finding: Finding) => string;
};

/** Returns an advisory in the format of the member `via` of an audit report. */
const advisory = (name: string, id: string, severity: string, range: string) => ({
  source: 1098392,
  name,
  dependency: name,
  title: `Something is wrong in ${name}`,
  url: `https://github.com/advisories/${id}`,
  severity,
  cwe: ['CWE-476'],
  cvss: { score: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
  range,
});

const REPORT = {
  auditReportVersion: 2,
  vulnerabilities: {
    ws: {
      name: 'ws',
      severity: 'high',
      isDirect: true,
      via: [
        advisory('ws', 'GHSA-3h5v-q93c-6h6q', 'high', '>=8.0.0 <8.17.1'),
        advisory('ws', 'GHSA-aaaa-bbbb-cccc', 'moderate', '>=8.0.0 <8.17.1'),
      ],
      effects: ['puppeteer-core'],
      range: '8.0.0 - 8.17.0',
      nodes: ['node_modules/puppeteer-core/node_modules/ws', 'node_modules/ws'],
      fixAvailable: true,
    },
    'puppeteer-core': {
      name: 'puppeteer-core',
      severity: 'high',
      isDirect: true,
      via: ['ws'],
      effects: [],
      range: '11.0.0 - 22.11.1',
      nodes: ['node_modules/puppeteer-core'],
      fixAvailable: { name: 'puppeteer-core', version: '24.43.1', isSemVerMajor: true },
    },
    he: {
      name: 'he',
      severity: 'critical',
      isDirect: false,
      via: [advisory('he', 'GHSA-dddd-eeee-ffff', 'critical', '<=1.2.0')],
      effects: ['mailparser'],
      range: '*',
      nodes: ['node_modules/he'],
      fixAvailable: false,
    },
  },
  metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 2, critical: 1, total: 3 } },
};
const WS = { advisory: 'GHSA-3h5v-q93c-6h6q', reason: 'We send no such header', until: '2026-12-31' };
const decisions = (...call: Parameters<typeof judge>): string[] =>
  judge(...call).map(({ name, decision, expired }) => `${name}: ${decision}${expired ? ', expired' : ''}`);

describe('the audit', () => {
  it('fails on a severe vulnerability of a shipped package that has a fix', () => {
    expect(decisions(REPORT, ['node_modules/ws', 'node_modules/he'], [], '2026-11-30')).toEqual([
      'ws: fails',
      'he: no fix yet',
    ]);
  });

  it('ignores packages that are not shipped, a second copy of a shipped one included', () => {
    expect(decisions(REPORT, ['node_modules/nodemailer'], [], '2026-11-30')).toEqual([]);
    expect(decisions(REPORT, ['node_modules/puppeteer-core'], [], '2026-11-30')).toEqual([]);
  });

  it('allows an advisory through the date of its entry', () => {
    const shipped = ['node_modules/ws'];
    expect(decisions(REPORT, shipped, [WS], '2026-12-31')).toEqual(['ws: allowed']);
    expect(decisions(REPORT, shipped, [WS], '2027-01-01')).toEqual(['ws: fails, expired']);
    const [finding] = judge(REPORT, shipped, [WS], '2027-01-01');
    expect(inWords(finding!)).toMatch(/^audit: fails: high in ws .*GHSA-3h5v-q93c-6h6q.*has expired$/);
  });

  it('counts a range that ends before a version as fixed, regardless of the versions that dependents require', () => {
    const he = {
      ...REPORT.vulnerabilities.he,
      via: [advisory('he', 'GHSA-dddd-eeee-ffff', 'high', '<1.2.1')],
    };
    expect(decisions({ vulnerabilities: { he } }, ['node_modules/he'], [], '2026-11-30')).toEqual([
      'he: fails',
    ]);
  });

  it('rejects an entry without an advisory, a reason or a date', () => {
    const { advisory: id, reason, until } = WS;
    expect(badEntries([WS])).toEqual([]);
    const bad = [
      { reason, until },
      { advisory: id, until },
      { advisory: id, reason },
      { ...WS, until: 'soon' },
    ];
    expect(badEntries(bad)).toEqual(bad);
  });
});

describe('a response of the registry', () => {
  it('is a report, or the reason why there is none', () => {
    expect(parseReport(JSON.stringify(REPORT)).report).toEqual(REPORT);
    // The response of a registry that does not support the request.
    const refusal = {
      message: '405 Method Not Allowed - POST https://registry.test/-/npm/v1/security/advisories/bulk',
    };
    expect(parseReport(JSON.stringify(refusal))).toEqual({ problem: refusal.message });
    expect(parseReport('')).toEqual({ problem: 'the response is not JSON' });
  });
});
