/** Parts of a message by number, and their content with the transfer encoding undone. */
import { base64Size, decodeBase64 } from './base64.ts';
import { decodeCharset } from './charset.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';
import { decodeUuencode } from './uuencode.ts';
import type { MessageStructure, MimePart } from './structure.ts';

/**
 * The body of a part with its transfer encoding undone; whatever can't be decoded is skipped or kept, never an
 * error. `limit` reads only so many octets of the encoded body.
 */
export function decodePart(raw: Buffer, part: MimePart, limit = Infinity): Buffer {
  const body = raw.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + limit));
  switch (part.encoding) {
    case 'base64':
      return decodeBase64(body.toString('latin1'));
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    case 'x-uuencode':
    case 'uuencode':
      return decodeUuencode(body);
    default:
      return body;
  }
}

/** Octets of a part's content when decoded. */
export function decodedSize(raw: Buffer, part: MimePart): number {
  if (part.encoding === 'base64') return base64Size(raw.subarray(part.bodyStart, part.bodyEnd));
  return decodePart(raw, part).length;
}

/** The bytes without the beginning of a UTF-8 character that was cut off at their end. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** A text part's bytes with the transfer encoding undone; `limit` as for `decodePart`, but never half a character. */
export function decodeTextBytes(raw: Buffer, part: MimePart, limit = Infinity): Buffer {
  const bytes = decodePart(raw, part, limit);
  return part.bodyEnd - part.bodyStart > limit ? withoutCutCharacter(bytes) : bytes;
}

/** The body of a text part as text: transfer encoding undone, character set decoded. */
export function decodeText(raw: Buffer, part: MimePart, limit = Infinity): string {
  return decodeCharset(decodeTextBytes(raw, part, limit), part.parameters['charset'] ?? '');
}

/** The part's number as IMAP writes it: the body of a message that isn't multipart is number 1. */
export function partNumber(part: MimePart): string {
  return part.path === '' && part.type !== 'multipart' ? '1' : part.path;
}

/**
 * The part with that number (RFC 9051 §6.4.5): `''` is the message itself, `1` also its body when that isn't a
 * multipart, and numbers go on inside a message/rfc822. `undefined` when there is none.
 */
export function partAt(structure: MessageStructure, path: string): MimePart | undefined {
  if (path === '') return structure.root;
  if (!/^[1-9]\d*(\.[1-9]\d*)*$/.test(path)) return undefined;
  let part: MimePart | undefined;
  // A message, or a multipart in it: what the next number counts in.
  let container: MimePart | null = structure.root;
  for (const piece of path.split('.')) {
    if (container === null) return undefined;
    if (container.type === 'multipart') part = container.children[Number(piece) - 1];
    else part = piece === '1' ? container : undefined;
    if (part === undefined) return undefined;
    container = part.type === 'multipart' ? part : part.message;
  }
  return part;
}

/** Every part in the order of the bytes, multiparts before their children; messages inside are not entered. */
export function* partsOf(part: MimePart): Generator<MimePart> {
  yield part;
  for (const child of part.children) yield* partsOf(child);
}
