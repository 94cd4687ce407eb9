/**
 * Classifies the parts of a message for users, in more detail than the media type does. The kinds are, among
 * others: nested message, delivery report, encrypted body, and the file winmail.dat of Outlook.
 */
import type { PartKind } from '../../contract/names.ts';
import { readTextPart } from './text-part.ts';
import type { MessageStructure, MimePart } from './structure.ts';
import type { MessageBodies } from './bodies.ts';

export type { PartKind };

/** The method by which a message's body is encrypted. */
export type Encryption = 'pgp' | 'smime';

const KINDS: Partial<Readonly<Record<string, PartKind>>> = {
  'message/rfc822': 'message',
  'message/global': 'message',
  'message/delivery-status': 'delivery-status',
  'message/global-delivery-status': 'delivery-status',
  'message/disposition-notification': 'disposition-notification',
  'message/global-disposition-notification': 'disposition-notification',
  'message/feedback-report': 'feedback-report',
  'text/rfc822-headers': 'headers',
  'message/global-headers': 'headers',
  'application/ms-tnef': 'tnef',
  'application/vnd.ms-tnef': 'tnef',
  'application/pgp-encrypted': 'encrypted',
  'application/pkcs7-signature': 'signature',
  'application/x-pkcs7-signature': 'signature',
  'application/pgp-signature': 'signature',
  'application/pgp-keys': 'key',
  'text/calendar': 'calendar',
  'application/ics': 'calendar',
  'text/vcard': 'contact',
  'text/x-vcard': 'contact',
};
const SMIME = new Set(['application/pkcs7-mime', 'application/x-pkcs7-mime']);
/**
 * Kinds of parts by patterns of the file name, for parts with a generic media type such as
 * application/octet-stream (RFC 8551 §3.2.1).
 */
const NAMES: readonly (readonly [name: RegExp, kind: PartKind])[] = [
  [/^win(?:mail)?\.dat$/i, 'tnef'],
  [/\.p7s$/i, 'signature'],
  [/^(?:encrypted\.asc|.*\.(?:gpg|pgp))$/i, 'encrypted'],
  [/\.ics$/i, 'calendar'],
  [/\.vcf$/i, 'contact'],
  [/\.eml$/i, 'message'],
];

/**
 * Returns the kind of an S/MIME part. The kind is determined from the `smime-type` parameter, or else from
 * the file name (RFC 8551 §3.2.2).
 */
function smimeKind(part: MimePart): PartKind {
  const type = (part.parameters['smime-type'] ?? '').toLowerCase();
  if (type === 'signed-data' || type === 'certs-only') return type === 'certs-only' ? 'key' : 'signed';
  return /\.p7c$/i.test(part.filename ?? '') ? 'key' : 'encrypted';
}

/** Returns the kind of a part; `file` if the part has no special kind. */
export function kindOf(part: MimePart): PartKind {
  const type = `${part.type}/${part.subtype}`;
  if (SMIME.has(type)) return smimeKind(part);
  const known = KINDS[type];
  if (known !== undefined) return known;
  if (type !== 'application/octet-stream') return 'file';
  return NAMES.find(([name]) => name.test(part.filename ?? ''))?.[1] ?? 'file';
}

/** Number of octets at the beginning of a text part that are searched for an inline PGP message. */
const INLINE_READ = 4_000;
const INLINE_PGP = /^-----BEGIN PGP MESSAGE-----\s*$/m;

/**
 * Returns the method by which the body of a message is encrypted; `null` if it is not encrypted. All
 * multiparts are searched for an encrypted part, because mailing list software wraps an encrypted message and
 * its footer in a multipart/mixed. Forwarded messages are not searched.
 */
export function encryptionOf(
  raw: Buffer,
  { root }: MessageStructure,
  { textBody }: MessageBodies,
): Encryption | null {
  const found = encryptedPart(root);
  if (found !== null) return found;
  const text = textBody.find(({ subtype }) => subtype === 'plain');
  return text !== undefined && INLINE_PGP.test(readTextPart(raw, text, INLINE_READ)) ? 'pgp' : null;
}

function encryptedPart(part: MimePart): Encryption | null {
  if (part.type === 'multipart') {
    if (part.subtype === 'encrypted')
      return /pkcs7/i.test(part.parameters['protocol'] ?? '') ? 'smime' : 'pgp';
    for (const child of part.children) {
      const found = encryptedPart(child);
      if (found !== null) return found;
    }
    return null;
  }
  const type = `${part.type}/${part.subtype}`;
  return SMIME.has(type) && kindOf(part) === 'encrypted' ? 'smime' : null;
}
