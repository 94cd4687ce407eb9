/** Which addresses of a stranger's document the preview keeps, and what takes the place of the others. */

/** What the document may load besides `data:`. */
export interface Reach {
  /** Address of the message's own part that `cid:` or a Content-Location names, relative to the preview. */
  readonly own: (address: string) => string | undefined;
  /** Whether it may load from this address of the network; `null` where the reader did not ask for the network. */
  readonly remote: ((url: URL) => boolean) | null;
}

/** What a reader may follow by a click. Anything else, `javascript:` first of all, is no link. */
const FOLLOWED = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:', 'ftp:', 'webcal:']);

/** The scheme as a browser would read it: it skips controls and blanks, wherever they hide. */
function schemeOf(address: string): string {
  const bare = address.replaceAll(/[\p{Cc}\s]/gu, '');
  if (bare.startsWith('//')) return 'https:';
  return /^[a-z][a-z0-9+.-]*:/i.exec(bare)?.[0].toLowerCase() ?? '';
}

/** A link's address; `null` for one that leads nowhere: a scheme that acts, or a path that would be this server's. */
export function followed(address: string): string | null {
  return FOLLOWED.has(schemeOf(address)) || isFragment(address) ? address.trim() : null;
}

export const isFragment = (address: string): boolean => address.trim().startsWith('#');

/**
 * Where something is loaded from: the message's own part for `cid:` and for its Content-Location, data, or the network where the reader asked for
 * it. `null` for the rest: a relative address would be one of this server.
 */
export function loaded(address: string, { own, remote }: Reach): string | null {
  const part = own(address);
  if (part !== undefined) return part;
  const scheme = schemeOf(address);
  if (scheme === 'data:' || isFragment(address)) return address.trim();
  if (remote === null || !['http:', 'https:'].includes(scheme)) return null;
  const whole = address.trim().replace(/^\/\//, 'https://');
  if (!URL.canParse(whole)) return null;
  // Written as it is understood here: `http:x` is relative to a page that is served over HTTP.
  const url = new URL(whole);
  return remote(url) ? url.href : null;
}

const DESCRIPTOR = /^\d+(?:\.\d+)?[wxh]$/;

/** The candidates of a `srcset` (HTML §4.8.4.10) that may be loaded. */
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
    // A comma at its end separates it from the next one, which has no descriptor then.
    if (!found.endsWith(',')) {
      for (descriptor.lastIndex = at; descriptor.test(srcset); at = descriptor.lastIndex);
      descriptors = srcset.slice(address.lastIndex, at);
    }
    const known = loaded(found.replace(/,+$/, ''), reach);
    const sizes = descriptors.split(/\s+/).filter((text) => DESCRIPTOR.test(text));
    if (known !== null) kept.push([known, ...sizes].join(' '));
  }
}
