/** A matcher for a value: a text that is compared as in the query language, a regular expression, or a function. */

export type Matcher = string | RegExp | ((value: string) => boolean);

/**
 * Returns whether a value is a regular expression. The value may belong to another realm, because Jest runs
 * each test file in its own realm.
 */
export const isRegExp = (value: unknown): value is RegExp =>
  Object.prototype.toString.call(value) === '[object RegExp]';

/**
 * Returns whether a value matches. A text matches if the value contains it, without regard to letter case.
 */
export function isMatch(matcher: Matcher, value: string): boolean {
  if (typeof matcher === 'function') return matcher(value);
  if (typeof matcher === 'string') return value.toLowerCase().includes(matcher.toLowerCase());
  // A global or sticky regular expression starts at the end of its last match, so it could miss a match. The
  // expression is therefore copied without these flags.
  return new RegExp(matcher.source, matcher.flags.replace(/[gy]/g, '')).test(value);
}

export function describeMatcher(matcher: Matcher): string {
  if (typeof matcher === 'string') return JSON.stringify(matcher);
  return typeof matcher === 'function' ? matcher.name || 'a function' : String(matcher);
}
