/** Tests of the places of findings: a character of the decoded text is mapped to the octet in the raw message. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckedMessage } from '../../server/checks/checked-message.ts';

const NOBODY = { from: { address: '', parameters: {} }, to: [] };
const messageOf = (encoding: string, body: string | Buffer, charset = 'utf-8'): CheckedMessage => {
  const head = `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return new CheckedMessage(Buffer.concat([Buffer.from(head), Buffer.from(body)]), NOBODY);
};
/** Returns the octets of the raw message at the place where the decoded text has `needle`. */
const rawAt = (message: CheckedMessage, needle: string, octets: number): string => {
  const [body] = message.texts;
  const { offset = -1 } = body?.placeOf(body.text.indexOf(needle)) ?? {};
  return message.raw.toString('latin1', offset, offset + octets);
};

describe('a character is found', () => {
  it('in plain text after UTF-8 characters', () => {
    expect(rawAt(messageOf('8bit', 'äöü €\r\nhere'), 'here', 4)).toBe('here');
  });
  it('in another character set', () => {
    const body = Buffer.from([0xe4, 0xf6, 0x20, 0x68, 0x65, 0x72, 0x65]);
    expect(rawAt(messageOf('8bit', body, 'iso-8859-1'), 'here', 4)).toBe('here');
  });
  it('in quoted-printable, after escapes, soft line breaks and their padding', () => {
    const body = 'gr=C3=BC=C3=9Fe =  \r\nback =\r\nand h=65re';
    expect(rawAt(messageOf('quoted-printable', body), 'here', 6)).toBe('h=65re');
  });
  it('in base64 with line endings, at the digit that contains its first bits', () => {
    const text = `${'x'.repeat(100)}here`;
    const body = (
      Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n');
    expect(rawAt(messageOf('base64', body), 'here', 4)).toBe(
      Buffer.from('xhere').toString('base64').slice(1, 5),
    );
  });
});

it('has a line and a column', () => {
  const message = messageOf('7bit', 'one\r\ntwo here\r\n');
  const [body] = message.texts;
  expect(body?.placeOf(body.text.indexOf('here'), body.text.indexOf('here') + 4)).toEqual({
    part: '1',
    offset: message.raw.indexOf('here'),
    line: 5,
    column: 5,
    decoded: { line: 2, column: 5 },
    excerpt: 'here',
  });
});

it('has the line and the column in the decoded text', () => {
  const message = messageOf('quoted-printable', 'gr=C3=BC=C3=9Fe =\r\nand =\r\nmore\r\n=E2=82=AC here\r\n');
  const [body] = message.texts;
  expect(body?.placeOf(body.text.indexOf('here'))).toMatchObject({
    line: 7,
    decoded: { line: 2, column: 3 },
  });
});

it('is correct for any ASCII text in quoted-printable with any escapes', () => {
  const piece = fc.oneof(
    fc.constantFrom('a', 'b', ' c', '=\r\n', '=3D', '=41', '\r\n', 'x'.repeat(5000)),
    fc.constant('y'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const message = messageOf('quoted-printable', `${pieces.join('')}=4D!`);
      expect(rawAt(message, 'M', 4)).toBe('=4D!');
    }),
    { numRuns: 200 },
  );
});
