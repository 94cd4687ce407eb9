/**
 * Finds uuencoded files in the middle of a text part. This form of attachment is older than MIME, but some
 * programs still use it.
 */
import { decodeCharset } from './charset/index.ts';
import type { PartDraft } from './part-fields.ts';
import { findUuBlock, type UuBlock } from './uuencode.ts';

/** Maximum number of files that are found in one part. */
const MAX_FILES = 100;
const LF = 10;
const IDENTITY = new Set(['7bit', '8bit', 'binary']);

/**
 * Returns whether a block is a uuencoded file, and not ordinary text with a line such as “begin 644 …”. A
 * file has a line `end`, and its first line of data has the correct length and only uuencode digits.
 */
function isFile(body: Buffer, block: UuBlock): boolean {
  if (block.end === block.dataEnd) return false;
  const feed = body.indexOf(LF, block.dataStart);
  const line = body.toString('latin1', block.dataStart, Math.min(feed, block.dataEnd)).trimEnd();
  if (line === '' || line === '`') return true;
  const digits = Math.ceil(((line.charCodeAt(0) - 32) & 63) / 3) * 4;
  // The length of the line may differ a little from the stated number of digits: an encoder may have appended
  // a checksum, and a gateway may have removed blanks from the end of the line.
  return /^[ -`]+$/.test(line) && line.length <= digits + 3 && line.length >= 2;
}

/** Returns the uuencoded files in the body of a text part, each as a separate part. */
export function filesIn(raw: Buffer, part: PartDraft): readonly PartDraft[] {
  if (part.type !== 'text' || part.subtype !== 'plain' || !IDENTITY.has(part.encoding)) return [];
  const body = raw.subarray(part.bodyStart, part.bodyEnd);
  const files: PartDraft[] = [];
  for (
    let block = findUuBlock(body);
    block !== null && files.length < MAX_FILES;
    block = findUuBlock(body, block.end)
  ) {
    if (!isFile(body, block)) continue;
    const number = part.path === '' ? '1' : part.path;
    files.push({
      ...part,
      path: `${number}.uu${files.length + 1}`,
      headers: [],
      headerStart: part.bodyStart + block.start,
      bodyStart: part.bodyStart + block.start,
      bodyEnd: part.bodyStart + block.end,
      lines: 0,
      type: 'application',
      subtype: 'octet-stream',
      parameters: {},
      encoding: 'x-uuencode',
      disposition: 'attachment',
      dispositionParameters: {},
      contentId: null,
      description: null,
      location: null,
      md5: null,
      filename: decodeCharset(block.name, '', { fallback: part.fallbackCharset }) || null,
      children: [],
      message: null,
      files: [],
    });
  }
  return files;
}
