/**
 * Tests of one-time codes in the layouts of templates: one element per digit, and all kinds of blanks and dashes
 * between groups.
 */
import { describe, expect, it } from 'vitest';
import { readContent } from '../../server/message/content.ts';
import { findCodes } from '../../server/message/codes/index.ts';
import { parseStructure } from '../../server/message/parse.ts';

function codesOfHtml(html: string): readonly string[] {
  const raw = Buffer.from(
    `From: shop@x.test\r\nSubject: Sign in\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`,
  );
  const { codes } = readContent(raw, parseStructure(raw));
  return codes.filter(({ confidence }) => confidence >= 0.5).map(({ value }) => value);
}

const digits = ['4', '8', '2', '9', '1', '3'];

describe('finds a code with an element for each digit', () => {
  it.each([
    ['cells', `<table><tr>${digits.map((digit) => `<td>${digit}</td>`).join('')}</tr></table>`],
    [
      'cells on lines',
      `<table>\n<tr>\n${digits.map((digit) => ` <td> ${digit} </td>\n`).join('')}</tr></table>`,
    ],
    ['nested tables', digits.map((digit) => `<table><tr><td>${digit}</td></tr></table>`).join('')],
    ['rows', `<table>${digits.map((digit) => `<tr><td>${digit}</td></tr>`).join('')}</table>`],
    ['blocks', digits.map((digit) => `<div>${digit}</div>`).join('')],
    ['spans', digits.map((digit) => `<span style="padding:8px">${digit}</span>`).join('')],
    ['spans with blanks', digits.map((digit) => `<span>${digit}</span>`).join(' ')],
    ['spans with no-break spaces', digits.map((digit) => `<span>&nbsp;${digit}&nbsp;</span>`).join('')],
    ['cells around a dash', `<table><tr><td>482</td><td>-</td><td>913</td></tr></table>`],
  ])('%s', (_, code) => {
    expect(codesOfHtml(`<p>Your verification code:</p>${code}<p>It is valid for 10 minutes.</p>`)).toEqual([
      '482913',
    ]);
  });
});

describe('finds a code of two groups with', () => {
  it.each(
    [
      ' ',
      '\u00a0',
      '\u2002',
      '\u2003',
      '\u2005',
      '\u2007',
      '\u2009',
      '\u200a',
      '\u202f',
      '\u205f',
      '\u3000',
      '-',
      '\u2010',
      '\u2011',
      '\u2012',
      '\u2013',
      '\u2014',
      '\u2212',
      '\ufe63',
      '\uff0d',
      ' - ',
      ' \u2013 ',
      '\u200b',
      '\u2060',
      '\u00ad',
      '\ufeff',
    ].map((separator) => [
      Array.from(separator, (sign) => sign.codePointAt(0)!.toString(16)).join(' '),
      separator,
    ]),
  )('U+%s between them', (_, separator) => {
    const found = findCodes({ subject: '', texts: [`Your code: 482${separator}913`], tokens: [] });
    expect(found[0]?.value).toBe('482913');
    expect(found[0]?.confidence).toBeGreaterThanOrEqual(0.5);
  });
});

describe('reads the digits of', () => {
  it.each([
    ['full width', '４８２９１３'],
    ['Arabic', '٤٨٢٩١٣'],
    ['Persian', '۴۸۲۹۱۳'],
    ['Devanagari', '४८२९१३'],
    ['Bengali', '৪৮২৯১৩'],
    ['Thai', '๔๘๒๙๑๓'],
    ['bold mathematics', '𝟒𝟖𝟐𝟗𝟏𝟑'],
    ['monospace mathematics', '𝟺𝟾𝟸𝟿𝟷𝟹'],
  ])('%s', (_, code) => {
    const found = findCodes({ subject: '', texts: [`Your code: ${code}`], tokens: [] });
    expect(found[0]?.value).toBe('482913');
  });
});
