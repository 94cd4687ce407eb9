import { describe, expect, it } from 'vitest';
import { hostnameOf, parseOriginPattern } from '../../server/net/origin-pattern.ts';

describe('an origin pattern', () => {
  it.each([
    ['https://mail.example.test', 'https://mail.example.test', true],
    ['https://Mail.Example.test/', 'https://mail.example.test', true],
    ['https://mail.example.test:443', 'https://mail.example.test', true],
    ['https://mail.example.test', 'http://mail.example.test', false],
    ['https://mail.example.test', 'https://mail.example.test:8443', false],
    ['https://mail.example.test', 'https://mail.example.test.evil.test', false],
    ['https://*.example.test', 'https://a.example.test', true],
    ['https://*.example.test', 'https://a.b.example.test', true],
    ['https://*.example.test', 'https://example.test', false],
    ['https://*.example.test', 'https://evilexample.test', false],
    ['https://*.example.test', 'http://a.example.test', false],
    ['https://*.example.test', 'https://a.example.test:8443', false],
    ['https://*.example.test:*', 'https://a.example.test:8443', true],
    ['http://localhost:*', 'http://localhost:5173', true],
    ['http://localhost:*', 'http://localhost', true],
    ['http://localhost:*', 'https://localhost:5173', false],
    ['http://[::1]:8025', 'http://[::1]:8025', true],
    ['http://grüße.test', new URL('http://grüße.test').origin, true],
    ['chrome-extension://abcdef', 'chrome-extension://abcdef', true],
    ['*', 'https://anything.example', true],
    ['*', 'null', false],
  ])('%s and %s: %s', (pattern, origin, expected) => {
    expect(parseOriginPattern(pattern).matches(origin)).toBe(expected);
  });

  it.each([
    ['mail.example.test', /no scheme: write https:\/\/mail\.example\.test/],
    ['localhost:3000', /no scheme/],
    ['null', /every sandboxed frame/],
    ['https://mail.*', /wildcard in a place/],
    ['https://*', /wildcard in a place/],
    ['https://a*.example.test', /wildcard in a place/],
    ['*.example.test', /wildcard in a place/],
    ['https://mail.example.test/path', /has a path/],
    ['https://user@mail.example.test', /not an origin/],
    ['https://', /not an origin/],
    ['', /not an origin/],
  ])('cannot be %j', (text, message) => {
    expect(() => parseOriginPattern(text)).toThrow(message);
  });
});

it('reads the host of an authority', () => {
  expect(['LOCALHOST:80', '[::1]', '0x7f.1', 'my_app'].map(hostnameOf)).toEqual([
    'localhost',
    '[::1]',
    '127.0.0.1',
    'my_app',
  ]);
  expect(['', 'a b', 'a/b', 'a/', 'a?b', 'a@b', ':80'].map(hostnameOf)).toEqual(Array(7).fill(null));
});
