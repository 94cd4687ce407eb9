/**
 * Tests the built check worker with ten megabytes of hostile content: it responds before its deadline, and reports
 * each check that stopped early.
 */
import path from 'node:path';
import { expect, it } from 'vitest';
import { staticCheckNames } from '../../contract/names.ts';
import { CheckRunner } from '../../server/checks/runner.ts';

const HEADER = 'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n';
/** Path of the built worker, which uses the deadline of the product. */
const worker = path.resolve('dist/server/job-worker.js');
const NOBODY = { from: { address: '', parameters: {} }, to: [] };

it.each([
  ['one header field', `Subject: ${'=?utf-8?q?=C3?= '.repeat(600_000)}\r\n\r\nx`],
  ['one address field', `From: a@b.test\r\nTo: ${'"a, <b'.repeat(1_600_000)}\r\n\r\nx`],
  ['many fields', `${'References: <a@b.test> c\r\n'.repeat(360_000)}\r\nx`],
  ['folded blanks', `Subject: x${'\r\n '.repeat(3_000_000)}\r\n\r\nx`],
  ['one line of text', `Subject: x\r\n\r\n${'{{a '.repeat(2_500_000)}`],
  ['links', `Subject: x\r\n\r\n${'http://a.test/?x=%s '.repeat(500_000)}`],
  ['tags', `${HEADER}${'<a href=//b.test>c</a>'.repeat(450_000)}`],
  ['encoded text', `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=3D=\r\n'.repeat(1_600_000)}`],
  [
    'parts',
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n'.repeat(250_000)}--b--`,
  ],
])('answers for 10 MB of %s', async (_name, message) => {
  expect(message.length).toBeGreaterThan(7_000_000);
  const runner = new CheckRunner({ file: worker });
  const results = await runner.run({
    raw: Buffer.from(message),
    envelope: NOBODY,
    receivedAt: null,
    checks: staticCheckNames,
    options: { clients: [] },
  });
  await runner.close();
  expect(results.map((result) => result.check)).toEqual(staticCheckNames);
  // A check reports `cut-short` exactly if it stopped early.
  for (const { cut, outcome } of results) {
    expect(outcome.findings.some(({ rule }) => rule === 'cut-short')).toBe(cut);
  }
});
