/** Sizes as texts for people. */

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB'];

/** Returns a size in octets as a text such as `354 Bytes` or `2.5 KB`. */
export function sizeText(octets: number): string {
  if (octets <= 0) return '0 Bytes';
  const unit = Math.min(Math.floor(Math.log(octets) / Math.log(1024)), UNITS.length - 1);
  return `${Number((octets / 1024 ** unit).toFixed(2))} ${UNITS[unit]}`;
}
