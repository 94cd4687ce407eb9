/**
 * Regular expressions that are matched in linear time, by the library RE2JS. The library is loaded when the
 * first rule with a regular expression is parsed, because loading its Unicode tables would delay every start.
 */
import { createRequire } from 'node:module';
import type * as Re2js from 're2js';
import { besideBundle } from '../bundle.ts';

const load = createRequire(import.meta.url);
let loaded: typeof Re2js | undefined;

/**
 * Returns a function that tests whether a text matches `regex`, in linear time; `null` if the regex contains
 * look-ahead or back-references, which RE2JS does not support.
 */
export function compileLinear(regex: RegExp): ((value: string) => boolean) | null {
  const { RE2JS } = (loaded ??= load(besideBundle('re2js.cjs') ?? 're2js') as typeof Re2js);
  const flags =
    RE2JS.LOOKBEHINDS |
    (regex.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (regex.multiline ? RE2JS.MULTILINE : 0) |
    (regex.dotAll ? RE2JS.DOTALL : 0);
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(regex.source), flags);
    return (value) => compiled.test(value);
  } catch {
    return null;
  }
}
