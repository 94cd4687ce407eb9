/** The static checks that are run, by name: for those who must not load the checks themselves. */
import type { StaticCheckName } from './check.ts';

export const activeStaticChecks: readonly StaticCheckName[] = [
  'standards',
  'content',
  'security',
  'client-support',
  'accessibility',
];
