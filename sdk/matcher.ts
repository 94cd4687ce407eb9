/** What a value is held against: a text as the query language compares it, a regular expression, or a function. */

export type Matcher = string | RegExp | ((value: string) => boolean);

/** Whether a value matches; a text in whatever case, as a part. */
export function isMatch(matcher: Matcher, value: string): boolean {
  if (typeof matcher === 'function') return matcher(value);
  if (typeof matcher === 'string') return value.toLowerCase().includes(matcher.toLowerCase());
  // A regular expression that remembers its place would miss every second time.
  return new RegExp(matcher.source, matcher.flags.replace(/[gy]/g, '')).test(value);
}

export function describeMatcher(matcher: Matcher): string {
  if (typeof matcher === 'string') return JSON.stringify(matcher);
  return typeof matcher === 'function' ? matcher.name || 'a function' : String(matcher);
}
