/**
 * Tests that each function that reads text or octets from a sender takes linear time, and not quadratic time.
 *
 * The functions run over repetitions of fragments with a meaning in their grammars, at growing lengths. The
 * processor time for a length is compared with the time for a quarter of that length: linear work has the ratio 4,
 * quadratic work 16. Times below a minimum are too short for a comparison. A ratio fails the test only if it is too
 * high in each of several measurements.
 */
import { describe, expect, it } from 'vitest';
import { parseHtml, visibleText } from '../../server/checks/html.ts';
import { runStatic } from '../../server/checks/run.ts';
import { staticCheckNames } from '../../contract/names.ts';
import { decodeBase64 } from '../../server/message/base64.ts';
import { parseAddressList } from '../../server/message/address.ts';
import { addressSpellings, canonicalGlob } from '../../server/message/canonical-address.ts';
import { decodeCharset } from '../../server/message/charset/index.ts';
import { findCodes } from '../../server/message/codes/index.ts';
import { readContent } from '../../server/message/content.ts';
import { parseDate } from '../../server/message/date.ts';
import { decodeWords, encodeWords, firstCharset } from '../../server/message/encoded-word.ts';
import { fileName } from '../../server/message/file-name.ts';
import { unflow } from '../../server/message/flowed.ts';
import { parseHeaders } from '../../server/message/header.ts';
import { htmlLinks } from '../../server/message/html-links.ts';
import { foldInvisible, htmlToText } from '../../server/message/html-text.ts';
import { findLinks, trimAddress } from '../../server/message/links.ts';
import { linkKind } from '../../server/message/link-kind.ts';
import { parseParameters, readWritten } from '../../server/message/parameters.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { partsOf } from '../../server/message/part.ts';
import { decodeQuotedPrintable } from '../../server/message/quoted-printable.ts';
import { searchText } from '../../server/message/search-text.ts';
import { summarize } from '../../server/message/summary.ts';
import { decodeUuencode } from '../../server/message/uuencode.ts';
import { parseAddressPattern, parsePattern } from '../../server/rules/pattern.ts';
import { literalPattern, makePattern, patternOf } from '../../server/store/find/language/pattern.ts';

const FRAGMENTS = [
  '<',
  '<a ',
  '<a href="',
  '<a href=x>b</a>',
  '<!--',
  '<style>',
  '<p style="color:',
  '</',
  '&',
  '&#',
  '&amp;',
  '"',
  '(',
  ')',
  '\\',
  '=?',
  '=?utf-8?q?',
  '=?utf-8?b?4pyT?= ',
  '=',
  '=\r\n',
  ';',
  '; a*0*=',
  '--b',
  '\r\n--b\r\n',
  '@',
  'a@b.test, ',
  '<a@b.test>',
  ' ',
  '\t',
  '\r\n ',
  '\r\n',
  '\r',
  '\n',
  '\n> ',
  ' \n',
  '\0',
  'http://',
  'http://a.test/( ',
  'www.',
  '1',
  '1 ',
  '12:3',
  'code 482913 ',
  'enter ',
  '*',
  '****1',
  'x',
  'A1-',
  '[',
  ']',
  '{',
  '.',
  ',',
  '%',
  '%41',
  '-',
  '_',
  '\u0301',
  '\u200d',
  '\u00e9',
  '\u{1f600}',
  '\u{10400}',
  '快',
  '\u001b$B',
  '~{',
  '+A',
  'begin 644 a\r\n',
  'M',
  'Mon, ',
];

type Reader = (text: string) => unknown;

/** Returns a reader that places its text in a message, between `before` and `after`, and reads that message. */
const inMessage = (before: string, after: string, read: (raw: Buffer) => unknown): Reader => {
  return (text) => read(Buffer.from(before + text + after));
};
const NOBODY = { from: { address: '', parameters: {} }, to: [] };
const readWhole = (raw: Buffer): unknown => {
  const structure = parseStructure(raw);
  return [readContent(raw, structure), summarize(raw, structure, NOBODY), searchText(raw, structure)];
};
const MIME = 'MIME-Version: 1.0\r\nContent-Type: ';
const runCheck = (check: (typeof staticCheckNames)[number]) => (raw: Buffer) => [
  ...runStatic({ raw, envelope: NOBODY, receivedAt: null, checks: [check], options: { clients: [] } }),
];

