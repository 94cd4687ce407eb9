/**
 * Tests with hostile messages that try to block the parser. Each has five megabytes of the worst input for one
 * step. Without the limits of the parser, reading these messages takes minutes or never ends, so the time limit of
 * the test suite fails.
 */
import { describe, expect, it } from 'vitest';
import { readContent } from '../../server/message/content.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { searchText } from '../../server/message/search-text.ts';
import { summarize } from '../../server/message/summary.ts';

const SIZE = 5_000_000;
const fill = (unit: string): string => unit.repeat(Math.ceil(SIZE / unit.length));
const text = (body: string, head = ''): Buffer =>
  Buffer.from(`Content-Type: text/plain; charset=utf-8${head}\r\n\r\n${body}`);
const html = (body: string): Buffer => Buffer.from(`Content-Type: text/html; charset=utf-8\r\n\r\n${body}`);
const header = (name: string, value: string): Buffer => Buffer.from(`${name}: ${value}`);

const ENVELOPE = { from: { address: '', parameters: {} }, to: [] };

describe.each<[string, () => Buffer]>([
  ['flowed lines', () => text(fill('word word \r\n'), '; format=flowed')],
  ['flowed blanks', () => text(fill(' \n'), '; format=flowed')],
  ['quote marks', () => text(fill('>'), '; format=flowed')],
  ['line feeds', () => text(fill('\n'))],
  ['addresses in text', () => text(fill('https://a.test/x '))],
  ['one endless address', () => text(`https://${fill('a)')}`)],
  ['digits and words for codes', () => text(fill('code 123456 '))],
  ['soft breaks', () => text(fill('=\r\n'), '\r\nContent-Transfer-Encoding: quoted-printable')],
  ['padding in base64', () => text(fill('Q='), '\r\nContent-Transfer-Encoding: base64')],
  ['nothing but padding', () => text(fill('='), '\r\nContent-Transfer-Encoding: base64')],
  ['open angle brackets', () => html(fill('<'))],
  ['nested elements', () => html(fill('<div>'))],
  [
    'elements, then closing tags of others',
    () => html(`${fill('<b>').slice(0, SIZE / 2)}${fill('</x>').slice(0, SIZE / 2)}`),
  ],
  ['open comments', () => html(fill('<!--'))],
  ['open styles', () => html(fill('<style>'))],
  ['links', () => html(fill('<a href=https://x.test/>t'))],
  ['quotes in tags', () => html(fill(`<a "'>`))],
  ['ampersands', () => html(fill('&'))],
  ['folded lines', () => header('Subject', fill('a\r\n '))],
  ['encoded words', () => header('Subject', fill('=?utf-8?Q?a?= '))],
  ['encoded words that never end', () => header('Subject', fill('=?a?q?x'))],
  ['fields', () => Buffer.from(fill('a:b\r\n'))],
  ['addresses', () => header('To', fill('a@b.c, '))],
  ['comments in addresses', () => header('To', fill('('))],
  ['colons in addresses', () => header('To', fill('a:'))],
  ['words in addresses', () => header('To', fill('a '))],
  ['parameters', () => header('Content-Type', `text/plain;${fill('a*1=b;')}`)],
  ['comments in parameters', () => header('Content-Type', `text/plain${fill('(;')}`)],
  ['identifiers', () => Buffer.from(`Message-ID: <${fill(' ')}\r\nContent-ID: <${fill('<')}`)],
  ['unsubscribe headers', () => header('List-Unsubscribe', `<a${fill(' ')}`)],
  ['boundaries', () => Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${fill('--b\r\n')}`)],
  [
    'multiparts in multiparts',
    () =>
      Buffer.from(
        Array.from(
          { length: 100_000 },
          (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
        ).join(''),
      ),
  ],
  ['messages in messages', () => Buffer.from(fill('Content-Type: message/rfc822\r\n\r\n'))],
  ['NULs', () => text(fill('\0'))],
])('%s', (_, make) => {
  it('are read', () => {
    const raw = make();
    const structure = parseStructure(raw);
    const digest = summarize(raw, structure, ENVELOPE);
    expect(digest.preview.length).toBeLessThanOrEqual(200);
    expect(digest.subject.length).toBeLessThanOrEqual(2000);
    expect(searchText(raw, structure).length).toBeLessThanOrEqual(SIZE);
    const content = readContent(raw, structure);
    expect(content.links.length).toBeLessThanOrEqual(2000);
    expect(content.codes.length).toBeLessThanOrEqual(20);
    // The result may have one character more than the input, because a blank is inserted after the marks of a quoted
    // paragraph.
    expect(content.text?.length ?? 0).toBeLessThanOrEqual(SIZE + 1);
  });
});
