/**
 * Character sets: bytes and a label in, text out. It never fails: an unknown or absent label is read as UTF-8
 * where the bytes are that, else as windows-1252, which gives every byte a character.
 */
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { iconv } from './iconv.ts';

/** Labels that mail uses for ASCII and Latin-1; 8-bit bytes under them are nearly always something else. */
const WESTERN = new Set([
  '',
  'ascii',
  'usascii',
  'ansix341968',
  'iso646us',
  'iso88591',
  'latin1',
  'l1',
  'windows1252',
  'cp1252',
  'xunknown',
  'unknown8bit',
  'unknown',
  '8bit',
  '7bit',
  'default',
  'none',
  'iso8859',
]);

/** Labels that say UTF-8. */
const UTF8 = new Set(['utf8', 'utf8mb4', 'unicode11utf8', 'cputf8', 'utf8n']);

/** Labels that neither library knows by this spelling. */
const ALIASES: Readonly<Record<string, string>> = {
  xsjis: 'shift_jis',
  mskanji: 'shift_jis',
  cp932: 'shift_jis',
  iso88598i: 'iso-8859-8',
  iso88598e: 'iso-8859-8',
  iso88596i: 'iso-8859-6',
  iso88596e: 'iso-8859-6',
  unicode11utf7: 'utf-7',
  xgbk: 'gbk',
  xeuccn: 'gb2312',
  ksc56011987: 'euc-kr',
  ksc5601: 'euc-kr',
  xbig5: 'big5',
  xmacroman: 'macintosh',
  macroman: 'macintosh',
};

/** The label without case, punctuation and quotes, as the sets above are written. */
const plain = (label: string): string => label.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Codecs of iconv-lite that are not character sets: a hostile label must not reach them. */
const NOT_CHARSETS = new Set(['base64', 'hex', 'binary', 'internal']);

type Decoder = (bytes: Buffer) => string;
const decoders = new Map<string, Decoder>();

/** Remembered labels: mail of one sender repeats few, a hostile sender must not fill the memory. */
const MAX_REMEMBERED = 200;

const decodeUtf8: Decoder = (bytes) => bytes.toString('utf8');
const decodeWestern: Decoder = (bytes) =>
  isUtf8(bytes) ? bytes.toString('utf8') : iconv().decode(bytes, 'windows-1252');

/** Whether a label names a character set that says more than its absence would: not ASCII, Latin-1 or nonsense. */
export function isNamedCharset(label: string): boolean {
  const name = plain(label);
  if (UTF8.has(name)) return true;
  if (WESTERN.has(name) || NOT_CHARSETS.has(name)) return false;
  return findDecoder(label) !== decodeWestern;
}

/** Whether a label names a character set at all. */
export function isKnownCharset(label: string): boolean {
  const name = plain(label);
  if (UTF8.has(name)) return true;
  if (NOT_CHARSETS.has(name) || name === '') return false;
  return findDecoder(label) !== decodeWestern || /^(?:us)?ascii$|^ansi|^(?:iso|cp|windows|latin)/.test(name);
}

function findDecoder(label: string): Decoder {
  const name = plain(label);
  if (UTF8.has(name)) return decodeUtf8;
  if (WESTERN.has(name) || NOT_CHARSETS.has(name)) return decodeWestern;
  const known = ALIASES[name] ?? label.trim();
  if (iconv().encodingExists(known)) return (bytes) => iconv().decode(bytes, known);
  try {
    const decoder = new TextDecoder(known);
    return (bytes) => decoder.decode(bytes);
  } catch {
    return decodeWestern;
  }
}

/** Decodes `bytes` from the character set named `charset`, as MIME labels it; any label will do. */
export function decodeCharset(bytes: Buffer, charset: string): string {
  let decoder = decoders.get(charset);
  if (decoder === undefined) {
    decoder = findDecoder(charset);
    if (decoders.size >= MAX_REMEMBERED) decoders.clear();
    decoders.set(charset, decoder);
  }
  return decoder(bytes);
}

/** Bytes read as UTF-8 where they are that, else as Latin-1, one character a byte. */
export function decodeRaw(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
