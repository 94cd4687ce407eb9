/**
 * Reads the text of a text part as users see it: transfer encoding and charset decoded, `format=flowed` lines
 * joined, with LF line endings, and uuencoded files left out. The preview, the text, the search and IMAP SEARCH
 * all use this function.
 */
import { decodeCharset } from './charset/index.ts';
import { unflow } from './flowed.ts';
import { decodeText } from './part.ts';
import type { MimePart } from './structure.ts';

/**
 * Returns the text of a text part.
 *
 * @param limit maximum number of octets of the encoded body that are read
 */
export function readTextPart(raw: Buffer, part: MimePart, limit = Infinity): string {
  const decoded = part.files.length === 0 ? decodeText(raw, part, limit) : textAroundFiles(raw, part, limit);
  const flowed = part.subtype === 'plain' && part.parameters['format']?.toLowerCase() === 'flowed';
  return flowed
    ? unflow(decoded, part.parameters['delsp']?.toLowerCase() === 'yes')
    : decoded.replaceAll('\r\n', '\n');
}

/**
 * Returns the text of a body without the uuencoded files in it. Only a body without a transfer encoding can
 * contain such files.
 */
function textAroundFiles(raw: Buffer, part: MimePart, limit: number): string {
  const end = Math.min(part.bodyEnd, part.bodyStart + limit);
  const pieces: Buffer[] = [];
  let from = part.bodyStart;
  for (const { bodyStart, bodyEnd } of part.files) {
    pieces.push(raw.subarray(from, Math.max(from, Math.min(bodyStart, end))));
    from = bodyEnd;
  }
  pieces.push(raw.subarray(from, Math.max(from, end)));
  return decodeCharset(Buffer.concat(pieces), part.parameters['charset'] ?? '', {
    cut: end < part.bodyEnd,
    fallback: part.fallbackCharset,
  });
}
