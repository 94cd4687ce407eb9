import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeXtext, encodeXtext, isXtext } from '../../contract/text/xtext.ts';

it('writes and reads xtext', () => {
  expect(decodeXtext('a+2Bb+3D+C3+A4')).toBe('a+b=ä');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(isXtext(encodeXtext(text))).toBe(true);
      expect(decodeXtext(encodeXtext(text))).toBe(text);
    }),
  );
});

it('does not change unencoded non-ASCII characters', () => {
  expect(decodeXtext('zoë+2Bx€')).toBe('zoë+x€');
});
