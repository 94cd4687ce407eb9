/** Selects the code and the links that a developer needs from most mails, such as a sign-in code. */
import type { Code, Detail, Link } from '../../../contract/index.ts';

/** The confidence, from 0 to 1, below which a number is probably not a code and is not shown. */
const SURE = 0.5;

export const mainCode = ({ codes }: Pick<Detail, 'codes'>): Code | null =>
  codes.find(({ confidence }) => confidence >= SURE) ?? null;

/** Returns the first two different links with a purpose, such as verification or sign-in. */
export function mainLinks({ links }: Pick<Detail, 'links'>): readonly Link[] {
  const seen = new Set<string>();
  return links
    .filter(({ kind }) => kind !== 'other' && kind !== 'unsubscribe')
    .filter(({ href }) => !seen.has(href) && seen.add(href))
    .slice(0, 2);
}

/** Returns whether a link has the scheme http or https; a mail may contain links with any scheme. */
export const isWebLink = (href: string): boolean => /^https?:/i.test(href);
