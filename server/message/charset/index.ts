/**
 * Decodes bytes into text by a charset label. All code that reads text of a message uses this module, so that
 * subject, preview, text, search and IMAP agree. Decoding never fails: text with an unknown or missing label is
 * decoded as UTF-8 if the bytes are valid UTF-8, else as windows-1252, which has a character for nearly every
 * octet.
 *
 * The package iconv-lite is used instead of Node's TextDecoder, because TextDecoder decodes windows-1252 as
 * Latin-1, lacks iso-8859-16, and returns U+FFFD for two escape sequences in a row. Such sequences occur
 * where encoded words in ISO-2022-JP are joined.
 */
import { isUtf8 } from 'node:buffer';
import { decodeHz } from './hz.ts';
import { iconv } from './iconv.ts';
import { decodeIso2022, looksLikeIso2022 } from './iso-2022.ts';
import { codecFor, isVague, type Codec } from './labels.ts';
import { decodeUtf7 } from './utf-7.ts';

interface DecodeOptions {
  /**
   * Whether the bytes are only the beginning of a text. If so, an incomplete character at their end is left
   * out.
   */
  readonly cut?: boolean;
  /** Charset label that is used if the given label is missing or vague and the bytes are not UTF-8. */
  readonly fallback?: string | null;
}

/**
 * Byte order marks with their charset labels. A byte order mark overrides the given label (Encoding Standard
 * §6.1).
 */
const MARKS: readonly (readonly [mark: Buffer, label: string])[] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), 'utf-8'],
  [Buffer.from([0xff, 0xfe, 0, 0]), 'utf-32le'],
  [Buffer.from([0, 0, 0xfe, 0xff]), 'utf-32be'],
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
  [Buffer.from([0x84, 0x31, 0x95, 0x33]), 'gb18030'],
];
/** First octets of the byte order marks, for a quick test: most texts begin with none of them. */
const MARK_STARTS = new Set(MARKS.map(([mark]) => mark[0]));

/** Codec that is used for an unknown or missing charset label. */
const UNLABELLED: Codec = { kind: 'ascii' };
const codecOf = (label: string): Codec => codecFor(label) ?? UNLABELLED;

/** Decodes `bytes` in the charset of the MIME label `label`. Any label is accepted. */
export function decodeCharset(bytes: Buffer, label: string, options: DecodeOptions = {}): string {
  const marked = MARK_STARTS.has(bytes[0])
    ? MARKS.find(([mark]) => bytes.subarray(0, mark.length).equals(mark))
    : undefined;
  if (marked !== undefined) {
    const [mark, name] = marked;
    return decodeWith(codecOf(name), bytes.subarray(mark.length), options);
  }
  return decodeWith(codecOf(label), bytes, options);
}

function decodeWith(codec: Codec, bytes: Buffer, options: DecodeOptions): string {
  const { cut = false } = options;
  switch (codec.kind) {
    case 'utf-8':
      return (cut ? withoutCutCharacter(bytes) : bytes).toString('utf8');
    case 'ascii':
      return decodeUnlabelled(bytes, options);
    case 'western':
      return decodeUnlabelled(bytes, { cut });
    case 'iso-2022':
      // Text that has an ISO 2022 label but no escape sequence is decoded as UTF-8 if it is valid UTF-8,
      // because such text is nearly always UTF-8.
      return isUtf8(bytes) && !bytes.includes(0x1b) && !bytes.includes(0x0e)
        ? bytes.toString('utf8')
        : decodeIso2022(bytes, cut);
    case 'hz':
      return decodeHz(bytes, cut);
    case 'utf-7':
      return decodeUtf7(bytes, cut);
    case 'iconv':
      return decodeIconv(codec.name, bytes, cut);
  }
}

function decodeIconv(name: string, bytes: Buffer, cut: boolean): string {
  const decoder = iconv().getDecoder(name);
  const text = decoder.write(bytes);
  const end: unknown = decoder.end();
  // iconv-lite declares that `end` returns a string, but the CESU-8 codec returns the number 0.
  return cut || typeof end !== 'string' ? text : text + end;
}

/** Decodes bytes without a charset label, or with a label that does not identify a charset. */
function decodeUnlabelled(bytes: Buffer, { cut = false, fallback = null }: DecodeOptions): string {
  const whole = cut ? withoutCutCharacter(bytes) : bytes;
  if (isUtf8(whole)) return looksLikeIso2022(whole) ? decodeIso2022(whole, cut) : whole.toString('utf8');
  const codec = fallback === null ? null : codecFor(fallback);
  if (codec !== null && codec.kind !== 'ascii' && codec.kind !== 'utf-8') {
    const text = decodeWith(codec, bytes, { cut });
    if (!text.includes('\ufffd')) return text;
  }
  return iconv().decode(bytes, 'windows-1252');
}

/**
 * Returns the bytes; if they end with an incomplete UTF-8 character, the octets of this character are
 * removed.
 */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Returns whether the charset of a label can be decoded. */
export const isKnownCharset = (label: string): boolean => codecFor(label) !== null;

/**
 * Returns whether a label is informative: whether it names a charset other than ASCII and Latin-1. Labels of
 * ASCII and Latin-1 are not reliable, because many programs write them without knowing the charset of the
 * text.
 */
export function isNamedCharset(label: string): boolean {
  const codec = codecFor(label);
  return codec !== null && codec.kind !== 'western' && codec.kind !== 'ascii';
}

/** Returns whether a label is empty, or means that the sender did not know the charset. */
export const isVagueCharset = isVague;

/** Returns whether two labels name the same charset. */
export function isSameCharset(one: string, other: string): boolean {
  return one === other || codecOf(one) === codecOf(other);
}

/**
 * Returns whether texts in a charset may be joined as bytes before they are decoded. This is false for charsets in
 * which a text may begin with a byte order mark (UTF-16, UTF-32) or end within a base64 run (UTF-7).
 */
export function joinsAsBytes(label: string): boolean {
  const codec = codecOf(label);
  return codec.kind !== 'utf-7' && (codec.kind !== 'iconv' || codec.wide === 1);
}

/**
 * Returns the number of octets of `text` in a charset. A character that the charset lacks is counted as the
 * charset's replacement character.
 */
export function encodedLength(text: string, label: string): number {
  const codec = codecFor(label);
  if (codec?.kind === 'western') return text.length;
  return codec?.kind === 'iconv' ? iconv().encode(text, codec.name).length : Buffer.byteLength(text);
}

/**
 * Returns whether bytes are valid UTF-8. If `cut` is set, an incomplete character at the end of the bytes is
 * allowed.
 */
export const isUtf8Text = (bytes: Buffer, cut: boolean): boolean =>
  isUtf8(cut ? withoutCutCharacter(bytes) : bytes);
