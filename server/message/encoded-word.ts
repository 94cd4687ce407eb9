/**
 * Decodes and writes encoded words (RFC 2047, with the language suffix of RFC 2231 §5). They are decoded at
 * any position in a value, as mail programs do. White space between adjacent encoded words is removed.
 * Adjacent encoded words in the same charset are joined as bytes before decoding, because senders split
 * characters between encoded words. The decoder makes one pass and is linear in the length of the value.
 */
import { decodeBase64 } from './base64.ts';
import { decodeCharset, isSameCharset, joinsAsBytes } from './charset/index.ts';
import { decodeQuotedWord } from './quoted-printable.ts';

/** An encoded word in a header value. */
interface EncodedWord {
  /** Offset of the encoded word in the value; `end` is the offset after the word. */
  readonly start: number;
  readonly end: number;
  /** Charset as written, without the language suffix. */
  readonly charset: string;
  readonly encoding: 'b' | 'q';
  readonly payload: string;
}

const HEAD = /=\?([^?\s]{1,75})\?([bq])\?/iy;
/**
 * Patterns, by encoding, for the payload of an encoded word whose closing `?=` is missing. A payload does not
 * extend past `<`, because `<` begins an address.
 */
const OPEN_PAYLOAD = { b: /[A-Za-z0-9+/=]*/y, q: /[^\s<?]*/y };

/**
 * Returns the encoded word at the offset `at`; `null` if no word begins there. Blanks in the payload and a
 * `?` at its end are illegal but common, so they are accepted. A word whose closing `?=` is missing is
 * accepted if the value ends there, or if another encoded word or an address follows.
 */
export function encodedWordAt(value: string, at: number): EncodedWord | null {
  HEAD.lastIndex = at;
  const head = HEAD.exec(value);
  if (head === null) return null;
  const encoding = head[2]?.toLowerCase() === 'b' ? 'b' : 'q';
  const from = HEAD.lastIndex;
  const make = (payloadEnd: number, end: number): EncodedWord => ({
    start: at,
    end,
    charset: (head[1] ?? '').replace(/\*.*$/, ''),
    encoding,
    payload: value.slice(from, payloadEnd),
  });
  const mark = value.indexOf('?', from);
  if (mark !== -1 && value[mark + 1] === '=') return make(mark, mark + 2);
  if (mark !== -1 && value.startsWith('?=', mark + 1)) return make(mark + 1, mark + 3);
  const open = OPEN_PAYLOAD[encoding];
  open.lastIndex = from;
  const length = open.exec(value)?.[0].length ?? 0;
  return length === 0 ? null : openWord(value, from + length, make);
}

/**
 * Returns the encoded word whose payload ends at the offset `end` and whose closing `?=` is missing; `null`
 * unless the end of the value, another encoded word or an address follows.
 */
function openWord(
  value: string,
  end: number,
  make: (payloadEnd: number, end: number) => EncodedWord,
): EncodedWord | null {
  if (end === value.length || (end === value.length - 1 && value[end] === '?'))
    return make(end, value.length);
  const blanks = /\s*/y;
  blanks.lastIndex = end;
  const next = end + (blanks.exec(value)?.[0].length ?? 0);
  HEAD.lastIndex = next;
  const delimited = next === value.length || value[next] === '<' || (next > end && HEAD.test(value));
  return delimited ? make(end, end) : null;
}

interface Run {
  readonly charset: string;
  readonly bytes: Buffer[];
}

const bytesOf = ({ encoding, payload }: EncodedWord): Buffer =>
  encoding === 'b' ? decodeBase64(Buffer.from(payload, 'latin1')) : decodeQuotedWord(payload);

const decodeRun = ({ charset, bytes }: Run): string =>
  decodeCharset(bytes.length === 1 && bytes[0] !== undefined ? bytes[0] : Buffer.concat(bytes), charset);

const BLANK = /^\s*$/;

/** Decodes all encoded words of an unfolded header value. Text without encoded words is returned unchanged. */
export function decodeWords(value: string): string {
  let at = value.indexOf('=?');
  if (at === -1) return value;
  const pieces: string[] = [];
  let end = 0;
  let run: Run | null = null;
  while (at !== -1) {
    const word = encodedWordAt(value, at);
    if (word === null) {
      at = value.indexOf('=?', at + 2);
      continue;
    }
    const between = value.slice(end, at);
    const adjacent: boolean = run !== null && BLANK.test(between);
    if (run !== null && adjacent && isSameCharset(run.charset, word.charset) && joinsAsBytes(run.charset)) {
      run.bytes.push(bytesOf(word));
    } else {
      if (run !== null) pieces.push(decodeRun(run));
      if (!adjacent) pieces.push(between);
      run = { charset: word.charset, bytes: [bytesOf(word)] };
    }
    end = word.end;
    at = value.indexOf('=?', end);
  }
  if (run !== null) pieces.push(decodeRun(run));
  pieces.push(value.slice(end));
  return pieces.join('');
}

/** Returns the charset of the first encoded word in a value; `null` if the value has no encoded word. */
export function firstCharset(value: string): string | null {
  for (let at = value.indexOf('=?'); at !== -1; at = value.indexOf('=?', at + 2)) {
    const word = encodedWordAt(value, at);
    if (word !== null) return word.charset;
  }
  return null;
}

/**
 * Maximum number of bytes of text in one encoded word. In base64, and with `=?utf-8?B?` and `?=` around them,
 * these bytes fill the 75 characters that RFC 2047 §2 allows.
 */
const WORD_BYTES = 45;

/**
 * Encodes text that is not plain ASCII as encoded words in UTF-8 and base64. A character is never split between
 * encoded words.
 */
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
