import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryError, type Query } from '../../../../server/store/find/language/ast.ts';
import { matches, matchesInSlices } from '../../../../server/store/find/language/match.ts';
import { mismatches } from '../../../../server/store/find/language/mismatch.ts';
import { normalize } from '../../../../server/store/find/language/normalize.ts';
import { parseQuery } from '../../../../server/store/find/language/parse.ts';
import { printQuery } from '../../../../server/store/find/language/print.ts';
import { TimeSlice } from '../../../../server/async/time-slice.ts';
import { candidateOf, NOW } from './candidates.ts';

const parse = (text: string) => parseQuery(text, NOW);
const words = (value: string): Query => ({ kind: 'words', value });

describe('parsing', () => {
  it.each<[string, Query]>([
    ['', { kind: 'all' }],
    ['   ', { kind: 'all' }],
    ['a b', { kind: 'and', terms: [words('a'), words('b')] }],
    ['"a b"', words('a b')],
    [String.raw`"say \"hi\" \\"`, words(String.raw`say "hi" \ `.trim())],
    ['a OR b c', { kind: 'or', terms: [words('a'), { kind: 'and', terms: [words('b'), words('c')] }] }],
    ['(a OR b) c', { kind: 'and', terms: [{ kind: 'or', terms: [words('a'), words('b')] }, words('c')] }],
    ['-a', { kind: 'not', term: words('a') }],
    ['-(a b)', { kind: 'not', term: { kind: 'and', terms: [words('a'), words('b')] } }],
    ['--a', words('a')],
    ['(a b) c', { kind: 'and', terms: [words('a'), words('b'), words('c')] }],
    ['"AND"', words('AND')],
    ['a-b', words('a-b')],
    ['or', words('or')],
    ['TO:Bob@x.test', { kind: 'address', field: 'to', value: 'Bob@x.test' }],
    ['subject:"two words"', { kind: 'text', field: 'subject', value: 'two words' }],
    ['header:X-Run', { kind: 'header', name: 'X-Run', value: null }],
    ['header:X-Run=4=2', { kind: 'header', name: 'X-Run', value: '4=2' }],
    ['header:X-Run="a b"', { kind: 'header', name: 'X-Run', value: 'a b' }],
    [
      'has:html is:unread',
      {
        kind: 'and',
        terms: [
          { kind: 'has', what: 'html' },
          { kind: 'is', what: 'unread' },
        ],
      },
    ],
    ['after:2026-11-23', { kind: 'after', at: Date.parse('2026-11-23T00:00:00Z') }],
    ['before:2026-11-23T10:00+01:00', { kind: 'before', at: Date.parse('2026-11-23T09:00:00Z') }],
    ['after:2h', { kind: 'after', at: NOW - 7_200_000 }],
    ['after:today', { kind: 'after', at: Date.parse('2026-11-23T00:00:00Z') }],
    ['after:yesterday', { kind: 'after', at: Date.parse('2026-11-22T00:00:00Z') }],
    ['after:2026-11-23T10:00:30.5', { kind: 'after', at: Date.parse('2026-11-23T10:00:30.500Z') }],
    ['after:"2026-11-23 10:00+0100"', { kind: 'after', at: Date.parse('2026-11-23T09:00:00Z') }],
    ['after:3d', { kind: 'after', at: NOW - 3 * 86_400_000 }],
    ['is:Seen', { kind: 'is', what: 'seen' }],
    ['larger:10k', { kind: 'larger', size: 10_240 }],
    ['smaller:1.5M', { kind: 'smaller', size: 1_572_864 }],
  ])('%j', (text, query) => {
    expect(parse(text)).toEqual(query);
  });

  it.each([
    ['to:', 3, 'to: needs a value'],
    ['to:*', 3, 'to: needs a value: * alone matches everything, so leave the term out'],
    ['a fron:b', 2, 'Unknown field fron;'],
    ['a (b', 2, 'This opening parenthesis has no closing one'],
    ['a) b', 1, 'This closing parenthesis has no opening one'],
    ['a "b', 2, 'The closing quotation mark is missing'],
    ['OR a', 0, 'A search term is missing here'],
    ['a OR', 4, 'A search term is missing here'],
    ['()', 1, 'A search term is missing here'],
    ['a ""', 2, 'The phrase is empty'],
    ['a *', 2, 'A * alone matches everything: leave it out'],
    ['-', 0, 'A minus negates the term directly after it: a term is missing here'],
    ['a - b', 2, 'A minus negates the term directly after it'],
    ['(a -)', 3, 'A minus negates the term directly after it'],
    ['a su*ject:x', 2, 'Unknown field su*ject;'],
    ['*ject:x', 0, 'Unknown field *ject;'],
    ['x-mailer:ruby', 0, 'Unknown field x-mailer;'],
    ['is:blue', 3, 'is: takes seen, unread or flagged, not "blue"'],
    ['has:wings', 4, 'has: takes attachment or html, not "wings"'],
    ['before:yesteryear', 7, 'before: takes a date'],
    ['before:2026-02-31', 7, 'before: takes a date'],
    ['larger:big', 7, 'larger: takes a size'],
    ['before:2026-02-31T10:00', 7, 'before: takes a date'],
    ['before:2026-13-01', 7, 'before: takes a date'],
    ['before:999999999w', 7, 'before: takes a date'],
    ['larger:-1', 7, 'larger: takes a size'],
    ['larger:999999999999999g', 7, 'larger: takes a size'],
    ['header:X-Run=', 7, 'header: takes a field name'],
    ['header:"X Run"', 7, 'header: takes a field name'],
    ['a "\u200b"', 2, 'The phrase is empty'],
    ['subject:" * "', 8, 'subject: needs a value: * alone matches everything, so leave the term out'],
    ['a"b c"', 1, 'A phrase begins with its quotation mark'],
    ['to:b"o"', 4, 'A phrase begins with its quotation mark'],
    ['"a b"c', 5, 'A space is missing after this phrase'],
    ['a AND b', 2, 'Terms side by side must all match: leave out AND'],
    ['a NOT b', 2, 'A minus before a term negates it: leave out NOT'],
    ['a -OR b', 2, 'A search term is missing after the minus'],
    ['http://x.test/', 0, 'Unknown field http;'],
    ['header:=x', 7, 'header: takes a field name'],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 50, 'The query has more than 50 levels of parentheses'],
    ['x'.repeat(10_001), 10_000, 'The query is too long: the limit is 10000 characters'],
  ])('refuses %j at %i', (text, position, message) => {
    try {
      parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(QueryError);
      expect((error as QueryError).position).toBe(position);
      expect((error as QueryError).message.startsWith(message)).toBe(true);
      return;
    }
    throw new Error('was accepted');
  });

  it('never throws except a QueryError with a position inside the text', () => {
    const unit = fc.constantFrom(
      'a',
      ' ',
      '(',
      ')',
      '"',
      '-',
      ':',
      '*',
      '\\',
      'OR',
      'to:',
      'is:',
      'header:',
      '=',
      '@',
      'ß',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), (units) => {
        const text = units.join('');
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
          expect((error as QueryError).position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

const value = fc
  .string({
    unit: fc.constantFrom('a', 'B', 'ü', ' ', '"', '\\', '(', ')', '-', ':', '*', '@', 'x'),
    minLength: 1,
    maxLength: 8,
  })
  .filter((text) => text.replaceAll('*', '').trim() !== '');
const leaf: fc.Arbitrary<Query> = fc.oneof(
  value.map(words),
  fc.record({
    kind: fc.constant('address' as const),
    field: fc.constantFrom('from' as const, 'to', 'rcpt', 'user'),
    value,
  }),
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constantFrom('subject' as const, 'body', 'text', 'tag', 'filename'),
    value,
  }),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.constantFrom('X-Run', 'To'),
    value: fc.option(value),
  }),
  fc.record({ kind: fc.constant('has' as const), what: fc.constantFrom('attachment' as const, 'html') }),
  fc.record({
    kind: fc.constant('is' as const),
    what: fc.constantFrom('seen' as const, 'unread', 'flagged'),
  }),
  fc.record({ kind: fc.constantFrom('before' as const, 'after'), at: fc.integer({ min: 0, max: 4e12 }) }),
  fc.record({ kind: fc.constantFrom('larger' as const, 'smaller'), size: fc.nat() }),
);
const { tree } = fc.letrec<{ tree: Query }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.record({ kind: fc.constant('not' as const), term: tie('tree') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or'),
      terms: fc.array(tie('tree'), { maxLength: 3 }),
    }),
  ),
}));

