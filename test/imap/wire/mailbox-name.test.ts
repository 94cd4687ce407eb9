import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ancestors,
  checkNewName,
  decodeName,
  decodeUtf7,
  encodeName,
  encodeUtf7,
  namePattern,
  normalizeName,
} from '../../../server/imap/wire/mailbox-name.ts';

describe('modified UTF-7', () => {
  it.each([
    ['Sent', 'Sent'],
    ['A & B', 'A &- B'],
    ['Entwürfe', 'Entw&APw-rfe'],
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['😀', '&2D3eAA-'],
  ])('writes %s as %s and back', (name, wire) => {
    expect(encodeUtf7(name)).toBe(wire);
    expect(decodeUtf7(wire)).toBe(name);
  });

  it.each(['&', '&abc', '&a-', '&****-', '&AG-'])('refuses %j', (wire) => {
    expect(decodeUtf7(wire)).toBeNull();
    expect(() => decodeName(Buffer.from(wire), false)).toThrow(expect.objectContaining({ kind: 'NO' }));
  });

  it('decodes every encoded name to the same name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(decodeUtf7(encodeUtf7(name))).toBe(name);
        expect(encodeUtf7(name)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe('names', () => {
  it('reads UTF-8 if it is enabled, and if the name is not valid UTF-7', () => {
    expect(decodeName(Buffer.from('Entw&APw-rfe'), true)).toBe('Entw&APw-rfe');
    expect(decodeName(Buffer.from('Entw&APw-rfe'), false)).toBe('Entwürfe');
    expect(decodeName(Buffer.from('Entwürfe'), false)).toBe('Entwürfe');
    expect(() => decodeName(Buffer.from([0xff, 0xfe]), true)).toThrow(
      expect.objectContaining({ kind: 'NO' }),
    );
  });

  it('writes quoted strings', () => {
    expect(encodeName('a"b\\c ü', false)).toBe('"a\\"b\\\\c &APw-"');
    expect(encodeName('ü', true)).toBe('"ü"');
  });

  it('writes INBOX in upper case and removes a trailing delimiter', () => {
    expect(normalizeName('inbox')).toBe('INBOX');
    expect(normalizeName('iNbOx/Sub/')).toBe('INBOX/Sub');
    expect(normalizeName('inboxes')).toBe('inboxes');
    expect(normalizeName('a/inbox')).toBe('a/inbox');
  });

  it.each(['', 'a//b', '/a', 'a\nb', 'a\u0000', 'x'.repeat(1_001), 'a/'.repeat(40) + 'a'])(
    'refuses to create %j',
    (name) => {
      expect(() => checkNewName(name)).toThrow(expect.objectContaining({ kind: 'NO' }));
    },
  );

  it('lists the names above', () => {
    expect(ancestors('a/b/c')).toEqual(['a', 'a/b']);
    expect(ancestors('a')).toEqual([]);
  });
});

describe('patterns', () => {
  it.each([
    ['*', 'a/b', true],
    ['%', 'a', true],
    ['%', 'a/b', false],
    ['%/%', 'a/b', true],
    ['a*', 'a/b/c', true],
    ['a%', 'a/b', false],
    ['*b', 'a/b', true],
    ['a/%', 'a/b/c', false],
    ['%b%', 'abc', true],
    ['inbox', 'INBOX', true],
    ['iNbOx/%', 'INBOX/x', true],
    ['Inbo%', 'INBOX', false],
    ['', '', true],
    ['a', 'A', false],
    ['[a]+', '[a]+', true],
  ])('%s against %s: %s', (pattern, name, expected) => {
    expect(namePattern(pattern)(name)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '%', '*'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
    fc.assert(
      fc.property(text, name, (pattern, candidate) => {
        const source = pattern.replaceAll('*', '[^]*').replaceAll('%', '[^/]*');
        expect(namePattern(pattern)(candidate)).toBe(new RegExp(`^${source}$`).test(candidate));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is fast for hostile patterns', () => {
    const matches = namePattern('*a'.repeat(90));
    expect(matches('a'.repeat(900) + 'b')).toBe(false);
    expect(() => namePattern('%a'.repeat(200))).toThrow(expect.objectContaining({ kind: 'BAD' }));
  });
});
