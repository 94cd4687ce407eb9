/** Whether a mail asks the network for anything: told from its source alone, which is never rendered here. */

/**
 * An attribute that loads, or a style, that names a host. Links lead there, but load nothing. However a hostile mail is
 * written, no part of it is looked at twice.
 */
const LOADS = new RegExp(
  [
    /<(?!a\s|area\s)[a-z][^<>]*?\s(?:src|srcset|background|poster|href)\s*=\s*(?:["']\s*)?(?:https?:)?\/\//,
    /url\(\s*(?:["']\s*)?(?:https?:)?\/\//,
    /@import\s*["'](?:https?:)?\/\//,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

export const asksTheNetwork = (html: string): boolean => LOADS.test(html);
