/**
 * Encoded words (RFC 2047, with the language suffix of RFC 2231 §5). Words are decoded wherever they stand, as
 * mail programs do; white space between adjacent words goes, and words of one charset are joined as bytes before
 * they are decoded, because senders split characters between them.
 */
import { decodeBase64 } from './base64.ts';
import { decodeCharset } from './charset.ts';

/** The payload may hold blanks and end in a `?` of its own: both are illegal and common. Linear in its input. */
const WORD = /=\?([^?\s]{1,75})\?([bq])\?([^?]*\??)\?=/gi;

/** `Q`: quoted-printable with `_` for a blank (RFC 2047 §4.2). */
export function decodeQ(payload: string): Buffer {
  const bytes = Buffer.from(payload.replace(/_/g, ' '), 'utf8').toString('latin1');
  return Buffer.from(
    bytes.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}

interface Run {
  charset: string;
  readonly bytes: Buffer[];
}

const decodeRun = ({ charset, bytes }: Run): string =>
  decodeCharset(bytes.length === 1 && bytes[0] !== undefined ? bytes[0] : Buffer.concat(bytes), charset);

/** Decodes every encoded word of an unfolded header value; text without any comes back as it is. */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value;
  let text = '';
  let end = 0;
  let run: Run | null = null;
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(end, match.index);
    const charset = (match[1] ?? '').replace(/\*.*$/, '').toLowerCase();
    const payload = match[3] ?? '';
    const bytes = match[2]?.toLowerCase() === 'b' ? decodeBase64(payload) : decodeQ(payload);
    const adjacent = run !== null && /^\s*$/.test(between);
    if (run !== null && adjacent && run.charset === charset) {
      run.bytes.push(bytes);
    } else {
      if (run !== null) text += decodeRun(run);
      if (!adjacent) text += between;
      run = { charset, bytes: [bytes] };
    }
    end = match.index + match[0].length;
  }
  if (run !== null) text += decodeRun(run);
  return text + value.slice(end);
}

/** Octets an encoded word may have (RFC 2047 §2), less `=?utf-8?B?` and `?=`, as bytes before base64. */
const WORD_BYTES = 45;

/** Writes text as encoded words of UTF-8 in base64 where it isn't plain ASCII; characters are never split. */
export function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?')) return text;
  const words: string[] = [];
  let chunk = '';
  let size = 0;
  for (const character of text) {
    const bytes = Buffer.byteLength(character);
    if (size + bytes > WORD_BYTES) {
      words.push(chunk);
      chunk = '';
      size = 0;
    }
    chunk += character;
    size += bytes;
  }
  words.push(chunk);
  return words.map((word) => `=?utf-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`).join(' ');
}
