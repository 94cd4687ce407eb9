/**
 * Fuzzes the parser of messages: all parts of the MIME tree are within the message, the header fields cover all
 * octets of the header, and nothing throws.
 */
import { expect } from 'vitest';
import { encodeEnvelope } from '../../server/imap/message/envelope.ts';
import { headerEnd, headerFields, fieldValue } from '../../server/imap/message/header-block.ts';
import { encodeStructure } from '../../server/imap/message/structure.ts';
import { parseAddressList, parseMailboxes } from '../../server/message/address.ts';
import { parseZonedDate } from '../../server/message/date.ts';
import { decodeWords, parseHeaders } from '../../server/message/header.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodePart, decodeText, partAt, partNumber, partsOf } from '../../server/message/part.ts';
import { searchText } from '../../server/message/search-text.ts';
import type { MimePart } from '../../server/message/structure.ts';
import { summarize } from '../../server/message/summary.ts';
import { fuzz } from './fuzz.ts';

/** Returns the offset of the quotation mark that closes the string at `start`; −1 for an invalid string. */
function quotedEnd(octets: Buffer, start: number): number {
  let at = start + 1;
  for (; octets[at] !== 0x22; at++) {
    if (octets[at] === undefined || octets[at] === 0x0d || octets[at] === 0x0a) return -1;
    if (octets[at] === 0x5c) at++;
  }
  return at;
}

/** Returns the offset of the last octet of the literal at `start`; −1 for an invalid literal. */
function literalEnd(octets: Buffer, start: number): number {
  const announcement = octets.toString('latin1', start, start + 20);
  const [whole = '', size = ''] = /^\{(\d+)\}\r\n/.exec(announcement) ?? [];
  return whole === '' ? -1 : start + whole.length + Number(size) - 1;
}

/**
 * Returns whether the text that IMAP would send is one list: parentheses match outside of strings, and literals
 * are complete.
 */
function isOneList(text: string): boolean {
  const octets = Buffer.from(text);
  let depth = 0;
  for (let at = 0; at < octets.length; at++) {
    const character = String.fromCharCode(octets[at]!);
    if (character === '"' || character === '{') {
      const end = character === '"' ? quotedEnd(octets, at) : literalEnd(octets, at);
      if (end === -1) return false;
      at = end;
    } else if (character === '(') {
      depth++;
    } else if (character === ')' && --depth === 0) {
      return at === octets.length - 1;
    }
  }
  return false;
}

function expectInside(part: MimePart, start: number, end: number): void {
  expect(part.headerStart).toBeGreaterThanOrEqual(start);
  expect(part.bodyStart).toBeGreaterThanOrEqual(part.headerStart);
  expect(part.bodyEnd).toBeGreaterThanOrEqual(part.bodyStart);
  expect(part.bodyEnd).toBeLessThanOrEqual(end);
  let after = part.bodyStart;
  for (const child of part.children) {
    expectInside(child, after, part.bodyEnd);
    after = child.bodyEnd;
  }
  if (part.message !== null) expectInside(part.message, part.bodyStart, part.bodyEnd);
}

const MIME = [
  ...['--b\r\n', '--b--\r\n', '\r\n\r\n', '\n', '\r', 'boundary=b', 'boundary="', ';', '='],
  ...['Content-Type: multipart/mixed; boundary=b\r\n', 'Content-Type: message/rfc822\r\n'],
  ...[
    'Content-Transfer-Encoding: base64\r\n',
    'quoted-printable',
    'charset=utf-16',
    "filename*0*=utf-8''%C3",
  ],
  ...['begin 644 x\n', '=?utf-8?q?=FC?=', '=?iso-2022-jp?b?GyRC?=', '\u0000', '(', '\\"'],
];

fuzz({
  name: 'mime',
  words: MIME,
  run(raw) {
    const structure = parseStructure(raw);
    expectInside(structure.root, 0, raw.length);
    for (const part of partsOf(structure.root)) {
      expect(partAt(structure, partNumber(part))).toBeDefined();
      decodePart(raw, part);
      if (part.type === 'text') decodeText(raw, part);
    }
    summarize(raw, structure, { from: { address: 'a@x.test', parameters: {} }, to: [] });
    searchText(raw, structure);
    expect(isOneList(encodeStructure(raw, structure.root, true)), 'BODYSTRUCTURE').toBe(true);
    expect(isOneList(encodeEnvelope(raw.subarray(0, structure.root.bodyStart))), 'ENVELOPE').toBe(true);
  },
});

fuzz({
  name: 'header',
  words: [
    ...['\r\n', '\r\n ', '\n\t', ':', ',', ';', '<', '>', '@', '"', '\\', '(', ')', '[', ']', '=?', '?='],
    ...[
      '=?utf-8?q?=C3=BC?=',
      '=?utf-8?b?w7w=?=',
      '=?x?b?',
      'group: a@x, b@y;',
      '@a,@b:c@d',
      'From:',
      'Date:',
    ],
    ...['Fri, 2 Jan 2026 03:04:05 +0000', '31 Feb', '-9999', '99:99:99', '\u0000', 'xn--', 'ü'],
  ],
  brief: 200,
  run(raw) {
    const block = raw.subarray(0, headerEnd(raw) ?? raw.length);
    const fields = headerFields(block);
    let at = 0;
    for (const field of fields) {
      expect(field.start).toBe(at);
      expect(field.end).toBeGreaterThan(field.start);
      at = field.end;
      const value = fieldValue(block, field);
      expect(value).not.toMatch(/[\r\n]/);
      decodeWords(value);
      parseAddressList(value);
      for (const { address } of parseMailboxes(value)) expect(address).not.toMatch(/[\r\n\0]/);
      const date = parseZonedDate(value);
      if (date !== null) expect(Number.isFinite(date.at + date.offset)).toBe(true);
    }
    // The fields cover the whole header except the empty line at its end.
    expect(block.length - at).toBeLessThanOrEqual(2);
    parseHeaders(raw);
  },
});
