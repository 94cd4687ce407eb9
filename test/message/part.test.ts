/** Tests of decoding transfer encodings, including malformed encodings, and of finding parts by their IMAP number. */
import { describe, expect, it } from 'vitest';
import { base64Size, decodeBase64 } from '../../server/message/base64.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodedSize, decodePart, decodeText, partAt, partNumber } from '../../server/message/part.ts';
import { decodeQuotedPrintable, quotedPrintableSize } from '../../server/message/quoted-printable.ts';
import { decodeUuencode, uuencodeSize } from '../../server/message/uuencode.ts';

describe('base64', () => {
  it.each([
    ['aGVsbG8=', 'hello'],
    ['aGVs\r\nbG8=\r\n', 'hello'],
    ['aGVsbG8', 'hello'],
    ['aGV*s-bG8!=', Buffer.from('aGVs-bG8', 'base64').toString('latin1')],
    ['YQ==YQ==', 'aa'],
    ['YQ==\r\nYmM=\r\nZGVm', 'abcdef'],
    ['=====', ''],
    ['', ''],
    ['Y', ''],
    ['é', ''],
  ])('%j', (text, expected) => {
    const decoded = decodeBase64(Buffer.from(text, 'latin1'));
    expect(decoded.toString('latin1')).toBe(expected);
    expect(base64Size(Buffer.from(text, 'latin1'))).toBe(decoded.length);
  });
});

describe('quoted-printable', () => {
  it.each([
    ['a=3Db', 'a=b'],
    ['a=3db', 'a=b'],
    ['soft=\r\nbreak', 'softbreak'],
    ['soft=\nbreak', 'softbreak'],
    ['soft= \t\r\nbreak', 'softbreak'],
    ['at the end=', 'at the end'],
    ['padding  \t\r\nnext', 'padding\r\nnext'],
    ['padding at the end  ', 'padding at the end  '],
    ['kept=20\r\nnext', 'kept \r\nnext'],
    ['bad =XY escape', 'bad =XY escape'],
    ['bad =4', 'bad =4'],
    ['==41', '=A'],
    ['raw \xe4', 'raw \xe4'],
    ['line\nline\r\n', 'line\nline\r\n'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(decodeQuotedPrintable(Buffer.from(text, 'latin1')).toString('latin1')).toBe(expected);
    expect(quotedPrintableSize(Buffer.from(text, 'latin1'))).toBe(expected.length);
  });
});

describe('uuencode', () => {
  it.each([
    ['begin 644 cat.txt\n#0V%T\n`\nend\n', 'Cat'],
    ['text before\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n', 'Cat'],
    ['no such block', 'no such block'],
    // Blanks at the end of a line, which encode zeros, are missing.
    ['begin 644 a\n#0V%T\n#\n`\nend\n', 'Cat\0\0\0'],
    ['begin 644 a\n#0V%T\nnot a line\n$0V%TA\nend', 'CatCat\u0084'],
    ['begin 644 a\nM\nM\nM\n', ''],
  ])('%j', (text, expected) => {
    const decoded = decodeUuencode(Buffer.from(text));
    expect(decoded.toString('latin1')).toBe(expected);
    expect(uuencodeSize(Buffer.from(text))).toBe(decoded.length);
  });
});

const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));

describe('parts by number', () => {
  // A smaller form of the example of RFC 9051 §6.4.5.1.
  const raw = crlf(`Content-Type: multipart/mixed; boundary=o

--o

one
--o
Content-Type: application/octet-stream

two
--o
Content-Type: message/rfc822

Content-Type: multipart/mixed; boundary=i

--i

three one
--i
Content-Type: application/octet-stream

three two
--i--
--o
Content-Type: message/rfc822

Subject: single

four one
--o--`);
  const structure = parseStructure(raw);

  it.each([
    ['1', 'one'],
    ['2', 'two'],
    ['3.1', 'three one'],
    ['3.2', 'three two'],
    ['4.1', 'four one'],
  ])('%s', (path, expected) => {
    expect(decodePart(raw, partAt(structure, path)!).toString()).toBe(expected);
  });

  it.each(['0', '5', '1.1', '1.2', '3.3', '3.1.1', '4.2', '4.1.1', 'x', '1.', '.1', '01', '-1', '1e1'])(
    'finds no part %s',
    (path) => {
      expect(partAt(structure, path)).toBeUndefined();
    },
  );

  it('returns the whole message for the empty number, and its body for 1', () => {
    expect(partAt(structure, '')).toBe(structure.root);
    const single = parseStructure(crlf('Subject: x\n\nbody'));
    expect(partAt(single, '1')).toBe(single.root);
    expect(partNumber(single.root)).toBe('1');
    expect(partAt(single, '1.1')).toBeUndefined();
  });

  it('finds parts in nested messages that are no multipart', () => {
    const nested = parseStructure(
      crlf('Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nSubject: x\n\ndeep'),
    );
    const deepest = nested.root.message!.message!;
    expect(partAt(nested, '1')).toBe(nested.root);
    expect(partAt(nested, '1.1')).toBe(nested.root.message);
    expect(partAt(nested, '1.1.1')).toBe(deepest);
  });
});

describe('content of a part', () => {
  it('is decoded by encoding and charset, completely or up to a limit', () => {
    const raw = crlf(
      'Content-Type: text/plain; charset=iso-8859-15\nContent-Transfer-Encoding: quoted-printable\n\n=A4uro',
    );
    const { root } = parseStructure(raw);
    expect(decodeText(raw, root)).toBe('€uro');
    expect(decodeText(raw, root, 3)).toBe('€');
    expect(decodedSize(raw, root)).toBe(4);
  });

  it('does not end with half a character at the limit', () => {
    const raw = Buffer.from('Content-Type: text/plain; charset=utf-8\r\n\r\naä');
    expect(decodeText(raw, parseStructure(raw).root, 2)).toBe('a');
  });
});
