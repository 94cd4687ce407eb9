/** Tests rules for the source of the UI: colours only by token, no left or right, all texts in one table. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { strings, type Strings } from '../ui/strings.ts';

const root = path.join(import.meta.dirname, '../ui');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) =>
  name.replaceAll('\\', '/'),
);
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const components = files.filter((file) => file.endsWith('.vue'));
const sources = files.filter((file) => /\.(vue|ts)$/.test(file));

/** Returns the places where a pattern is found, as `file: match`. */
const found = (where: readonly string[], pattern: RegExp): string[] =>
  where.flatMap((file) => [...read(file).matchAll(pattern)].map(([match]) => `${file}: ${match.trim()}`));

it('uses colours of tokens only', () => {
  // The colours in a test mail are its own: styles of the page do not apply to a mail.
  const own = sources.filter((file) => file !== 'state/shared/test-message.ts');
  expect(found(own, /#[\da-f]{3,8}\b(?![-\w])|\b(?:rgba?|hsla?|oklch)\((?!0_0_0)[^)]*\)/gi)).toEqual([]);
  // Utility classes of Tailwind's own palette have no effect, because the theme does not contain that palette.
  expect(
    found(
      components,
      /\b(?:bg|text|border|fill|stroke|ring)-(?:gray|slate|zinc|red|blue|green|black)\b[-\w]*/g,
    ),
  ).toEqual([]);
});

it('positions by start and end, never by left and right', () => {
  const physical =
    /(?<=[\s"'`:!])-?(?:(?:left|right|ml|mr|pl|pr|scroll-ml|scroll-mr|border-l|border-r|rounded-[lr]|rounded-[tb][lr])-[\w./[\]()%-]+|(?:text|float)-(?:left|right))(?=[\s"'`])/g;
  expect(found(components, physical)).toEqual([]);
  const styles = files.filter((file) => file.endsWith('.css'));
  expect(found(styles, /^\s*(?:margin|padding|border)?-?(?:left|right)\s*:/gm)).toEqual([]);
});

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
  expect(other.list.selected(3)).toBe('⟦3 selected⟧');
  expect(other.server.title).toBe('⟦Server⟧');
  const leaves = (words: object): unknown[] =>
    Object.values(words).flatMap((value: unknown) =>
      typeof value === 'object' && value !== null ? leaves(value) : [value],
    );
  const all = leaves(strings);
  expect(all.length).toBeGreaterThan(400);
  for (const word of all) expect(['string', 'function']).toContain(typeof word);
});

it('has no text that no page uses', () => {
  const source = sources
    .filter((file) => !file.startsWith('strings'))
    .map(read)
    .join('\n');
  const escaped = (name: string): string => name.replaceAll(/\W/g, '\\$&');
  /** Returns whether the source reads the table at a path, or at a path above it with a computed name. */
  const isRead = (names: readonly string[]): boolean =>
    names.some((_, index) => {
      const path = names
        .slice(0, index + 1)
        .map(escaped)
        .join('\\.');
      return new RegExp(`\\b(?:s|strings)\\.${path}(?![\\w.])`).test(source);
    });
  const unread = (words: object, above: readonly string[] = []): string[] =>
    Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
      const names = [...above, name];
      if (typeof value === 'object' && value !== null) return unread(value, names);
      return isRead(names) ? [] : [names.join('.')];
    });
  expect(unread(strings)).toEqual([]);
});

it('computes the displayed data without state', () => {
  const model = sources.filter((file) => file.startsWith('model/'));
  expect(model.length).toBeGreaterThan(10);
  expect(found(model, /from '(?:vue|@vueuse[^']*|[^']*\/(?:state|components|views|dom)\/[^']*)'/g)).toEqual(
    [],
  );
});
