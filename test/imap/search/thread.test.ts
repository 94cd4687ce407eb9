import { describe, expect, it } from 'vitest';
import { baseSubject } from '../../../server/imap/search/base-subject.ts';
import {
  encodeThreads,
  threadByReferences,
  threadBySubject,
  type Threadable,
} from '../../../server/imap/search/thread.ts';

describe('the base subject', () => {
  it.each([
    ['Hello', 'HELLO', false],
    ['Re: Hello', 'HELLO', true],
    ['RE : re: Hello', 'HELLO', true],
    ['Fwd: Hello', 'HELLO', true],
    ['Fw: Hello', 'HELLO', true],
    ['Re[2]: Hello', 'HELLO', true],
    ['[list] Hello', 'HELLO', false],
    ['[list] Re: [list] Hello', 'HELLO', true],
    ['Hello (fwd)', 'HELLO', true],
    ['[Fwd: Hello]', 'HELLO', true],
    ['[only]', '[ONLY]', false],
    ['  a   b  ', 'A B', false],
    ['', '', false],
    ['Re:', '', true],
  ])('of %j is %j', (subject, base, isReply) => {
    expect(baseSubject(subject)).toEqual({ base, isReply });
  });

  it('is found in a hostile subject', () => {
    // Quadratic work on half a million pieces would exceed the time limit of the test.
    for (const piece of ['[', 're', 're:', '[x]', ' ', '[fwd:', '(fwd)']) {
      expect(typeof baseSubject(piece.repeat(500_000)).base).toBe('string');
    }
  });
});

const message = (
  number: number,
  subject: string,
  messageId: string | null,
  ...references: string[]
): Threadable => ({
  number,
  subject,
  sentAt: number,
  messageId,
  references,
});

describe('threads', () => {
  it('by subject', () => {
    const messages = [
      message(1, 'a', null),
      message(2, 'b', null),
      message(3, 'Re: a', null),
      message(4, 'a', null),
    ];
    expect(encodeThreads(threadBySubject(messages))).toBe('(1 (3)(4))(2)');
  });

  it.each<[string, Threadable[], string]>([
    ['one', [message(1, 'a', 'x')], '(1)'],
    [
      'a chain',
      [message(1, 'a', 'x'), message(2, 'Re: a', 'y', 'x'), message(3, 'Re: a', 'z', 'x', 'y')],
      '(1 2 3)',
    ],
    [
      'a fork',
      [message(1, 'a', 'x'), message(2, 'Re: a', 'y', 'x'), message(3, 'Re: a', 'z', 'x')],
      '(1 (2)(3))',
    ],
    [
      'answers to one that is not here',
      [message(1, 'Re: a', 'y', 'x'), message(2, 'Re: a', 'z', 'x')],
      '((1)(2))',
    ],
    ['an answer to one that is not here', [message(1, 'Re: a', 'y', 'x')], '(1)'],
    ['answers that came first', [message(2, 'a', 'y', 'x'), message(5, 'a', 'x')], '(5 2)'],
    ['one id used twice', [message(1, 'a', 'x'), message(2, 'b', 'x')], '(1)(2)'],
    ['a circle', [message(1, 'a', 'x', 'y'), message(2, 'b', 'y', 'x')], '(2 1)'],
    ['itself', [message(1, 'a', 'x', 'x')], '(1)'],
    ['the same subject, an answer', [message(1, 'a', 'x'), message(2, 'Re: a', 'y')], '(1 2)'],
    ['the same subject, strangers', [message(1, 'a', 'x'), message(2, 'a', 'y')], '((1)(2))'],
  ])('by references: %s', (_, messages, expected) => {
    expect(encodeThreads(threadByReferences(messages))).toBe(expected);
  });

  it('of a very long chain', () => {
    const chain = Array.from({ length: 5_000 }, (_, at) =>
      message(at + 1, 's', `id${at}`, ...(at ? [`id${at - 1}`] : [])),
    );
    const text = encodeThreads(threadByReferences(chain));
    expect(text.match(/\d+/g)).toHaveLength(5_000);
  });

  it('of circular references: every message once', () => {
    const ids = (at: number): string[] =>
      Array.from({ length: 100 }, (_, step) => `id${(at * 7 + step * 13) % 3_000}`);
    const tangle = Array.from({ length: 3_000 }, (_, at) => message(at + 1, `s${at}`, `id${at}`, ...ids(at)));
    const numbers = encodeThreads(threadByReferences(tangle)).match(/\d+/g)?.map(Number) ?? [];
    expect(numbers.sort((a, b) => a - b)).toEqual(tangle.map(({ number }) => number));
  });

  it('of one subject, by subject', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => message(at + 1, 'Your order', `id${at}`));
    expect(encodeThreads(threadBySubject(many)).match(/\d+/g)).toHaveLength(20_000);
  });
});
