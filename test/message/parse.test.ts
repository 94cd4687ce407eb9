/**
 * Tests of the MIME parser: the tree for each shape of message, the offsets of its parts, and the reported defects.
 */
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH, MAX_PARTS, parseStructure } from '../../server/message/parse.ts';
import type { MimePart } from '../../server/message/structure.ts';

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1');

/** Formats the tree with one line per part: number, type and body. */
function outline(raw: Buffer): string[] {
  const lines: string[] = [];
  const walk = (part: MimePart, depth: number): void => {
    const body =
      part.children.length > 0 || part.message
        ? ''
        : ` ${JSON.stringify(raw.toString('latin1', part.bodyStart, part.bodyEnd))}`;
    lines.push(`${'  '.repeat(depth)}[${part.path}] ${part.type}/${part.subtype}${body}`);
    for (const child of part.children) walk(child, depth + 1);
    if (part.message) walk(part.message, depth + 1);
  };
  walk(parseStructure(raw).root, 0);
  return lines;
}

const codes = (raw: Buffer): string[] => parseStructure(raw).defects.map(({ code }) => code);

const MIXED = `Subject: two parts
Content-Type: multipart/mixed; boundary="b"

preamble
--b

first
--b
Content-Type: text/html

<p>second</p>

--b--
epilogue
`;

describe('one part', () => {
  it.each([
    ['header and body', 'Subject: a\n\nbody\n', ['[] text/plain "body\\r\\n"']],
    ['header only, with its empty line', 'Subject: a\n\n', ['[] text/plain ""']],
    ['header only, no empty line', 'Subject: a\n', ['[] text/plain ""']],
    ['no header', '\nbody', ['[] text/plain "body"']],
    ['nothing', '', ['[] text/plain ""']],
    ['only a line end', '\n', ['[] text/plain ""']],
    ['upper case type', 'Content-Type: TEXT/HTML; CHARSET=x\n\n', ['[] text/html ""']],
    ['type without subtype', 'Content-Type: text\n\nx', ['[] text/plain "x"']],
    ['empty type', 'Content-Type:\n\nx', ['[] text/plain "x"']],
    ['type with a comment', 'Content-Type: text/html (really)\n\nx', ['[] text/html "x"']],
    ['a character that no type has', 'Content-Type: text/html>; charset=utf-8\n\nx', ['[] text/html "x"']],
    ['parameters without a semicolon', 'Content-Type: text/html charset=utf-8\n\nx', ['[] text/html "x"']],
    ['blanks around the slash', 'Content-Type: text / html\n\nx', ['[] text/html "x"']],
  ])('%s', (_, text, expected) => {
    expect(outline(crlf(text))).toEqual(expected);
  });
});

