/**
 * Tests of the envelope in a delivery status notification: decoded as in RFC 3464, each field on a line of its own.
 */
import { expect, it } from 'vitest';
import { composeDsn } from '../../contract/text/dsn.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodePart } from '../../server/message/part.ts';

/** Returns the type and the lines of the status part of a report. */
function statusOf(envelopeId: string | null, originalRecipient: string): { type: string; lines: string[] } {
  const bytes = composeDsn({
    reportingMta: 'mx.test',
    to: 'a@x.test',
    recipients: [
      { address: 'b@x.test', action: 'failed', status: '5.1.1', diagnostic: null, originalRecipient },
    ],
    original: Buffer.from('Subject: x\r\n\r\nx\r\n'),
    ret: 'HDRS',
    envelopeId,
    arrival: 0,
    date: 0,
    token: 'token',
  });
  const report = Buffer.from(bytes);
  const part = parseStructure(report).root.children[1]!;
  const lines = decodePart(report, part).toString('utf8').split('\r\n');
  return { type: part.subtype, lines };
}

it('decodes ENVID and ORCPT (RFC 3461 §6.3)', () => {
  const { type, lines } = statusOf('QQ+2B1+3D', 'rfc822;first+2Blast@x.test');
  expect(type).toBe('delivery-status');
  expect(lines).toContain('Original-Envelope-Id: QQ+1=');
  expect(lines).toContain('Original-Recipient: rfc822; first+last@x.test');
});

it.each([
  ['utf-8;zoë@x.test', 'utf-8; zoë@x.test'],
  ['utf-8;zo\\x{EB}\\x{2B}a@x.test', 'utf-8; zoë+a@x.test'],
  ['UTF-8;\\x{1F600}\\x{5C}\\x{110000}\\x{D800}@x.test', 'UTF-8; 😀\\\\x{110000}\\x{D800}@x.test'],
  ['utf-8;zo+C3+AB@x.test', 'utf-8; zoë@x.test'],
  // Only the address type utf-8 has the escapes `\x{…}`.
  ['rfc822;zo+C3+AB\\x{EB}@x.test', 'rfc822; zoë\\x{EB}@x.test'],
])('writes %s in a report of the international type (RFC 6533 §3)', (orcpt, original) => {
  const { type, lines } = statusOf(null, orcpt);
  expect(type).toBe('global-delivery-status');
  expect(lines).toContain(`Original-Recipient: ${original}`);
});

it.each([
  ['+0D+0AX-Evil:+20yes', 'X-Evil: yes'],
  ['+0AX-Evil:+20yes', 'X-Evil: yes'],
  ['a+00b+1B[2Jc+7Fd+C2+85e+E2+80+A8f+09g', 'a b [2Jc d e f g'],
  ['+0D+0A+0D+0A--=_report_token--', '--=_report_token--'],
])('keeps %s on one line', (encoded, shown) => {
  const { lines } = statusOf(encoded, `rfc822;${encoded}`);
  expect(lines).toContain(`Original-Envelope-Id: ${shown}`);
  expect(lines).toContain(`Original-Recipient: rfc822; ${shown}`);
  expect(lines).toHaveLength(statusOf('x', 'rfc822;x').lines.length);
  // eslint-disable-next-line no-control-regex -- the pattern matches control characters on purpose
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
});

it('writes control characters that an address type escapes on one line', () => {
  const { lines } = statusOf(null, 'utf-8;a\\x{0D}\\x{0A}X-Evil:\\x{85}b\\x{2028}c');
  expect(lines).toContain('Original-Recipient: utf-8; a X-Evil: b c');
});

it('returns the header alone, or the whole message, unchanged in each octet', () => {
  const original = Buffer.from('Subject: caf\xe9\n\nbody \xff\n', 'latin1');
  const report = (ret: 'FULL' | 'HDRS'): string => {
    const bytes = composeDsn({
      reportingMta: 'mx.test',
      to: 'a@x.test',
      recipients: [{ address: 'b@x.test', action: 'failed', status: '5.1.1', diagnostic: null }],
      original,
      originalId: '1@x.test',
      ret,
      envelopeId: null,
      date: 0,
      token: 'token',
    });
    return Buffer.from(bytes).toString('latin1');
  };
  expect(report('FULL')).toContain('\r\n\r\nSubject: caf\xe9\n\nbody \xff\n\r\n--=_report_token--\r\n');
  expect(report('HDRS')).toContain('\r\n\r\nSubject: caf\xe9\n\n\r\n--=_report_token--\r\n');
  expect(report('HDRS')).toContain('\r\nIn-Reply-To: <1@x.test>\r\n');
  expect(report('HDRS')).not.toContain('Arrival-Date');
});
