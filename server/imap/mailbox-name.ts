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
  if (levels.includes('') || /[\u0000-\u001f\u007f-\u009f\u2028\u2029%*]/.test(name)) {
    throw no('CANNOT', 'The mailbox name holds an empty level, a wildcard or a control character');
  }
}

/** Octets from the wire as a name. With `utf8`, and for octets that no UTF-7 name has, they are UTF-8. */
export function decodeName(octets: Buffer, utf8: boolean): string {
  const text = octets.toString('utf8');
  if (text.includes('\ufffd')) throw bad('The mailbox name is neither modified UTF-7 nor UTF-8');
  // eslint-disable-next-line no-control-regex -- ASCII is what is looked for
  return utf8 || /[^\x00-\x7f]/.test(text) ? text.normalize('NFC') : decodeUtf7(text);
}

/** The name as a quoted string for the wire. */
export function encodeName(name: string, utf8: boolean): string {
  const text = utf8 ? name : encodeUtf7(name);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** @throws Status BAD when a shift sequence is malformed */
export function decodeUtf7(text: string): string {
  return text.replace(/&([^-]*)(-?)/g, (_, base64: string, end: string) => {
    if (end === '' || !/^[A-Za-z0-9+,]*$/.test(base64)) throw bad('Malformed modified UTF-7');
    if (base64 === '') return '&';
    const octets = Buffer.from(base64.replaceAll(',', '/'), 'base64');
    if (octets.length < 2 || octets.length % 2 !== 0) throw bad('Malformed modified UTF-7');
    return octets.swap16().toString('utf16le');
  });
}

export function encodeUtf7(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === '&') return '&-';
    const octets = Buffer.from(run, 'utf16le').swap16();
    return `&${octets.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

/**
 * What matches a LIST pattern: `*` any characters, `%` any but the delimiter. Linear in name × wildcards, whatever
 * the pattern.
 */
export function namePattern(pattern: string): (name: string) => boolean {
  const normalized = pattern
    .replace(/^inbox(?=\/|$)/i, 'INBOX')
    .replace(/[*%]*\*[*%]*/g, '*')
    .replace(/%+/g, '%');
  if (normalized.length > 2 * MAX_NAME || normalized.split(/[*%]/).length > MAX_WILDCARDS)
    throw bad('The mailbox pattern is too long');
  return (name) => {
    // Which prefixes of the name the pattern so far matches.
    let reached = new Uint8Array(name.length + 1);
    reached[0] = 1;
    for (const character of normalized.split('')) reached = advance(reached, name, character);
    return reached[name.length] === 1;
  };
}

function advance(reached: Uint8Array, name: string, character: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  for (let at = 0; at < next.length; at++) {
    const before = name[at - 1];
    if (character === '*' || character === '%') {
      const crosses = character === '*' || before !== DELIMITER;
      if (reached[at] === 1 || (at > 0 && next[at - 1] === 1 && crosses)) next[at] = 1;
    } else if (at > 0 && reached[at - 1] === 1 && before === character) {
      next[at] = 1;
    }
  }
  return next;
}

/** The names above a name, outermost first: `a/b/c` gives `a`, `a/b`. */
export function ancestors(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(DELIMITER));
}
