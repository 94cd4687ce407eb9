/** Help for mistyped names of options. */
import { similarName } from '../../contract/text/did-you-mean.ts';

/** The end of an error about an unknown name: `; did you mean …?`, or a reference to the help. */
export function suggestion(name: string, known: readonly string[]): string {
  const similar = similarName(name, known);
  return similar === undefined ? '; see --help' : `; did you mean ${similar}?`;
}
