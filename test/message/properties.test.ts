/**
 * Properties of the parsers for every input: no exception, nested offsets, and composed content that is parsed
 * back.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddressList } from '../../server/message/address.ts';
import { base64Size, decodeBase64 } from '../../server/message/base64.ts';
import { readContent } from '../../server/message/content.ts';
import { parseZonedDate } from '../../server/message/date.ts';
import { decodeWords, encodeWords } from '../../server/message/header.ts';
import { foldInvisible, htmlToText } from '../../server/message/html-text.ts';
import { parseParameters } from '../../server/message/parameters.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodePart, decodedSize, partAt } from '../../server/message/part.ts';
import { decodeQuotedPrintable } from '../../server/message/quoted-printable.ts';
import { searchText } from '../../server/message/search-text.ts';
import type { MimePart } from '../../server/message/structure.ts';
import { summarize } from '../../server/message/summary.ts';

/** Fragments of MIME syntax. Random sequences of them reach corner cases far more often than random bytes. */
const pieces = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\t',
  '--',
  '--a',
  '--a--',
  '--ab',
  '--ab--',
  '\n--a\n',
  '\r\n--a\r\n',
  '\r\n--ab--\r\n',
  '\0',
  '\xff',
  ':',
  ';',
  '"',
  '(',
  '<',
  '>',
  ',',
  '@',
  '=',
  '=?',
  '?=',
  'Content-Type: multipart/mixed; boundary=a',
  'Content-Type: multipart/digest; boundary="ab"',
  'Content-Type: message/rfc822',
  'Content-Type: text/html',
  'Content-Type:',
  'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: quoted-printable',
  'Content-Disposition: attachment; filename="x',
  'Subject: =?utf-8?Q?=C3',
  'From: a@b',
  'From x',
  'To:',
  'Date: 1 Jan',
  'body',
  '=41',
  'YWJj',
  'é',
);
const message = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.array(pieces, { maxLength: 60 }).map((list) => Buffer.from(list.join(''), 'latin1')),
  fc
    .array(fc.tuple(pieces, fc.constantFrom('\r\n', '\n')), { maxLength: 60 })
    .map((list) => Buffer.from(list.flat().join(''), 'latin1')),
);

function checkNesting(part: MimePart, from: number, to: number): void {
  expect(part.headerStart).toBeGreaterThanOrEqual(from);
  expect(part.bodyStart).toBeGreaterThanOrEqual(part.headerStart);
  expect(part.bodyEnd).toBeGreaterThanOrEqual(part.bodyStart);
  expect(part.bodyEnd).toBeLessThanOrEqual(to);
  expect(part.lines).toBeGreaterThanOrEqual(0);
  let at = part.headerStart;
  for (const field of part.headers) {
    expect(field.start).toBeGreaterThanOrEqual(at);
    expect(field.end).toBeGreaterThan(field.start);
    at = field.end;
  }
  expect(part.bodyStart).toBeGreaterThanOrEqual(at);
  expect(part.type === 'multipart').toBe(part.children.length > 0);
  let sibling = part.bodyStart;
  for (const child of part.children) {
    checkNesting(child, sibling, part.bodyEnd);
    sibling = child.bodyEnd;
  }
  if (part.message !== null) checkNesting(part.message, part.bodyStart, part.bodyEnd);
}

const ENVELOPE = { from: { address: '', parameters: {} }, to: [{ address: 'a@b', parameters: {} }] };

