/** The header fields with which an attachment is sent to a browser, so that the browser never runs its content. */
import type { MimePart } from '../../message/structure.ts';

/**
 * The media types that a browser shows without running scripts; parts of all other types are downloaded. SVG
 * and HTML must not be in this list.
 */
const SHOWN = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/x-icon',
  'image/vnd.microsoft.icon',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'video/mp4',
  'video/webm',
  'font/woff',
  'font/woff2',
  'font/ttf',
  'font/otf',
]);

/**
 * Returns the media type with which a part is sent, and whether the browser may show the part. Every text
 * type is sent as plain text.
 */
export function shownType({ type, subtype, parameters }: Pick<MimePart, 'type' | 'subtype' | 'parameters'>): {
  type: string;
  inline: boolean;
} {
  const full = `${type}/${subtype}`;
  if (SHOWN.has(full)) return { type: full, inline: true };
  if (type === 'text' && ['plain', 'calendar', 'csv', 'markdown', 'vcard'].includes(subtype)) {
    const charset = /^[\w.:-]{1,40}$/.test(parameters['charset'] ?? '')
      ? (parameters['charset'] ?? '')
      : 'utf-8';
    return { type: `text/plain; charset=${charset}`, inline: true };
  }
  if (full === 'application/pdf') return { type: full, inline: false };
  return { type: 'application/octet-stream', inline: false };
}

/**
 * Returns the value of Content-Disposition with the file name in ASCII (RFC 6266) and in UTF-8 (RFC 8187);
 * control characters are removed from the name.
 */
export function contentDisposition(kind: 'inline' | 'attachment', filename: string): string {
  const clean = filename.replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').slice(0, 200);
  const ascii = clean.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(clean.replaceAll(/\p{Cs}/gu, '_')).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
