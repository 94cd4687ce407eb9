/** Tests which words of a query are marked, and where. */
import { expect, it } from 'vitest';
import { hitPieces, hitsOf, wordsFor } from '../../../ui/model/hits.ts';

it('marks words, phrases and the values of text operators, but no negated ones', () => {
  const hits = hitsOf('Hello subject:"Your order" -spam is:unread before:2026-01-01 OR (from:ann*) -body:no');
  expect(hits).toEqual([
    { field: null, word: 'hello' },
    { field: 'subject', word: 'your order' },
    { field: 'from', word: 'ann' },
  ]);
  expect(wordsFor(hits, 'subject')).toEqual(['hello', 'your order']);
  expect(wordsFor(hits, 'body')).toEqual(['hello']);
});

it('splits a text at the words, which do not overlap', () => {
  const pieces = hitPieces('Hello HELLO, hell', ['hello', 'hell']);
  expect(pieces.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('')).toBe(
    '[Hello] [HELLO], [hell]',
  );
  expect(hitPieces('none', ['x'])).toEqual([{ text: 'none', isHit: false }]);
});
