/** Detects remote content in the HTML source of a message. */

/**
 * Matches an attribute or a style that loads a resource from a host. Links do not match, because a link loads
 * nothing until it is clicked. Matching takes linear time for any HTML.
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
 * Returns whether the HTML of a message loads anything from the network.
 * @param locations the Content-Location addresses of the message's own parts, which the preview loads from the
 * message
 */
export function hasRemoteContent(html: string, locations: Iterable<string | null> = []): boolean {
  const own = new Set(locations);
  if (own.size === 0) return LOADS.test(html);
  const remote = html.replace(ADDRESS, (address) =>
    own.has(address.replaceAll('&amp;', '&')) ? 'cid:' : address,
  );
  return LOADS.test(remote);
}