describe('any bytes', () => {
  it('are parsed into a tree whose offsets nest within the message', () => {
    fc.assert(
      fc.property(message, (raw) => {
        checkNesting(parseStructure(raw).root, 0, raw.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('can be summarized, searched and decoded part by part', () => {
    fc.assert(
      fc.property(message, (raw) => {
        const structure = parseStructure(raw);
        summarize(raw, structure, ENVELOPE);
        searchText(raw, structure);
        const visit = (part: MimePart): void => {
          expect(decodedSize(raw, part)).toBe(decodePart(raw, part).length);
          if (part.path !== '' && part.message === null) expect(partAt(structure, part.path)).toBeDefined();
          part.children.forEach(visit);
          if (part.message !== null) visit(part.message);
        };
        visit(structure.root);
      }),
      { numRuns: 2000 },
    );
  });

  it('have content', () => {
    fc.assert(
      fc.property(message, (raw) => {
        const content = readContent(raw, parseStructure(raw));
        for (const { confidence } of content.codes) expect(confidence).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('have one line per line feed', () => {
    fc.assert(
      fc.property(message, (raw) => {
        const visit = (part: MimePart): void => {
          expect(part.lines).toBe(
            raw.subarray(part.bodyStart, part.bodyEnd).filter((byte) => byte === 10).length,
          );
          part.children.forEach(visit);
          if (part.message !== null) visit(part.message);
        };
        visit(parseStructure(raw).root);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any text', () => {
  const noisy = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
  );

  it('can be parsed as addresses, dates, parameters, encoded words and HTML', () => {
    fc.assert(
      fc.property(noisy, (text) => {
        parseAddressList(text);
        parseZonedDate(text);
        parseParameters(text);
        decodeWords(text);
        foldInvisible(htmlToText(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is unchanged after encoding and decoding as encoded words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(decodeWords(encodeWords(text))).toBe(text);
      }),
    );
  });

  it('is unchanged after being written to an address field and parsed', () => {
    const name = fc.string({ unit: fc.constantFrom(...Array.from('abc äß東,;:<>@()."\\')), maxLength: 20 });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), (names) => {
        const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
        const value = names.map((text, i) => `${quote(text)} <u${i}@x.test>`).join(', ');
        const expected = names.map((text, i) => ({
          name: text.replace(/\s+/g, ' ').trim(),
          address: `u${i}@x.test`,
        }));
        expect(parseAddressList(value)).toEqual(expected);
      }),
    );
  });
});

describe('any content', () => {
  const bytes = fc.uint8Array({ maxLength: 500 }).map((array) => Buffer.from(array));

  it('is unchanged after encoding and decoding as base64 and quoted-printable', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const encoded = content.toString('base64').replace(/.{76}/g, '$&\r\n');
        expect(decodeBase64(Buffer.from(encoded)).equals(content)).toBe(true);
        expect(base64Size(Buffer.from(encoded))).toBe(content.length);
        const escaped = [...content]
          .map((byte) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}`)
          .join('')
          .replace(/.{75}/g, '$&=\r\n');
        expect(decodeQuotedPrintable(Buffer.from(escaped)).equals(content)).toBe(true);
      }),
    );
  });

  interface Tree {
    readonly content?: Buffer;
    readonly children?: readonly Tree[];
  }
  const tree = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      bytes.map((content): Tree => ({ content })),
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((children): Tree => ({ children })),
    ),
  })).tree;

  it('is found in its part after being composed into any tree', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom('\r\n', '\n'), (composed, eol) => {
        let boundaries = 0;
        const write = (node: Tree): string => {
          if (node.children === undefined) {
            const body = (node.content ?? Buffer.alloc(0)).toString('base64').replace(/.{76}/g, `$&${eol}`);
            return `Content-Type: application/octet-stream${eol}Content-Transfer-Encoding: base64${eol}${eol}${body}`;
          }
          const boundary = `b${boundaries++}`;
          const parts = node.children.map((child) => `${eol}--${boundary}${eol}${write(child)}`).join('');
          return `Content-Type: multipart/mixed; boundary="${boundary}"${eol}${eol}preamble${parts}${eol}--${boundary}--${eol}epilogue`;
        };
        const raw = Buffer.from(write(composed));
        const { root, defects } = parseStructure(raw);
        const compare = (node: Tree, part: MimePart): void => {
          if (node.children === undefined) {
            expect(decodePart(raw, part).equals(node.content ?? Buffer.alloc(0))).toBe(true);
          } else {
            expect(part.children).toHaveLength(node.children.length);
            node.children.forEach((child, i) => compare(child, part.children[i]!));
          }
        };
        compare(composed, root);
        expect(defects.filter(({ code }) => code !== 'bare-lf')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
