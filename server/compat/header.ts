/** Reads header fields from the octets of a message. */
import type { HeaderField } from '../message/structure.ts';

/**
 * Returns the value of a header field with its lines trimmed and joined by spaces, as Go and MailDev unfold it. The
 * value is not decoded (RFC 2047).
 */
export function unfolded(raw: Buffer, { name, start, end }: HeaderField): string {
  const lines = raw
    .toString('utf8', start + name.length, end)
    .trim()
    .replace(/^\s*:/, '')
    .split('\n');
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}