describe('multipart', () => {
  const expected = [
    '[] multipart/mixed',
    '  [1] text/plain "first"',
    '  [2] text/html "<p>second</p>\\r\\n"',
  ];

  it('finds the parts between boundaries, and ignores preamble and epilogue', () => {
    expect(outline(crlf(MIXED))).toEqual(expected);
    expect(codes(crlf(MIXED))).toEqual([]);
  });

  it('parses bare LF line endings in the same way', () => {
    const raw = Buffer.from(MIXED);
    expect(outline(raw)).toEqual(expected.map((line) => line.replaceAll('\\r\\n', '\\n')));
    expect(codes(raw)).toEqual(['bare-lf']);
  });

  it('parses mixed line endings', () => {
    const raw = Buffer.from(
      MIXED.replace('first\n', 'first\r\n').replace('Subject: two parts\n', 'Subject: two parts\r\n'),
    );
    expect(outline(raw)).toEqual(expected.map((line) => line.replaceAll('\\r\\n', '\\n')));
  });

  it('returns offsets and line counts', () => {
    const raw = crlf(MIXED);
    const { root } = parseStructure(raw);
    const [first, second] = root.children;
    expect(raw.toString('latin1', first!.headerStart, first!.bodyEnd)).toBe('\r\nfirst');
    expect(raw.toString('latin1', second!.headerStart, second!.bodyStart)).toBe(
      'Content-Type: text/html\r\n\r\n',
    );
    expect([first!.lines, second!.lines]).toEqual([0, 1]);
    expect(root.bodyEnd).toBe(raw.length);
    expect(root.lines).toBe(11);
  });

  const wrap = (body: string, type = 'multipart/mixed; boundary=b'): Buffer =>
    crlf(`Content-Type: ${type}\n\n${body}`);

  it.each([
    [
      'no closing boundary',
      wrap('--b\n\nx\n'),
      ['[] multipart/mixed', '  [1] text/plain "x\\r\\n"'],
      ['missing-close-boundary'],
    ],
    [
      'cut off in a header',
      wrap('--b\nContent-Type: text/html'),
      ['[] multipart/mixed', '  [1] text/html ""'],
      ['missing-close-boundary'],
    ],
    [
      'cut off after a boundary',
      wrap('--b'),
      ['[] multipart/mixed', '  [1] text/plain ""'],
      ['missing-close-boundary'],
    ],
    [
      'no boundary named',
      wrap('--b\n\nx', 'multipart/mixed'),
      ['[] text/plain "--b\\r\\n\\r\\nx"'],
      ['missing-boundary'],
    ],
    [
      'a boundary that never comes',
      wrap('x', 'multipart/mixed; boundary=q'),
      ['[] text/plain "x"'],
      ['boundary-not-found'],
    ],
    ['closed without parts', wrap('--b--\n'), ['[] text/plain "--b--\\r\\n"'], ['empty-multipart']],
    [
      'blanks after the boundary',
      wrap('--b \t\n\nx\n--b--  \n'),
      ['[] multipart/mixed', '  [1] text/plain "x"'],
      [],
    ],
    [
      'words after the boundary',
      wrap('--b and more\n\nx\n--b--'),
      ['[] multipart/mixed', '  [1] text/plain "x"'],
      [],
    ],
    [
      'a longer word than the boundary',
      wrap('--b\n\nx\n--bc\ny\n--b--'),
      ['[] multipart/mixed', '  [1] text/plain "x\\r\\n--bc\\r\\ny"'],
      [],
    ],
    [
      'a signature dash',
      wrap('--b\n\nx\n-- \nme\n--b--'),
      ['[] multipart/mixed', '  [1] text/plain "x\\r\\n-- \\r\\nme"'],
      [],
    ],
    ['an empty part', wrap('--b\n\n--b--\n'), ['[] multipart/mixed', '  [1] text/plain ""'], []],
    [
      'two boundaries in a row',
      wrap('--b\n--b\n\nx\n--b--'),
      ['[] multipart/mixed', '  [1] text/plain ""', '  [2] text/plain "x"'],
      ['missing-header-end'],
    ],
    [
      'header broken off by a boundary',
      wrap('--b\nContent-Type: text/html\n--b--'),
      ['[] multipart/mixed', '  [1] text/html ""'],
      ['missing-header-end'],
    ],
    [
      'boundary inside a line',
      wrap('--b\n\nx --b y\n--b--'),
      ['[] multipart/mixed', '  [1] text/plain "x --b y"'],
      [],
    ],
    [
      'boundary with blanks and specials',
      wrap("--a b=:'?\n\nx\n--a b=:'?--", `multipart/mixed; boundary="a b=:'?"`),
      ['[] multipart/mixed', '  [1] text/plain "x"'],
      [],
    ],
    [
      'transfer encoding on a multipart',
      crlf('Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\nx\n--b--'),
      ['[] multipart/mixed', '  [1] text/plain "x"'],
      ['encoded-multipart'],
    ],
    [
      'unknown transfer encoding',
      crlf('Content-Transfer-Encoding: rot13\n\nx'),
      ['[] text/plain "x"'],
      ['unknown-encoding'],
    ],
    [
      'two content types',
      crlf('Content-Type: text/html\nContent-Type: text/plain\n\nx'),
      ['[] text/html "x"'],
      ['duplicate-header'],
    ],
  ])('%s', (_, raw, tree, defects) => {
    expect(outline(raw)).toEqual(tree);
    expect(codes(raw)).toEqual(defects);
  });

  it('parses nested multiparts; an outer boundary closes all open inner ones', () => {
    const raw = wrap(`--b
Content-Type: multipart/alternative; boundary=i

--i

one
--b

two
--b--`);
    expect(outline(raw)).toEqual([
      '[] multipart/mixed',
      '  [1] multipart/alternative',
      '    [1.1] text/plain "one"',
      '  [2] text/plain "two"',
    ]);
    expect(codes(raw)).toEqual(['missing-close-boundary']);
  });

  it('assigns an equal boundary to the inner multipart until that one is closed', () => {
    const raw = wrap(`--b
Content-Type: multipart/alternative; boundary=b

--b

one
--b--
--b

two
--b--`);
    expect(outline(raw)).toEqual([
      '[] multipart/mixed',
      '  [1] multipart/alternative',
      '    [1.1] text/plain "one"',
      '  [2] text/plain "two"',
    ]);
  });

  it.each([
    ['outer is a prefix of inner', 'b', 'bb'],
    ['inner is a prefix of outer', 'bb', 'b'],
    ['outer plus dashes is inner', 'b', 'b--'],
  ])('distinguishes boundaries if one begins like the other: %s', (_, outer, inner) => {
    const raw = wrap(
      `--${outer}\nContent-Type: multipart/mixed; boundary="${inner}"\n\n--${inner}\n\none\n--${inner}--\n--${outer}\n\ntwo\n--${outer}--`,
      `multipart/mixed; boundary="${outer}"`,
    );
    expect(outline(raw)).toEqual([
      '[] multipart/mixed',
      '  [1] multipart/mixed',
      '    [1.1] text/plain "one"',
      '  [2] text/plain "two"',
    ]);
  });

  it('uses message/rfc822 as the default type in a digest (RFC 2046 §5.1.5)', () => {
    const raw = wrap('--b\n\nSubject: inner\n\nhi\n--b--', 'multipart/digest; boundary=b');
    expect(outline(raw)).toEqual(['[] multipart/digest', '  [1] message/rfc822', '    [1] text/plain "hi"']);
  });
});

