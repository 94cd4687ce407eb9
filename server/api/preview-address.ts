/** Which addresses of a stranger's document the preview lets stand, and what becomes of the others. */

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
 * Where something is loaded from: the message's own part for `cid:`, data, the network (which the document's policy
 * keeps out unless the reader asks). `null` for the rest: a relative address would be one of this server.
 */
export function loaded(address: string, own: (contentId: string) => string | undefined): string | null {
  const scheme = schemeOf(address);
  if (scheme === 'cid:') return own(address.trim().slice('cid:'.length)) ?? null;
  const isKnown = ['http:', 'https:', 'data:'].includes(scheme) || isFragment(address);
  return isKnown ? address.trim() : null;
}

/** The candidates of a `srcset` that may be loaded. */
export function loadedSet(srcset: string, own: (contentId: string) => string | undefined): string {
  return srcset
    .split(/,\s+|,(?=(?:https?|cid):)/i)
    .flatMap((candidate) => {
      const [address = '', ...descriptors] = candidate.trim().split(/\s+/);
      const known = loaded(address, own);
      return known === null ? [] : [[known, ...descriptors].join(' ')];
    })
    .join(', ');
}
