/**
 * Mailbox names: Unicode in the store, modified UTF-7 (RFC 3501 §5.1.3) or UTF-8 (RFC 6855) in the protocol,
 * `/` between levels, `INBOX` in any case, and the wildcards of LIST.
 */
import { bad, no } from './response.ts';

export const DELIMITER = '/';

/** Maximum length of a mailbox name in octets of UTF-8. */
const MAX_NAME = 1_000;
/** Maximum number of hierarchy levels of a mailbox name. */
const MAX_LEVELS = 32;
/** Maximum number of wildcards in one pattern. */
const MAX_WILDCARDS = 100;

/** Returns the form of a name in which it is stored: `INBOX` in upper case, without a trailing delimiter. */
export function normalizeName(name: string): string {
  const trimmed = name.endsWith(DELIMITER) ? name.slice(0, -1) : name;
  return /^inbox(?=\/|$)/i.test(trimmed) ? `INBOX${trimmed.slice(5)}` : trimmed;
}

/** Checks the name of a new mailbox. @throws Status NO if a mailbox cannot have this name */
export function checkNewName(name: string): void {
  const levels = name.split(DELIMITER);
  if (Buffer.byteLength(name) > MAX_NAME || levels.length > MAX_LEVELS) {
    throw no('LIMIT', 'The mailbox name is too long');
  }
  // eslint-disable-next-line no-control-regex -- the expression must find control characters
  if (levels.includes('') || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) {
    throw no('CANNOT', 'The mailbox name holds an empty level or a control character');
  }
}

/**
 * Decodes a name from the protocol. The octets are UTF-8 if `utf8` is set, or if they cannot be UTF-7.
 *
 * @throws Status NO for octets that cannot be decoded
 */
export function decodeName(octets: Buffer, utf8: boolean): string {
  const name = decodePattern(octets, utf8);
  if (name !== null) return name;
  throw no('CANNOT', 'The mailbox name is neither modified UTF-7 (write "&-" for "&") nor UTF-8');
}

/** Decodes a LIST pattern or a name; returns `null` for octets that are neither modified UTF-7 nor UTF-8. */
export function decodePattern(octets: Buffer, utf8: boolean): string | null {
  const text = octets.toString('utf8');
  if (text.includes('\ufffd')) return null;
  // eslint-disable-next-line no-control-regex -- the expression must find octets outside ASCII
  return utf8 || /[^\x00-\x7f]/.test(text) ? text.normalize('NFC') : decodeUtf7(text);
}

/** Encodes the name as a quoted string for the protocol. */
export function encodeName(name: string, utf8: boolean): string {
  const text = utf8 ? name : encodeUtf7(name);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Decodes modified UTF-7; returns `null` for a malformed shift sequence (`&…-`). */
export function decodeUtf7(text: string): string | null {
  // Splitting the text by an expression with a group puts each text between `&` and `-` at an odd index of the
  // array.
  const pieces = text
    .split(/&([^-]*)-/)
    .map((piece, index) => (index % 2 === 1 ? decodeShift(piece) : piece.includes('&') ? null : piece));
  return pieces.includes(null) ? null : pieces.join('');
}

function decodeShift(base64: string): string | null {
  if (base64 === '') return '&';
  const octets = Buffer.from(base64.replaceAll(',', '/'), 'base64');
  if (!/^[A-Za-z0-9+,]*$/.test(base64) || octets.length < 2 || octets.length % 2 !== 0) return null;
  return octets.swap16().toString('utf16le');
}

export function encodeUtf7(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === '&') return '&-';
    const octets = Buffer.from(run, 'utf16le').swap16();
    return `&${octets.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

/**
 * Returns a function that tests whether a name matches a LIST pattern: `*` matches any characters, `%` any
 * characters except the delimiter. The time for a name is at most proportional to the product of the lengths of
 * name and pattern.
 */
export function namePattern(pattern: string): (name: string) => boolean {
  const normalized = pattern
    .replace(/^inbox(?=\/|$)/i, 'INBOX')
    .replace(/[*%]*\*[*%]*/g, '*')
    .replace(/%+/g, '%');
  const wildcards = normalized.split(/[*%]/).length - 1;
  if (normalized.length > 2 * MAX_NAME || wildcards > MAX_WILDCARDS)
    throw bad('The mailbox pattern is too long');
  return (name) => {
    if (normalized.length - wildcards > name.length) return false;
    // Lengths of the name's prefixes that match the part of the pattern processed so far, ascending.
    let reached: readonly number[] = [0];
    for (const character of normalized.split('')) {
      reached =
        character === '*' || character === '%'
          ? extend(reached, name, character)
          : step(reached, name, character);
      if (reached.length === 0) return false;
    }
    return reached.at(-1) === name.length;
  };
}

/**
 * Extends each matching prefix of the name by one character, which must be equal to the pattern's current
 * character.
 */
const step = (reached: readonly number[], name: string, character: string): number[] =>
  reached.filter((at) => name[at] === character).map((at) => at + 1);

/**
 * Extends each matching prefix of the name by any number of characters: up to the end of the name for `*`, up to
 * the next delimiter for `%`.
 */
function extend(reached: readonly number[], name: string, wildcard: '*' | '%'): number[] {
  const prefixes: number[] = [];
  for (const start of reached) {
    // If a prefix of the name is already in the list, the longer prefixes that it would add are in the list
    // too, so it is skipped.
    if (start <= (prefixes.at(-1) ?? -1)) continue;
    const delimiter = wildcard === '%' ? name.indexOf(DELIMITER, start) : -1;
    const end = delimiter === -1 ? name.length : delimiter;
    for (let at = start; at <= end; at++) prefixes.push(at);
  }
  return prefixes;
}

/** Returns the names of the levels above a name, outermost first: `a`, `a/b` for `a/b/c`. */
export function ancestors(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(DELIMITER));
}
