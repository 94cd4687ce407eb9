/**
 * Tests with names that every JavaScript object inherits, in places where mail chooses names: no lookup in a table
 * of a check may find them.
 */
import { describe, expect, it } from 'vitest';
import { staticCheckNames } from '../../contract/names.ts';
import { runStatic } from '../../server/checks/run.ts';

const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

const part = (head: readonly string[], body: string): string => ['--b', ...head, '', body].join('\r\n');

const message = (name: string): Buffer =>
  Buffer.from(
    [
      'From: a@x.test',
      'Subject: Names',
      `${name}: header`,
      'MIME-Version: 1.0',
      `Content-Type: multipart/mixed; boundary=b; ${name}=parameter`,
      '',
      part(
        ['Content-Type: text/html; charset=utf-8'],
        `<style>${name} { ${name}: ${name}(1); font-size: ${name}; font: ${name} } a:${name}, p ${name} p { color: ${name} }</style>` +
          `<${name} ${name}="x" style="${name}: ${name}; font-size: ${name}">text</${name}><img src="http://x.test/a.${name}" ${name}>` +
          `<p role="${name}" aria-${name}="${name}"><a href="http://x.test/?${name}=1">link</a></p>`,
      ),
      part(
        [`Content-Type: application/${name}`, `Content-Disposition: attachment; filename="file.${name}"`],
        'x',
      ),
      part([`Content-Type: image/${name}`, `Content-Transfer-Encoding: ${name}`, 'Content-ID: <i>'], 'x'),
      '--b--',
      '',
    ].join('\r\n'),
  );

describe.each(NAMES)('a message with the name %s in all places', (name) => {
  it.each(staticCheckNames)('is checked by %s', (check) => {
    const results = runStatic({
      raw: message(name),
      envelope: { from: { address: '', parameters: {} }, to: [] },
      receivedAt: null,
      checks: [check],
      options: { clients: [] },
    });
    const findings = [...results].flatMap(({ outcome }) => outcome.findings);
    expect(JSON.stringify(findings)).not.toContain('native code');
  });
});