const READERS: Readonly<Record<string, Reader>> = {
  decodeBase64: (text) => decodeBase64(Buffer.from(text)),
  decodeQuotedPrintable: (text) => decodeQuotedPrintable(Buffer.from(text)),
  decodeUuencode: (text) => decodeUuencode(Buffer.from(text)),
  parseHeaders: (text) => parseHeaders(Buffer.from(text)),
  parseAddressList,
  addressSpellings,
  canonicalGlob,
  parseDate,
  decodeWords,
  encodeWords,
  firstCharset,
  'unflow with DelSp': (text) => unflow(text, true),
  unflow: (text) => unflow(text, false),
  htmlLinks,
  htmlToText,
  foldInvisible,
  'links of a text': (text) => findLinks({ text, html: null, listUnsubscribe: [] }),
  'links of List-Unsubscribe': (text) => findLinks({ text: null, html: null, listUnsubscribe: [text] }),
  trimAddress,
  'linkKind of a text': (text) => linkKind(text, 'https://a.test/', text),
  'linkKind of an address': (text) => linkKind('', text),
  parseParameters,
  readWritten,
  'codes of a text': (text) => findCodes({ subject: '', texts: [text], tokens: [] }),
  'codes of a header': (text) => findCodes({ subject: text, texts: [], tokens: [`"${text}`] }),
  ...Object.fromEntries(
    [
      'utf-8',
      'us-ascii',
      'iso-2022-jp',
      'iso-2022-kr',
      'iso-2022-cn',
      'hz-gb-2312',
      'utf-7',
      'big5',
      'gb18030',
    ].map((label) => [
      `decodeCharset of ${label}`,
      (text: string) => decodeCharset(Buffer.from(text), label),
    ]),
  ),
  'pattern of a query': patternOf,
  'glob of a rule': (text) => parsePattern('*a?b*').test(text),
  'regex of a rule': (text) => parsePattern('/(?:a|aa)+b/').test(text),
  'address pattern of a rule': (text) => parseAddressPattern('*@a.test').test(text),
  'glob in a text': (text) => makePattern('*a*b*').found(text),
  'glob over a text': (text) => makePattern('*a*b*').whole(text),
  'literal in a text': (text) => literalPattern(`${text.slice(0, text.length / 2)}!`).found(text),
  parseHtml: (text) => visibleText(parseHtml(text).document),
  'message of which it is the whole': inMessage('', '', readWhole),
  'Subject of a message': inMessage('Subject: ', '\r\n\r\nx', readWhole),
  'To of a message': inMessage('To: ', '\r\n\r\nx', readWhole),
  'Date of a message': inMessage('Date: ', '\r\n\r\nx', readWhole),
  'Content-Type of a message': inMessage(MIME, '\r\n\r\nx', readWhole),
  'name of a part': inMessage('Content-Disposition: attachment; filename="', '"\r\n\r\nx', (raw) =>
    [...partsOf(parseStructure(raw).root)].map(fileName),
  ),
  'boundary of a message': inMessage(
    `${MIME}multipart/mixed; boundary="`,
    '"\r\n\r\n--b\r\n\r\nx',
    readWhole,
  ),
  'plain body': inMessage(`${MIME}text/plain\r\n\r\n`, '', readWhole),
  'flowed body': inMessage(`${MIME}text/plain; format=flowed; delsp=yes\r\n\r\n`, '', readWhole),
  'HTML body': inMessage(`${MIME}text/html\r\n\r\n`, '', readWhole),
  'multipart body': inMessage(`${MIME}multipart/mixed; boundary=b\r\n\r\n`, '', readWhole),
  'alternative body': inMessage(`${MIME}multipart/alternative; boundary=b\r\n\r\n`, '', readWhole),
  'nested message': inMessage(`${MIME}message/rfc822\r\n\r\n`, '', readWhole),
};

const CHECKED: Readonly<Record<string, Reader>> = Object.fromEntries(
  staticCheckNames.flatMap((check) => [
    [`check ${check} of a header`, inMessage('Subject: ', '\r\n\r\nx', runCheck(check))],
    [`check ${check} of an address field`, inMessage('From: ', '\r\n\r\nx', runCheck(check))],
    [`check ${check} of a plain body`, inMessage(`${MIME}text/plain\r\n\r\n`, '', runCheck(check))],
    [`check ${check} of an HTML body`, inMessage(`${MIME}text/html\r\n\r\n`, '', runCheck(check))],
    [
      `check ${check} of a style sheet`,
      inMessage(`${MIME}text/html\r\n\r\n<style>`, '</style><p class=a>x', runCheck(check)),
    ],
    [
      `check ${check} of an attribute`,
      inMessage(`${MIME}text/html\r\n\r\n<p style="`, '">x', runCheck(check)),
    ],
  ]),
);

/** The shortest measured length, in characters; `LAST` is the longest measured length. */
const FIRST = 1_000;
const LAST = 64_000;
/** Milliseconds of processor time below which a measurement is too imprecise. */
const FLOOR = 15;
/** The maximum ratio that counts as linear work; quadratic work has the ratio 16. */
const MOST = 9;
const MEASUREMENTS = 4;

/** Returns the processor time of a reader in milliseconds. */
function costOf(read: Reader, text: string): number {
  const before = process.cpuUsage();
  read(text);
  const { user } = process.cpuUsage(before);
  return user / 1000;
}

const repeated = (fragment: string, length: number): string =>
  fragment.repeat(Math.ceil(length / fragment.length)).slice(0, length);

/**
 * Returns the lowest ratio of several measurements at two lengths; 0 if the time for the longer text is below the
 * minimum.
 */
function growth(read: Reader, fragment: string, length: number): number {
  const short = repeated(fragment, length / 4);
  const long = repeated(fragment, length);
  let cheapest = Infinity;
  let lowest = Infinity;
  for (let i = 0; i < MEASUREMENTS; i += 1) {
    const shortCost = Math.min(costOf(read, short), costOf(read, short));
    const longCost = costOf(read, long);
    cheapest = Math.min(cheapest, longCost);
    if (cheapest < FLOOR) return 0;
    lowest = Math.min(lowest, longCost / Math.max(shortCost, 0.5));
    if (lowest <= MOST) break;
  }
  return lowest;
}

/** Returns the lengths at which a reader takes more than linear time, with their ratios. */
function superLinear(read: Reader, fragment: string): readonly string[] {
  for (let length = FIRST; length <= LAST; length *= 4) {
    const ratio = growth(read, fragment, length);
    if (ratio > MOST) return [`${JSON.stringify(fragment)} × ${length}: ${ratio.toFixed(1)}`];
  }
  return [];
}

describe.each([...Object.entries(READERS), ...Object.entries(CHECKED)])('%s', (_, read) => {
  it('takes linear time', () => {
    expect(FRAGMENTS.flatMap((fragment) => superLinear(read, fragment))).toEqual([]);
  });
});

it('detects quadratic work', () => {
  const quadratic: Reader = (text) => /(?:a+b)|x*y/.test('x'.repeat(text.length));
  expect(superLinear(quadratic, '<')).not.toEqual([]);
});
