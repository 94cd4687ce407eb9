/** Parts of a message by number, and their content with the transfer encoding undone. */
import { base64Size, decodeBase64, isPlainInstead } from './base64.ts';
import { decodeCharset } from './charset/index.ts';
import { decodeQuotedPrintable, quotedPrintableSize } from './quoted-printable.ts';
import { decodeUuencode, uuencodeSize } from './uuencode.ts';
import type { MessageStructure, MimePart } from './structure.ts';

/**
 * The body of a part with its transfer encoding undone: a pure function, linear in the body, into one buffer of a size
 * that is known in advance. Octets that cannot be decoded are skipped or kept, never an error. `limit` reads only so many
 * octets of the encoded body.
 */
export function decodePart(raw: Buffer, part: MimePart, limit = Infinity): Buffer {
  const body = bodyOf(raw, part, limit);
  return (CODECS[part.encoding]?.decode ?? identity)(body);
}

/** Octets of a part's content when decoded; counted, not decoded. */
export function decodedSize(raw: Buffer, part: MimePart): number {
  const body = bodyOf(raw, part, Infinity);
  return CODECS[part.encoding]?.size(body) ?? body.length;
}

interface TransferCodec {
  readonly decode: (body: Buffer) => Buffer;
  readonly size: (body: Buffer) => number;
}

/** Transfer encodings by their canonical names; all others leave the body as it is. */
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

/** The body of a text part as text: transfer encoding undone, character set decoded; never half a character at a limit. */
export function decodeText(raw: Buffer, part: MimePart, limit = Infinity): string {
  const cut = part.bodyEnd - part.bodyStart > limit;
  const bytes = decodePart(raw, part, limit);
  const fallback = (part.subtype === 'html' ? metaCharset(bytes) : null) ?? part.fallbackCharset;
  return decodeCharset(bytes, part.parameters['charset'] ?? '', { cut, fallback });
}

/** Octets at the beginning of an HTML document in which its charset is looked for, as browsers do. */
const META_READ = 1024;

/** The charset that an HTML document names in a `<meta>` of its head; `null` when it names none. */
function metaCharset(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, META_READ);
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(head)?.[1] ?? null;
}

/** The part's number as IMAP writes it: the body of a message that isn't multipart is number 1. */
export function partNumber(part: MimePart): string {
  return part.path === '' && part.type !== 'multipart' ? '1' : part.path;
}

/**
 * The part with that number (RFC 9051 §6.4.5): `''` is the message itself, `1` also its body when that isn't a
 * multipart, and numbers go on inside a message/rfc822; `1.uu2` is the second file in the text of part 1. `undefined`
 * when there is none.
 */
export function partAt(structure: MessageStructure, path: string): MimePart | undefined {
  const file = /^(.+)\.uu([1-9]\d*)$/.exec(path);
  if (file !== null) return partAt(structure, file[1] ?? '')?.files[Number(file[2]) - 1];
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
