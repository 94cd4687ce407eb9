/** Decides which URLs in the HTML of a message the preview keeps, and replaces all other URLs. */

/** The URLs that the previewed document may load besides `data:` URLs. */
export interface Reach {
  /**
   * Returns the URL, relative to the preview, of the message's part that a `cid:` URL or a Content-Location
   * names; `undefined` if the message has no such part.
   */
  readonly own: (address: string) => string | undefined;
  /**
   * Returns whether the previewed document may load a URL from the network; `null` if the reader did not
   * request network content.
   */
  readonly remote: ((url: URL) => boolean) | null;
}

/**
 * The URL schemes of links that the reader can click. Links with other schemes, above all `javascript:`, are
 * removed.
 */
const FOLLOWED = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:', 'ftp:', 'webcal:']);

/**
 * Returns the scheme of a URL as a browser would parse it: a browser ignores control characters and blanks in any
 * position.
 */
function schemeOf(address: string): string {
  const bare = address.replaceAll(/[\p{Cc}\s]/gu, '');
  if (bare.startsWith('//')) return 'https:';
  return /^[a-z][a-z0-9+.-]*:/i.exec(bare)?.[0].toLowerCase() ?? '';
}

/**
 * Returns the URL of a link that may stay in the preview; `null` if the link must be removed, because its
 * scheme runs code or because it is relative and would refer to this server.
 */
export function followed(address: string): string | null {
  return FOLLOWED.has(schemeOf(address)) || isFragment(address) ? address.trim() : null;
}

export const isFragment = (address: string): boolean => address.trim().startsWith('#');

/**
 * Returns the URL from which the previewed document may load a resource: a part of the message for a `cid:`
 * URL or a Content-Location, a `data:` URL, or a URL of the network if the reader requested network content.
 * Returns `null` for every other URL: a relative URL would refer to this server.
 */
export function loaded(address: string, { own, remote }: Reach): string | null {
  const part = own(address);
  if (part !== undefined) return part;
  const scheme = schemeOf(address);
  if (scheme === 'data:' || isFragment(address)) return address.trim();
  if (remote === null || !['http:', 'https:'].includes(scheme)) return null;
  const whole = address.trim().replace(/^\/\//, 'https://');
  if (!URL.canParse(whole)) return null;
  // The URL is returned in its normalised form, because a browser would resolve `http:x` relative to a page that is
  // served over HTTP.
  const url = new URL(whole);
  return remote(url) ? url.href : null;
}

const DESCRIPTOR = /^\d+(?:\.\d+)?[wxh]$/;

/**
 * Returns the value of a `srcset` attribute (HTML §4.8.4.10) with only those image candidates that may be
 * loaded.
 */
export function loadedSet(srcset: string, reach: Reach): string {
  const kept: string[] = [];
  const address = /[\s,]*([^\s,]\S*)/y;
  const descriptor = /[^,(]+|\([^)]*\)?/y;
  for (let at = 0; ;) {
    address.lastIndex = at;
    const [, found] = address.exec(srcset) ?? [];
    if (found === undefined) return kept.join(', ');
    at = address.lastIndex;
    let descriptors = '';
    // A comma at the end of a URL separates it from the next image candidate; the URL then has no width or
    // density descriptor.
    if (!found.endsWith(',')) {
      for (descriptor.lastIndex = at; descriptor.test(srcset); at = descriptor.lastIndex);
      descriptors = srcset.slice(address.lastIndex, at);
    }
    const known = loaded(found.replace(/,+$/, ''), reach);
    const sizes = descriptors.split(/\s+/).filter((text) => DESCRIPTOR.test(text));
    if (known !== null) kept.push([known, ...sizes].join(' '));
  }
}
