/**
 * Golden tests of the static checks. A folder `golden/<check>/<case>/` contains a message and the expected
 * findings. A case is named after a rule, with a suffix `-something` if a rule has several cases. `expected.json`
 * has the rule, severity and place of each finding of the check. `options.json` may select mail clients. To create
 * missing files, run `npm test -- test/checks/golden.test.ts -u` and review the result.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckOptions, StaticCheckName } from '../../server/checks/check.ts';
import { contentRules } from '../../server/checks/content/catalogue.ts';
import { staticCheckNames } from '../../contract/names.ts';
import { runStatic } from '../../server/checks/run.ts';
import { securityRules } from '../../server/checks/security/catalogue.ts';
import { defectRules } from '../../server/checks/standards/defects.ts';
import { standardsRules } from '../../server/checks/standards/catalogue.ts';

const folder = path.join(import.meta.dirname, 'golden');
/** Time at which the messages of the golden folders were received; their Date field has 10:00. */
const RECEIVED = Date.UTC(2026, 10, 23, 10, 0, 1);
const NOBODY = { from: { address: 'sender@example.test', parameters: {} }, to: [] };

function casesOf(check: StaticCheckName): string[] {
  const of = path.join(folder, check);
  return existsSync(of) ? readdirSync(of).sort() : [];
}

/**
 * Reads a message. The files have LF line endings, as editors write them; the checks read the message with CRLF, as
 * sent.
 */
function messageIn(where: string): Buffer {
  const text = readFileSync(path.join(where, 'message.eml'), 'latin1');
  const sent = path.basename(where).includes('line-end') ? text : text.replace(/\r?\n/g, '\r\n');
  return Buffer.from(sent, 'latin1');
}

function optionsIn(where: string): CheckOptions {
  const file = path.join(where, 'options.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CheckOptions) : { clients: [] };
}

const tables: Partial<Record<StaticCheckName, object>> = {
  standards: { ...standardsRules, ...defectRules },
  content: contentRules,
  security: securityRules,
};

it.each(Object.entries(tables))('%s has a case for each rule', (check, rules) => {
  const cases = casesOf(check as StaticCheckName);
  expect(Object.keys(rules).filter((rule) => !cases.some((name) => name.startsWith(rule)))).toEqual([]);
});

describe.each(staticCheckNames)('%s', (check) => {
  it('has golden cases', () => expect(casesOf(check)).not.toEqual([]));

  it.each(casesOf(check))('%s', async (name) => {
    const where = path.join(folder, check, name);
    const task = {
      raw: messageIn(where),
      envelope: NOBODY,
      receivedAt: RECEIVED,
      checks: [check],
      options: optionsIn(where),
    };
    const [result] = [...runStatic(task)];
    const findings = result?.outcome.findings ?? [];
    const found = findings.map(({ rule, severity, message, where: place }) => ({
      rule,
      severity,
      message,
      where: place,
    }));
    // The name of each case begins with a rule for which the case has a finding. A case whose name begins with `fine`
    // has no finding.
    if (!name.startsWith('fine')) {
      expect(found.map(({ rule }) => rule).filter((rule) => name.startsWith(rule))).not.toEqual([]);
    }
    await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(
      path.join(where, 'expected.json'),
    );
  });
});
