/** The static checks, which need only the message, by name. */
import type { StaticCheck, StaticCheckName } from './check.ts';
import { accessibility } from './accessibility/index.ts';
import { clientSupport } from './client-support/index.ts';
import { content } from './content/index.ts';
import { security } from './security/index.ts';
import { standards } from './standards/index.ts';

export const staticChecks: Partial<Readonly<Record<StaticCheckName, StaticCheck>>> = {
  standards,
  content,
  security,
  'client-support': clientSupport,
  accessibility,
};
