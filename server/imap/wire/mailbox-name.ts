/**
 * Mailbox names: Unicode inside, modified UTF-7 (RFC 3501 §5.1.3) or UTF-8 (RFC 6855) on the wire, `/` between
 * levels, `INBOX` in any case, and LIST's wildcards.
 */
import { bad, no } from './response.ts';

export const DELIMITER = '/';

/** Longest name in octets of UTF-8, deepest hierarchy: far beyond use, short of abuse. */
const MAX_NAME = 1_000;
const MAX_LEVELS = 32;
/** Wildcards in one pattern: matching is linear, but so many mean nothing. */
const MAX_WILDCARDS = 100;

/** A name as the store has it: `INBOX` in capitals, no trailing delimiter. */
export function normalizeName(name: string): string {
  const trimmed = name.endsWith(DELIMITER) ? name.slice(0, -1) : name;
  return /^inbox(?=\/|$)/i.test(trimmed) ? `INBOX${trimmed.slice(5)}` : trimmed;
}

/** Refuses names that no mailbox can be created under. */
export function checkNewName(name: string): void {
  const levels = name.split(DELIMITER);
  if (Buffer.byteLength(name) > MAX_NAME || levels.length > MAX_LEVELS) {
    throw no('LIMIT', 'The mailbox name is too long');
  }
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (levels.includes('') || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) {
    throw no('CANNOT', 'The mailbox name holds an empty level or a control character');
  }
}

/**
 * Octets from the wire as a name. With `utf8`, and for octets that no UTF-7 name has, they are UTF-8.
 *
 * @throws Status NO for octets that are no name: no mailbox can have it
 */
export function decodeName(octets: Buffer, utf8: boolean): string {
  const name = decodePattern(octets, utf8);
  if (name !== null) return name;
  throw no('CANNOT', 'The mailbox name is neither modified UTF-7 (write "&-" for "&") nor UTF-8');
}

/** A LIST pattern, or a name; `null` for octets that are neither modified UTF-7 nor UTF-8. */
export function decodePattern(octets: Buffer, utf8: boolean): string | null {
  const text = octets.toString('utf8');
  if (text.includes('\ufffd')) return null;
  // eslint-disable-next-line no-control-regex -- ASCII is what is looked for
  return utf8 || /[^\x00-\x7f]/.test(text) ? text.normalize('NFC') : decodeUtf7(text);
}

/** The name as a quoted string for the wire. */
export function encodeName(name: string, utf8: boolean): string {
  const text = utf8 ? name : encodeUtf7(name);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** `null` when a shift sequence is malformed. */
export function decodeUtf7(text: string): string | null {
  // What stands between `&` and `-` comes out at odd places.
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
 * What matches a LIST pattern: `*` any characters, `%` any but the delimiter. The time for a name grows with its length
 * times the pattern's at most, whatever the pattern.
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
    // Lengths of the prefixes of the name that the pattern so far matches, ascending.
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

/** One more character, which must be the pattern's. */
const step = (reached: readonly number[], name: string, character: string): number[] =>
  reached.filter((at) => name[at] === character).map((at) => at + 1);

/** Any number of characters: on from each prefix to the end of the name, or to the delimiter. */
function extend(reached: readonly number[], name: string, wildcard: '*' | '%'): number[] {
  const prefixes: number[] = [];
  for (const start of reached) {
    // The run from an earlier prefix holds this one too.
    if (start <= (prefixes.at(-1) ?? -1)) continue;
    const delimiter = wildcard === '%' ? name.indexOf(DELIMITER, start) : -1;
    const end = delimiter === -1 ? name.length : delimiter;
    for (let at = start; at <= end; at++) prefixes.push(at);
  }
  return prefixes;
}

/** The names above a name, outermost first: `a/b/c` gives `a`, `a/b`. */
export function ancestors(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(DELIMITER));
}