describe('nested messages', () => {
  it('numbers the parts of a nested message below the number of its part', () => {
    const raw = crlf(`Content-Type: multipart/mixed; boundary=o

--o
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/mixed; boundary=i

--i

x
--i--
--o--`);
    expect(outline(raw)).toEqual([
      '[] multipart/mixed',
      '  [1] message/rfc822',
      '    [1] multipart/mixed',
      '      [1.1] text/plain "x"',
    ]);
  });

  it('parses message/global, and does not parse encoded messages', () => {
    expect(outline(crlf('Content-Type: message/global\n\nSubject: é\n\nx'))[1]).toBe('  [1] text/plain "x"');
    const encoded = crlf(
      'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogYQ==',
    );
    expect(outline(encoded)).toEqual(['[] message/rfc822 "U3ViamVjdDogYQ=="']);
    expect(codes(encoded)).toEqual(['encoded-message']);
  });
});

describe('unusual beginnings and bytes', () => {
  it('skips an mbox separator line, but not an obsolete From field', () => {
    const mbox = parseStructure(crlf('From a@b Mon Jan  1 00:00:00 2024\nSubject: x\n\ny'));
    expect(mbox.root.headers.map(({ name }) => name)).toEqual(['Subject']);
    expect(mbox.root.headerStart).toBe(0);
    expect(mbox.defects.map(({ code }) => code)).toEqual(['mbox-from-line']);
    expect(parseStructure(crlf('From : a@b\n\n')).root.headers[0]).toMatchObject({
      name: 'From',
      value: 'a@b',
    });
  });

  it('skips a byte order mark', () => {
    const raw = Buffer.from('\ufeffSubject: x\r\n\r\ny');
    expect(parseStructure(raw).root.headers[0]?.value).toBe('x');
    expect(codes(raw)).toEqual(['byte-order-mark']);
  });

  it('reports NUL bytes with their offset', () => {
    expect(parseStructure(Buffer.from('A: b\r\n\r\nx\0y')).defects).toMatchObject([
      { code: 'nul-byte', offset: 9 },
    ]);
  });

  it('reads text without any header as the body', () => {
    const raw = crlf('Hello there, this is no header\nreally\n');
    expect(outline(raw)).toEqual(['[] text/plain "Hello there, this is no header\\r\\nreally\\r\\n"']);
    expect(codes(raw)).toContain('missing-header-end');
  });
});

describe('limits', () => {
  it(`parses ${MAX_DEPTH} of 10,000 levels`, () => {
    const raw = crlf(
      Array.from(
        { length: 10_000 },
        (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
      ).join(''),
    );
    let depth = 0;
    const { root, defects } = parseStructure(raw);
    for (let part: MimePart | undefined = root; part !== undefined; part = part.children[0]) depth++;
    expect(depth).toBe(MAX_DEPTH);
    expect(defects.map(({ code }) => code)).toContain('nested-too-deep');
  });

  it(`parses ${MAX_DEPTH} levels of nested messages`, () => {
    let depth = 0;
    const { root } = parseStructure(crlf('Content-Type: message/rfc822\n\n'.repeat(10_000)));
    for (let part: MimePart | null = root; part !== null; part = part.message) depth++;
    expect(depth).toBe(MAX_DEPTH);
  });

  it(`parses ${MAX_PARTS} of 100,000 parts`, () => {
    const { root, defects } = parseStructure(
      crlf(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(100_000)}`),
    );
    expect(root.children).toHaveLength(MAX_PARTS - 1);
    expect(root.children.at(-1)?.lines).toBe(0);
    expect(defects.map(({ code }) => code)).toEqual(['too-many-parts']);
  });

  it('parses a header line of a megabyte, ten megabytes of near-boundaries, and a million parameters', () => {
    const long = parseStructure(Buffer.from(`Subject: ${'a'.repeat(1e6)}\r\n\r\n`));
    expect(long.root.headers[0]?.value).toHaveLength(1e6);
    const near = parseStructure(
      Buffer.from(`Content-Type: multipart/mixed; boundary=bb\n\n${'--b\n'.repeat(2.5e6)}`),
    );
    expect(near.root.subtype).toBe('plain');
    const parameters = parseStructure(
      Buffer.from(`Content-Type: text/plain; ${'a=b; '.repeat(1e6)}charset=x\r\n\r\n`),
    );
    expect(parameters.root.parameters['a']).toBe('b');
  });
});
