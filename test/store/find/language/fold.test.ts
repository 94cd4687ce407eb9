import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../../server/store/find/language/fold.ts';

describe('folding', () => {
  it.each([
    ['Hello', 'HELLO'],
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['café', 'CAFE\u0301'],
    ['ﬁne', 'FINE'],
    ['ＡＢＣ', 'abc'],
    ['a\u00a0b', 'A B'],
    ['a\r\n\t b', 'a b'],
    ['wel\u00adcome\u200b', 'Welcome'],
    ['İ', 'i\u0307'],
    ['ı', 'I'],
    ['ſ', 's'],
    ['①', '1'],
  ])('folds %j and %j to the same text', (a, b) => {
    expect(fold(a)).toBe(fold(b));
  });

  it.each([
    ['e', 'é'],
    ['ab', 'a b'],
    ['o', 'ø'],
  ])('folds %j and %j to different texts', (a, b) => {
    expect(fold(a)).not.toBe(fold(b));
  });

  it('is the same for both cases of every cased character, and idempotent', () => {
    const wrong: string[] = [];
    for (let code = 0; code < 0x20000; code++) {
      // Ideographs, Hangul syllables and private characters have no case.
      if (code >= 0x3400 && code < 0xf900 && !(code >= 0xa000 && code < 0xac00)) continue;
      const char = String.fromCodePoint(code);
      const folded = fold(char);
      const same = [folded, char.toLowerCase(), char.toUpperCase()].every((other) => fold(other) === folded);
      if (!same) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('of nearly ASCII text is the same as that of any text', () => {
    const whole = (text: string): string =>
      text
        .normalize('NFKC')
        .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
        .toUpperCase()
        .toLowerCase();
    const slow = (text: string): string =>
      whole(whole(text)).normalize('NFKC').replaceAll('ς', 'σ').replace(/\s+/g, ' ');
    const unit = fc.constantFrom(
      ...Array.from('aE \n\tΣςßéİ\u0301\u00ad\u200b\u00a0\u2028\u0345\u1100\u1161ﬁ´カ\u3099'),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        expect(fold(text)).toBe(slow(text));
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 3000 },
    );
  });
});
