/** Finds parts of a message by their part number, and decodes the content of parts. */
import { base64Size, decodeBase64, isPlainInstead } from './base64.ts';
import { decodeCharset } from './charset/index.ts';
import { decodeQuotedPrintable, quotedPrintableSize } from './quoted-printable.ts';
import { decodeUuencode, uuencodeSize } from './uuencode.ts';
import type { MessageStructure, MimePart } from './structure.ts';

/**
 * Decodes the transfer encoding of a part's body. The function takes linear time and writes into one buffer of
 * known size. Octets that cannot be decoded are skipped or copied; they cause no error.
 *
 * @param limit maximum number of octets of the encoded body that are read
 */
export function decodePart(raw: Buffer, part: MimePart, limit = Infinity): Buffer {
  const body = bodyOf(raw, part, limit);
  return (CODECS[part.encoding]?.decode ?? identity)(body);
}

/** Returns the number of octets of a part's decoded content, counted without decoding. */
export function decodedSize(raw: Buffer, part: MimePart): number {
  const body = bodyOf(raw, part, Infinity);
  return CODECS[part.encoding]?.size(body) ?? body.length;
}

interface TransferCodec {
  readonly decode: (body: Buffer) => Buffer;
  readonly size: (body: Buffer) => number;
}

/**
 * Decoders by the canonical name of the transfer encoding. The body of a part with any other encoding is
 * returned unchanged.
 */
const CODECS: Partial<Readonly<Record<string, TransferCodec>>> = {
  base64: {
    decode: (body) => (isPlainInstead(body) ? body : decodeBase64(body)),
    size: (body) => (isPlainInstead(body) ? body.length : base64Size(body)),
  },
  'quoted-printable': { decode: decodeQuotedPrintable, size: quotedPrintableSize },
  'x-uuencode': { decode: decodeUuencode, size: uuencodeSize },
};
const identity = (body: Buffer): Buffer => body;

const bodyOf = (raw: Buffer, part: MimePart, limit: number): Buffer =>
  raw.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + limit));

/**
 * Returns the body of a text part as text, with transfer encoding and charset decoded. If the limit cuts the
 * body within a character, this character is left out.
 */
export function decodeText(raw: Buffer, part: MimePart, limit = Infinity): string {
  const cut = part.bodyEnd - part.bodyStart > limit;
  const bytes = decodePart(raw, part, limit);
  const fallback = (part.subtype === 'html' ? metaCharset(bytes) : null) ?? part.fallbackCharset;
  return decodeCharset(bytes, part.parameters['charset'] ?? '', { cut, fallback });
}

/**
 * Number of octets at the beginning of an HTML document that are searched for a charset; browsers search the
 * same number.
 */
const META_READ = 1024;

/**
 * Returns the charset that an HTML document declares in a `<meta>` element of its head; `null` if it declares none.
 */
function metaCharset(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, META_READ);
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(head)?.[1] ?? null;
}

/**
 * Returns the number of a part as IMAP defines it. The body of a message that is not a multipart has the
 * number 1.
 */
export function partNumber(part: MimePart): string {
  return part.path === '' && part.type !== 'multipart' ? '1' : part.path;
}

/**
 * Returns the part with the number `path` (RFC 9051 §6.4.5); `undefined` if the message has no such part. `''`
 * is the message itself; `1` is also the body of a message that is not a multipart. The parts inside a
 * message/rfc822 are numbered below the number of that part. `1.uu2` is the second uuencoded file in the text
 * of part 1.
 */
export function partAt(structure: MessageStructure, path: string): MimePart | undefined {
  const file = /^(.+)\.uu([1-9]\d*)$/.exec(path);
  if (file !== null) return partAt(structure, file[1] ?? '')?.files[Number(file[2]) - 1];
  if (path === '') return structure.root;
  if (!/^[1-9]\d*(\.[1-9]\d*)*$/.test(path)) return undefined;
  let part: MimePart | undefined;
  // The message or multipart in which the next piece of the part number selects a child part.
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

/**
 * Returns all parts in the order of the message, each multipart before its children. Parts of nested messages
 * are not included.
 */
export function* partsOf(part: MimePart): Generator<MimePart> {
  yield part;
  for (const child of part.children) yield* partsOf(child);
}
