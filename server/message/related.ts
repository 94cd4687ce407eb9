/**
 * Finds the parts to which the HTML of a message refers: by Content-ID with a `cid:` URL (RFC 2392), or by
 * Content-Location (RFC 2557), which is relative to the location of the enclosing multipart.
 */
import type { MimePart } from './structure.ts';

/** Base address of a message without a Content-Location (RFC 2557 §5). */
export const THIS_MESSAGE = 'thismessage:/';

/** Resolves an address against a base address; returns the address unchanged if it cannot be resolved. */
function resolve(address: string, base: string): string {
  try {
    return new URL(address, base).href;
  } catch {
    return address;
  }
}

/**
 * Returns the location of each part that has or inherits a Content-Location. A part inherits the location of
 * the multipart that contains it.
 */
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

/** A part and the two identifiers by which the HTML of a message can refer to the part. */
interface Related {
  readonly part: string;
  readonly contentId: string | null;
  /** Absolute location of the part; `null` for a part that has no Content-Location field itself. */
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
 * Returns a function that finds the number of the part to which an address in the HTML refers. That function
 * returns `undefined` if the address refers to no part.
 *
 * @param base location (base address) of the HTML part, against which relative addresses are resolved
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