it('parses its printed form to the same tree', () => {
  fc.assert(
    fc.property(tree, (query) => {
      expect(parse(printQuery(query))).toEqual(normalize(query));
    }),
    { numRuns: 2000 },
  );
});

describe('matching', () => {
  it.each([
    'straße',
    'STRASSE',
    'łukasz',
    'café',
    'hello there',
    '"there, café"',
    'invoice',
    'to:bob@x.test',
    'to:BOB',
    'to:hidden@x.test',
    'rcpt:hidden',
    'from:ann@x.test',
    'from:bounce@x.test',
    'from:łukasz',
    'user:application',
    '"there, café au"',
    '"hello   THERE,\n café"',
    'ｓｔｒａｓｓｅ',
    'cc:info@bücher.test',
    'cc:info@xn--bcher-kva.test',
    'rcpt:info@xn--bcher-kva.test',
    'hidden',
    'HAS:Attachment',
    'subject:100%_off',
    'subject:st*off',
    'body:lait',
    'text:grüße',
    'header:x-run',
    'header:X-RUN=42',
    'filename:invoice',
    'tag:live',
    'id:id1',
    'messageid:m1',
    'has:attachment',
    'is:unread',
    'is:flagged',
    'after:2026-11-23',
    'larger:999',
    'smaller:1001',
    '-is:seen',
    'nothing OR hello',
    'to:*@x.test',
    'to:b*b@x.test',
  ])('finds by %s', (text) => {
    expect(matches(parse(text), candidateOf())).toBe(true);
  });

  it.each([
    'to:ob@x.test',
    'to:bob@x.tes',
    'rcpt:ann',
    'subject:100%xoff',
    'subject:100x_off',
    'tag:liv',
    'id:id',
    'has:html',
    'is:seen',
    'before:2026-11-23',
    'larger:1000',
    'smaller:1000',
    '-hello',
    'header:X-Walk',
    'header:X-Run=43',
    'hello nothing',
    'cc:bob',
    'user:app@x.test',
    'to:x*@x.test',
  ])('does not find by %s', (text) => {
    expect(matches(parse(text), candidateOf())).toBe(false);
  });

  it('returns the failed terms with the actual values', async () => {
    const failed = (text: string) => mismatches(parse(text), candidateOf(), new TimeSlice());
    expect(await failed('to:carol@x.test subject:hello -has:attachment hello')).toEqual([
      { term: 'to:carol@x.test', found: 'bob@x.test, hidden@x.test, info@bücher.test' },
      { term: 'subject:hello', found: 'Straße 100%_off' },
      { term: '-has:attachment', found: '1 attachment' },
    ]);
    expect(await failed('hello')).toEqual([]);
  });

  it('agrees with the meaning of not, and, or', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, async (a, b) => {
        const one = candidateOf();
        const [x, y] = [matches(a, one), matches(b, one)];
        expect(matches({ kind: 'and', terms: [a, b] }, one)).toBe(x && y);
        expect(matches({ kind: 'or', terms: [a, b] }, one)).toBe(x || y);
        expect(matches({ kind: 'not', term: a }, one)).toBe(!x);
        expect(await matchesInSlices(a, one, new TimeSlice())).toBe(x);
        expect((await mismatches(a, one, new TimeSlice())).length === 0).toBe(x);
      }),
    );
  });
});
