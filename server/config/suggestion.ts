/** Suggests the correct name for a mistyped option name. */
import { similarName } from '../../contract/text/did-you-mean.ts';

/**
 * Returns the end of an error message about an unknown option name: `; did you mean …?`, or a reference to
 * `--help`.
 */
export function suggestion(name: string, known: readonly string[]): string {
  const similar = similarName(name, known);
  return similar === undefined ? '; see --help' : `; did you mean ${similar}?`;
}
