/** Tests how texts of findings are split into text, code and links. */
import { expect, it } from 'vitest';
import { inlinePieces, plainText } from '../../../../ui/model/message/inline-markup.ts';

it('finds code and links', () => {
  expect(inlinePieces('Use `a` or [the guide](https://x.test/g), not ``b``.')).toEqual([
    { kind: 'text', text: 'Use ' },
    { kind: 'code', text: 'a' },
    { kind: 'text', text: ' or ' },
    { kind: 'link', text: 'the guide', href: 'https://x.test/g' },
    { kind: 'text', text: ', not ' },
    { kind: 'code', text: 'b' },
    { kind: 'text', text: '.' },
  ]);
});

it('keeps what is no complete markup, and links of other schemes', () => {
  for (const text of ['one ` backtick', '[x](javascript:alert(1))', 'a [b] (c)', '']) {
    expect(plainText(text)).toBe(text);
  }
});

it('returns plain text without markup', () => {
  expect(plainText('Only `screen` works, see [notes](https://x.test).')).toBe(
    'Only screen works, see notes.',
  );
});
