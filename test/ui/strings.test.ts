/** Tests the table of the UI's texts. */
import { expect, it } from 'vitest';
import { strings, type Strings } from '../../ui/strings.ts';

/** Returns a pseudo-translation, in which every text and the result of every function is in brackets. */
function pseudo<T>(words: T): T {
  if (typeof words === 'string') return `⟦${words}⟧` as T;
  if (typeof words === 'function') {
    return ((...parameters: unknown[]) =>
      `⟦${String((words as unknown as (...all: unknown[]) => unknown)(...parameters))}⟧`) as T;
  }
  return Object.fromEntries(
    Object.entries(words as object).map(([key, value]) => [key, pseudo<unknown>(value)]),
  ) as T;
}

it('has all texts in one table that can be translated', () => {
  const other: Strings = pseudo(strings);
  expect(other.list.selected(3, false)).toBe('⟦3 selected⟧');
  expect(other.server.title).toBe('⟦Server⟧');
  const leaves = (words: object): unknown[] =>
    Object.values(words).flatMap((value: unknown) =>
      typeof value === 'object' && value !== null ? leaves(value) : [value],
    );
  const all = leaves(strings);
  expect(all.length).toBeGreaterThan(400);
  for (const word of all) expect(['string', 'function']).toContain(typeof word);
});

it('shows a number with a plus sign if the server did not count all messages', () => {
  expect(strings.list.summary(10_000, 12, true)).toBe('10,000+ messages, 12+ unread');
  expect(strings.list.summary(10_000, 12, false)).toBe('10,000 messages, 12 unread');
  expect(strings.list.selectEverything(10_000, true)).toBe('Select all 10,000+');
  expect(strings.list.marked(1, false)).toBe('1 message marked');
});
