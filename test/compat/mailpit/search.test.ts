import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../../server/compat/mailpit/search.ts';
import type { Query } from '../../../server/store/find/language/ast.ts';

const parse = (search: string): Query => parseSearch(search, { zone: 'UTC' }).query;

describe('parseSearch', () => {
  it.each<[string, Query]>([
    ['apples', { kind: 'words', value: 'apples' }],
    ['"two words"', { kind: 'words', value: 'two words' }],
    ['sub"ject:a b"', { kind: 'text', field: 'subject', value: 'a b' }],
    ['subject:"a b"', { kind: 'text', field: 'subject', value: 'a b' }],
    ['-is:read', { kind: 'not', term: { kind: 'is', what: 'seen' } }],
    ['!is:unread', { kind: 'not', term: { kind: 'is', what: 'unread' } }],
    ['From:Ann', { kind: 'address', field: 'from', value: 'ann' }],
    ['cc:ann@x.test', { kind: 'address', field: 'cc', value: '*ann@x.test*' }],
    ['cc:@x.test', { kind: 'address', field: 'cc', value: '@x.test' }],
    ['reply-to:ann', { kind: 'address', field: 'replyto', value: 'ann' }],
    ['tag:Red', { kind: 'text', field: 'tag', value: 'red' }],
    ['larger:2k', { kind: 'larger', size: 2047 }],
    ['smaller:1.5mb', { kind: 'smaller', size: 1_572_864 }],
    ['after:2026-11-23', { kind: 'after', at: Date.parse('2026-11-23') }],
    ['before:"23 Nov 2026"', { kind: 'before', at: Date.parse('2026-11-23') }],
    ['colour:red', { kind: 'words', value: 'colour:red' }],
    ['larger:big', { kind: 'words', value: 'larger:big' }],
    ['constructor:x', { kind: 'words', value: 'constructor:x' }],
  ])('translates %s', (search, query) => {
    expect(parseSearch(search, { zone: 'UTC' })).toEqual({ query, ignored: [] });
  });

  it('requires all terms', () => {
    expect(parse('apples is:read')).toEqual({
      kind: 'and',
      terms: [
        { kind: 'words', value: 'apples' },
        { kind: 'is', what: 'seen' },
      ],
    });
  });

  it('searches a word with and without its punctuation', () => {
    expect(parse('"one, two"')).toEqual({
      kind: 'or',
      terms: [
        { kind: 'words', value: 'one, two' },
        { kind: 'words', value: 'one two' },
      ],
    });
  });

  it.each([
    'subject:',
    'to:',
    'to:","',
    'after:never',
    'before:',
    'tag:""',
    '*',
    '-*',
    'subject:*',
    'has:inline',
  ])('reports that %s has no effect', (search) => {
    const { query, ignored } = parseSearch(search);
    expect(query).toEqual({ kind: 'all' });
    expect(ignored).not.toEqual([]);
  });

  it('reports a star, which stands for any characters', () => {
    expect(parseSearch('a*b').ignored).toEqual(['* in "a*b" stands for any characters']);
  });

  it('reports an unknown time zone', () => {
    expect(parseSearch('apples', { zone: 'Mars/Phobos' }).ignored).toEqual([
      '"Mars/Phobos" is not a time zone',
    ]);
  });
});
