/** Whether a mail asks the network for anything: told from its source alone, which is never rendered here. */

/** An attribute that loads, or a style, that names a host. */
const LOADS =
  /<(?!a[\s>]|area[\s>])[a-z][^>]*?\s(?:src|srcset|background|poster|href)\s*=\s*["']?\s*(?:https?:)?\/\/|url\(\s*["']?\s*(?:https?:)?\/\/|@import\s+["'](?:https?:)?\/\//i;

export const asksTheNetwork = (html: string): boolean => LOADS.test(html);
