/**
 * Finds the binary parts of an outgoing message (RFC 3030 §3). Only a server with the extension BINARYMIME
 * accepts binary parts unchanged. For all other servers they are converted to base64, unless a signature
 * covers them.
 */
import { parseStructure } from '../message/parse.ts';
import type { MimePart } from '../message/structure.ts';

/** The maximum length of a line in octets without its CRLF (RFC 5321 §4.5.3.1.6). */
const MAX_LINE = 998;
/** The number of octets that one line of base64 encodes (RFC 2045 §6.8). */
const ENCODED_IN_LINE = 57;
const FIELD = /^content-transfer-encoding$/i;

const LF = 10;
const CR = 13;

/** Returns whether a server with the given SMTP extensions accepts binary parts unchanged. */
export const takesBinary = (extensions: ReadonlyMap<string, string>): boolean =>
  extensions.has('BINARYMIME') && extensions.has('CHUNKING');

/** A range of octets of the message, and the octets that replace it. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: Buffer;
}

/**
 * Returns whether a body cannot be sent as lines of text: it contains a NUL, a lone CR or LF, or a line that
 * is too long.
 */
function isBinary(body: Buffer): boolean {
  if (body.includes(0)) return true;
  let start = 0;
  for (let end = body.indexOf(LF); end !== -1; end = body.indexOf(LF, start)) {
    if (body[end - 1] !== CR || end === start || end - 1 - start > MAX_LINE) return true;
    if (body.indexOf(CR, start) !== end - 1) return true;
    start = end + 1;
  }
  return body.length - start > MAX_LINE || body.indexOf(CR, start) !== -1;
}

const inside = (part: MimePart): readonly MimePart[] =>
  part.message === null ? part.children : [part.message];

/**
 * Yields each part that has the encoding `binary`, and whether a signature covers the part; children come
 * before their parents.
 */
function* labelled(part: MimePart, signed: boolean): Generator<{ part: MimePart; signed: boolean }> {
  const covered = signed || (part.type === 'multipart' && part.subtype === 'signed');
  for (const child of inside(part)) yield* labelled(child, covered);
  if (part.encoding === 'binary') yield { part, signed };
}

/** Returns whether a message has a part that must be sent with the extension BINARYMIME. */
export function hasBinaryParts(raw: Buffer): boolean {
  if (!/^content-transfer-encoding:\s*binary/im.test(raw.toString('latin1'))) return false;
  for (const { part } of labelled(parseStructure(raw).root, false)) {
    if (inside(part).length === 0 && isBinary(raw.subarray(part.bodyStart, part.bodyEnd))) return true;
  }
  return false;
}

/**
 * Returns the message with its binary parts converted to base64; `null` if a signature covers one of the
 * binary parts, because the conversion would invalidate the signature.
 */
export function withoutBinaryParts(raw: Buffer): Buffer | null {
  const edits: Edit[] = [];
  for (const { part, signed } of labelled(parseStructure(raw).root, false)) {
    if (signed) return null;
    const isLeaf = inside(part).length === 0;
    for (const { name, start, end } of part.headers) {
      if (!FIELD.test(name)) continue;
      // A part of the type multipart or message must not have the encoding base64 (RFC 2045 §6.4).
      edits.push({ start, end, by: Buffer.from(`${name}: ${isLeaf ? 'base64' : '8bit'}\r\n`) });
    }
    const { bodyStart: start, bodyEnd: end } = part;
    if (isLeaf) edits.push({ start, end, by: base64Lines(raw.subarray(start, end)) });
  }
  return apply(raw, edits);
}

function base64Lines(body: Buffer): Buffer {
  const lines: string[] = [];
  for (let at = 0; at < body.length; at += ENCODED_IN_LINE) {
    lines.push(body.toString('base64', at, at + ENCODED_IN_LINE));
  }
  return Buffer.from(lines.join('\r\n'));
}

function apply(raw: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { start, end, by } of edits.toSorted((a, b) => a.start - b.start)) {
    pieces.push(raw.subarray(from, start), by);
    from = end;
  }
  return Buffer.concat([...pieces, raw.subarray(from)]);
}
