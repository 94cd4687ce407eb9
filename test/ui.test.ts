/** The UI's own rules, checked against its source: colours by token, no left or right, all texts in one table. */
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

/** Places where a pattern is found, as `file: match`. */
const found = (where: readonly string[], pattern: RegExp): string[] =>
  where.flatMap((file) => [...read(file).matchAll(pattern)].map(([match]) => `${file}: ${match.trim()}`));

it('takes colours from tokens alone', () => {
  // Mail that is written here has colours of its own: no page style reaches into a mail.
  const own = sources.filter((file) => file !== 'state/shared/test-message.ts');
  expect(found(own, /#[\da-f]{3,8}\b(?![-\w])|\b(?:rgba?|hsla?|oklch)\((?!0_0_0)[^)]*\)/gi)).toEqual([]);
  // Utilities of Tailwind's own palette: the theme has none of it, so they would silently do nothing.
  expect(
    found(
      components,
      /\b(?:bg|text|border|fill|stroke|ring)-(?:gray|slate|zinc|red|blue|green|black)\b[-\w]*/g,
    ),
  ).toEqual([]);
});

it('lays out by start and end, never by left and right', () => {
  const physical =
    /(?<=[\s"'`:!])-?(?:(?:left|right|ml|mr|pl|pr|scroll-ml|scroll-mr|border-l|border-r|rounded-[lr]|rounded-[tb][lr])-[\w./[\]()%-]+|(?:text|float)-(?:left|right))(?=[\s"'`])/g;
  expect(found(components, physical)).toEqual([]);
  const styles = files.filter((file) => file.endsWith('.css'));
  expect(found(styles, /^\s*(?:margin|padding|border)?-?(?:left|right)\s*:/gm)).toEqual([]);
});

/** A language that no one speaks: every text in brackets, every function's result too. */
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

it('has every word in one table that another language fills', () => {
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

it('has no word that no page says', () => {
  const source = sources
    .filter((file) => !file.startsWith('strings'))
    .map(read)
    .join('\n');
  const escaped = (name: string): string => name.replaceAll(/\W/g, '\\$&');
  /** Whether the table is read at a path, or at one above it by a name that is computed. */
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

it('computes what it shows without state', () => {
  const model = sources.filter((file) => file.startsWith('model/'));
  expect(model.length).toBeGreaterThan(10);
  expect(found(model, /from '(?:vue|@vueuse[^']*|[^']*\/(?:state|components|views|dom)\/[^']*)'/g)).toEqual(
    [],
  );
});
