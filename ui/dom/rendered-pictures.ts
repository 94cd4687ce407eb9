/**
 * What tells two pictures of rendered messages apart: their content where they are parts of the message, their
 * address without its query (which counts openings) where they come from elsewhere.
 */

/** Pixels up to which a picture is there to be counted, not to be seen. */
const INVISIBLE = 2;

/** FNV-1a, 32 bits. */
function digest(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Whether a reader would see it, were it there. */
function isSeen(picture: HTMLImageElement): boolean {
  const pixels = (name: string): number => Number.parseInt(picture.getAttribute(name) ?? '', 10);
  return !(pixels('width') <= INVISIBLE || pixels('height') <= INVISIBLE);
}

/** Pictures that a reader would see, with what tells each from others. */
export type Pictures = ReadonlyMap<HTMLImageElement, string>;

/** `isOwn` says of an address whether it is one of the message's parts. */
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
