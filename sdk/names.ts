/**
 * Refuses unknown names at run time. TypeScript refuses unknown names when it compiles a program, but plain
 * JavaScript does not: a mistyped criterion would match every message, and a mistyped option would have no
 * effect.
 */
import { similarName } from '../contract/text/did-you-mean.ts';

/**
 * Returns an error whose text contains the unknown name, the most similar known name, and all known names.
 */
export function unknownName(what: string, name: string, known: readonly string[]): TypeError {
  const similar = similarName(name, known);
  return new TypeError(
    `Unknown ${what} ${JSON.stringify(name)}${similar === undefined ? '.' : `; did you mean ${similar}?`} ` +
      `Known: ${listed(known)}`,
  );
}

/**
 * Throws a `TypeError` if `given` is not an object or has an unknown key; the error names the first unknown
 * key.
 */
export function refuseUnknown(what: string, given: object, known: readonly string[]): void {
  refuseOther(what, given, known);
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw unknownName(what, name, known);
  }
}

/**
 * The names of the options that every wait accepts. Callers often pass these options one argument too early.
 */
export const WAIT_OPTIONS: readonly string[] = ['timeout', 'signal', 'after'];

/**
 * Throws a `TypeError` if an argument that precedes an options argument has an unknown key. The error text
 * mentions options that were passed in this argument, one argument too early.
 */
export function refuseUnknownBeforeOptions(what: string, given: object, known: readonly string[]): void {
  refuseOther(what, given, known);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    if (![...WAIT_OPTIONS, 'quietFor', 'wanted'].includes(name)) throw unknownName(what, name, known);
    throw new TypeError(
      `"${name}" is an option, not a ${what}: pass it in the next argument, { ${name}: … }`,
    );
  }
}

/**
 * Throws a `TypeError` for a value that is not an object. A text must be refused explicitly, because
 * `Object.keys` returns the indexes of its characters.
 */
function refuseOther(what: string, given: unknown, [example = '', ...others]: readonly string[]): void {
  if (typeof given === 'object' && given !== null) return;
  const form = `{ ${example}: …${others.length > 0 ? ', …' : ''} }`;
  throw new TypeError(`${JSON.stringify(given)} is not a valid ${what}: write ${form}`);
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
