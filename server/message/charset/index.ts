/**
 * Character sets: bytes and a label in, text out. Everything that reads text of a message decodes it here, so that
 * subject, preview, text, search and IMAP agree. It never fails: an unknown or absent label is read as UTF-8 where the
 * bytes are valid UTF-8, else as windows-1252, which has a character for nearly every octet.
 *
 * iconv-lite decodes, not TextDecoder: Node's reads windows-1252 as Latin-1, lacks iso-8859-16, and gives U+FFFD for two
 * escape sequences in a row, which joined encoded words of ISO-2022-JP have.
 */
import { isUtf8 } from 'node:buffer';
import { decodeHz } from './hz.ts';
import { iconv } from './iconv.ts';
import { decodeIso2022, looksLikeIso2022 } from './iso-2022.ts';
import { codecFor, isVague, type Codec } from './labels.ts';
import { decodeUtf7 } from './utf-7.ts';

interface DecodeOptions {
  /** Whether the text continues after the bytes. Half a character at their end is then left out. */
  readonly cut?: boolean;
  /** Label to try where the given one says nothing and the bytes are not UTF-8. */
  readonly fallback?: string | null;
}

/** A byte order mark names the encoding, whatever the label says (Encoding Standard §6.1). */
const MARKS: readonly (readonly [mark: Buffer, label: string])[] = [
  [Buffer.from([0xef, 0xbb, 0xbf]), 'utf-8'],
  [Buffer.from([0xff, 0xfe, 0, 0]), 'utf-32le'],
  [Buffer.from([0, 0, 0xfe, 0xff]), 'utf-32be'],
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
  [Buffer.from([0x84, 0x31, 0x95, 0x33]), 'gb18030'],
];
/** First octets of the marks: most texts begin with another. */
const MARK_STARTS = new Set(MARKS.map(([mark]) => mark[0]));

/** For labels that are unknown or absent. */
const UNLABELLED: Codec = { kind: 'ascii' };
const codecOf = (label: string): Codec => codecFor(label) ?? UNLABELLED;

/** Decodes `bytes` from the character set named `label`, as MIME labels it; any label will do. */
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
      // Text under such a label that has no escape sequence is nearly always UTF-8.
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
  // The CESU-8 codec ends with the number 0, against its type.
  return cut || typeof end !== 'string' ? text : text + end;
}

/** Bytes of which no label says the character set. */
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

/** Whether a label names a character set that is decoded here. */
export const isKnownCharset = (label: string): boolean => codecFor(label) !== null;

/** Whether a label names a character set that says more than its absence would: not ASCII, Latin-1 or nonsense. */
export function isNamedCharset(label: string): boolean {
  const codec = codecFor(label);
  return codec !== null && codec.kind !== 'western' && codec.kind !== 'ascii';
}

/** Whether a label says that its writer did not know the character set, or is empty. */
export const isVagueCharset = isVague;

/** Whether two labels name the same character set. */
export function isSameCharset(one: string, other: string): boolean {
  return one === other || codecOf(one) === codecOf(other);
}

/**
 * Whether texts of a character set may be joined as bytes before they are decoded: not where one of them begins with a
 * byte order mark (UTF-16, UTF-32), or can end within a run of base64 (UTF-7).
 */
export function joinsAsBytes(label: string): boolean {
  const codec = codecOf(label);
  return codec.kind !== 'utf-7' && (codec.kind !== 'iconv' || codec.wide === 1);
}

/** Octets of `text` in a character set; characters that the set lacks count as its replacement. */
export function encodedLength(text: string, label: string): number {
  const codec = codecFor(label);
  if (codec?.kind === 'western') return text.length;
  return codec?.kind === 'iconv' ? iconv().encode(text, codec.name).length : Buffer.byteLength(text);
}

/** Whether bytes are UTF-8; with `cut`, the beginning of a character at their end is allowed. */
export const isUtf8Text = (bytes: Buffer, cut: boolean): boolean =>
  isUtf8(cut ? withoutCutCharacter(bytes) : bytes);
