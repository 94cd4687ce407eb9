/**
 * Parts that the HTML of a message refers to: by Content-ID as `cid:` (RFC 2392), or by Content-Location (RFC 2557), whose
 * addresses are relative to the location of the multipart around them.
 */
import type { MimePart } from './structure.ts';

/** The base of a message that has no location of its own (RFC 2557 §5). */
export const THIS_MESSAGE = 'thismessage:/';

/** An address resolved against a base; as it is written where that is not possible. */
function resolve(address: string, base: string): string {
  try {
    return new URL(address, base).href;
  } catch {
    return address;
  }
}

/** The location of each part that has one or inherits one, from the outermost multipart inwards. */
export function locationsIn(root: MimePart): ReadonlyMap<MimePart, string> {
  const found = new Map<MimePart, string>();
  const visit = (part: MimePart, base: string): void => {
    const location = part.location === null ? base : resolve(part.location, base);
    if (part.location !== null || base !== THIS_MESSAGE) found.set(part, location);
    for (const child of part.children) visit(child, part.type === 'multipart' ? location : base);
  };
  visit(root, THIS_MESSAGE);
  return found;
}

/** What a reference is compared with. */
interface Related {
  readonly part: string;
  readonly contentId: string | null;
  /** Absolute; `null` for a part without a location of its own. */
  readonly location: string | null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Finds the part that an address in the HTML means, by its number; `undefined` where it means none.
 *
 * @param base location of the HTML part
 */
export function partFinder(parts: readonly Related[], base: string): (address: string) => string | undefined {
  const byId = new Map<string, string>();
  const byLocation = new Map<string, string>();
  for (const { part, contentId, location } of parts) {
    if (contentId !== null && !byId.has(contentId)) byId.set(contentId, part);
    if (location !== null && !byLocation.has(location)) byLocation.set(location, part);
  }
  return (address) => {
    const trimmed = address.trim();
    if (/^cid:/i.test(trimmed)) {
      const id = trimmed.slice('cid:'.length);
      return byId.get(id) ?? byId.get(decoded(id));
    }
    return byLocation.size === 0 ? undefined : byLocation.get(resolve(trimmed, base));
  };
}
