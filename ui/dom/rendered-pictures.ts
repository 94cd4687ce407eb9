/**
 * Identifies the pictures of rendered messages for a comparison: by a digest of their content if they are parts of
 * the message, otherwise by their URL without its query, which often contains a tracking id.
 */

/** The width and height in pixels up to which a picture is a tracking pixel and not visible content. */
const INVISIBLE = 2;

/** Returns the FNV-1a hash of the bytes, 32 bits. */
function digest(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Returns whether a picture would be visible if it were loaded. */
function isSeen(picture: HTMLImageElement): boolean {
  const pixels = (name: string): number => Number.parseInt(picture.getAttribute(name) ?? '', 10);
  return !(pixels('width') <= INVISIBLE || pixels('height') <= INVISIBLE);
}

/** The visible pictures of a document, each with the text that identifies it. */
export type Pictures = ReadonlyMap<HTMLImageElement, string>;

/**
 * Identifies the visible pictures of a document. `isOwn` returns whether a URL refers to a part of the
 * message.
 */
export async function tellPictures(
  pictures: readonly HTMLImageElement[],
  isOwn: (address: string) => boolean,
): Promise<Pictures> {
  const told = await Promise.all(
    pictures.filter(isSeen).map(async (picture): Promise<[HTMLImageElement, string]> => {
      const address = picture.src;
      if (!isOwn(address)) return [picture, address.replace(/^(https?:[^?#]*).*$/i, '$1')];
      const answer = await fetch(address).catch(() => null);
      if (answer?.ok !== true) return [picture, address];
      return [picture, String(digest(new Uint8Array(await answer.arrayBuffer())))];
    }),
  );
  return new Map(told);
}
