/**
 * Names under which parts are saved: the sender's name, made safe, or a name made from the facts about the part. It
 * always has an extension that fits the type, by the table of the package `mime`.
 */
import mime from 'mime';
import { decodeWords, headerValues } from './header.ts';
import { partNumber } from './part.ts';
import { kindOf, type PartKind } from './part-kind.ts';
import type { MimePart } from './structure.ts';

/** Characters of a name without its extension. */
const MAX_NAME = 120;
/** Characters that act in a path, in a shell or on a screen: controls, separators, wildcards, marks that turn text. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu;

/** Extensions where the table has none, or another than people know. */
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
/** Names that mail programs give parts of a kind. */
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

/** One line without characters that act, dots and blanks at its ends; empty where nothing is left. */
function safe(name: string): string {
  return name
    .replace(UNSAFE, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[ ._]+|[ .]+$/g, '');
}

/** The extension of a type; `txt` for reports, which are text, and for text that is not known, `bin` for the rest. */
function extensionOf({ type, subtype }: MimePart): string {
  const full = `${type}/${subtype}`;
  const known = EXTENSIONS[full];
  if (known !== undefined) return known;
  if (type === 'message') return 'txt';
  return mime.getExtension(full) ?? (type === 'text' ? 'txt' : 'bin');
}

/** The last segment of a Content-Location, as far as it is a file's name; empty where it is none. */
function locationName(location: string | null): string {
  const segment = /([^/?#]+\.[a-z0-9]{1,8})(?:[?#]|$)/i.exec(location ?? '')?.[1] ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A name without an extension for a part that the sender did not name. */
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

/** The name to save a part under: never empty, never a path, always with an extension where the sender gave no name. */
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
