/**
 * Regular expressions in linear time, by RE2JS, loaded for the first rule with a regex, because its
 * Unicode tables would slow down every start.
 */
import { createRequire } from 'node:module';
import type * as Re2js from 're2js';
import { besideBundle } from '../bundle.ts';

const load = createRequire(import.meta.url);
let loaded: typeof Re2js | undefined;

/** A test for the same language as `regex`, in linear time; `null` where it has look-ahead or back-references. */
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
