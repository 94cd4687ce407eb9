/** The type of an image by the extension in its URL. */

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    jpeg: 'jpg',
    jpe: 'jpg',
    pjpeg: 'jpg',
    'svg+xml': 'svg',
    'x-icon': 'ico',
    'vnd.microsoft.icon': 'ico',
    'x-ms-bmp': 'bmp',
    tif: 'tiff',
    heic: 'heif',
  }),
);

/**
 * Returns the word for the use of an image type, such as `image:webp`, from a media subtype or a file
 * extension.
 */
export function imageWord(kind: string): string {
  const lower = kind.toLowerCase();
  return `image:${TYPES.get(lower) ?? lower}`;
}

/** Records the type of an image: the media type of a `data:` URL, or else the extension of the path. */
export function observeUrl(address: string, see: (word: string) => void): void {
  const url = address.trim().slice(0, 2_000);
  const data = /^data:[a-z]+\/([a-z0-9.+-]+)(;[^,]*)?,/i.exec(url);
  if (data) {
    if (/;base64/i.test(data[2] ?? '')) see('image:base64');
    see(imageWord(data[1] ?? ''));
    return;
  }
  const extension = /^[^?#]*\.([a-z0-9]{2,5})(?:[?#]|$)/i.exec(url)?.[1];
  if (extension !== undefined) see(imageWord(extension));
}
