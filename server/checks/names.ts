/** The static checks that are run, by name: for those who must not load the checks themselves. */
import type { StaticCheckName } from './check.ts';

export const activeStaticChecks: readonly StaticCheckName[] = [
  'standards',
  'client-support',
  'accessibility',
];
