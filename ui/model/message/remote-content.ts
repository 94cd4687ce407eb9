/** Detects remote content in the HTML of a message, by its source alone. */

/**
 * An attribute or a style that loads something from a host. Links lead to a host, but load nothing. Matching takes linear time
 * whatever the HTML contains.
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

const ADDRESS = /https?:\/\/[^\s"'()<>]+/gi;

/**
 * Whether a message loads anything from the network.
 * @param locations Addresses (Content-Location) of its own parts, which the preview loads from the message.
 */
export function hasRemoteContent(html: string, locations: Iterable<string | null> = []): boolean {
  const own = new Set(locations);
  if (own.size === 0) return LOADS.test(html);
  const remote = html.replace(ADDRESS, (address) =>
    own.has(address.replaceAll('&amp;', '&')) ? 'cid:' : address,
  );
  return LOADS.test(remote);
}
