/**
 * Chooses the file names under which parts are saved: the name that the sender wrote, without unsafe
 * characters, or else a name that is made from properties of the part. Such a name has the extension for the
 * media type in the table of the package `mime`.
 */
import mime from 'mime';
import { decodeWords, headerValues } from './header.ts';
import { partNumber } from './part.ts';
import { kindOf, type PartKind } from './part-kind.ts';
import type { MimePart } from './structure.ts';

/** Maximum length of a file name in characters, without its extension. */
const MAX_NAME = 120;
/**
 * Matches characters with an effect in paths, shells or displays: control characters, separators, wildcards and
 * direction marks.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu;

/**
 * File extensions for media types that the package `mime` does not know, or for which it has an unusual
 * extension.
 */
const EXTENSIONS: Partial<Readonly<Record<string, string>>> = {
  'audio/mpeg': 'mp3',
  'image/pjpeg': 'jpg',
  'image/jpg': 'jpg',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'application/ics': 'ics',
  'application/pgp-signature': 'asc',
  'application/pgp-encrypted': 'asc',
  'application/pgp-keys': 'asc',
  'application/x-pkcs7-mime': 'p7m',
  'application/x-pkcs7-signature': 'p7s',
  'message/rfc822': 'eml',
  'message/global': 'eml',
};
/** Usual file names, without extension, for parts of certain media types. */
const NAMES: Partial<Readonly<Record<PartKind, string>>> = {
  calendar: 'invitation',
  contact: 'contact',
  'delivery-status': 'delivery-status',
  'disposition-notification': 'disposition-notification',
  'feedback-report': 'feedback-report',
  headers: 'headers',
  message: 'message',
  signature: 'signature',
  key: 'keys',
};

/**
 * Returns a file name on one line without unsafe characters, and without dots and blanks at its ends; empty if
 * nothing remains.
 */
function safe(name: string): string {
  return name
    .replace(UNSAFE, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[ ._]+|[ .]+$/g, '');
}

/**
 * Returns the file extension for a media type. Reports and unknown text types have the extension `txt`, other
 * unknown types `bin`.
 */
function extensionOf({ type, subtype }: MimePart): string {
  const full = `${type}/${subtype}`;
  const known = EXTENSIONS[full];
  if (known !== undefined) return known;
  if (type === 'message') return 'txt';
  return mime.getExtension(full) ?? (type === 'text' ? 'txt' : 'bin');
}

/** Returns the last segment of a Content-Location if it looks like a file name; else the empty string. */
function locationName(location: string | null): string {
  const segment = /([^/?#]+\.[a-z0-9]{1,8})(?:[?#]|$)/i.exec(location ?? '')?.[1] ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Returns a file name without an extension for a part to which the sender gave no name. */
function madeName(part: MimePart): string {
  const subject = part.message === null ? undefined : headerValues(part.message, 'subject')[0];
  const candidates = [
    subject === undefined ? '' : decodeWords(subject),
    part.description ?? '',
    NAMES[kindOf(part)] ?? '',
    `part-${partNumber(part)}`,
  ];
  return candidates.map((name) => safe(name).slice(0, MAX_NAME).trim()).find((name) => name !== '') ?? 'part';
}

/**
 * Returns the file name under which a part is saved. The name is never empty and never a path; a name that the
 * sender did not write always has an extension.
 */
export function fileName(part: MimePart): string {
  const kind = kindOf(part);
  const given = safe(part.filename ?? '') || safe(locationName(part.location));
  if (given !== '') return given.slice(-(MAX_NAME + 10));
  if (kind === 'tnef') return 'winmail.dat';
  if (kind === 'encrypted' && part.subtype.endsWith('pkcs7-mime')) return 'smime.p7m';
  const name = madeName(part);
  const extension = `.${extensionOf(part)}`;
  return name.toLowerCase().endsWith(extension) ? name : name + extension;
}
