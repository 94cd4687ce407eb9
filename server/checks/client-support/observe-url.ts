/** What kind of image an address names, as far as the address tells. */

const TYPES: Readonly<Record<string, string>> = {
  jpeg: 'jpg',
  jpe: 'jpg',
  pjpeg: 'jpg',
  'svg+xml': 'svg',
  'x-icon': 'ico',
  'vnd.microsoft.icon': 'ico',
  'x-ms-bmp': 'bmp',
  tif: 'tiff',
  heic: 'heif',
};

/** An image's kind by its media subtype or its file's extension. */
export function imageWord(kind: string): string {
  const lower = kind.toLowerCase();
  return `image:${TYPES[lower] ?? lower}`;
}

/** Notes an image's address: `data:` by its media type, others by the extension of the path. */
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
