/**
 * Parses the argument of MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2): a path and its parameters, which
 * are both stored as they were sent. The parser accepts what other mail servers accept (compared with Postfix
 * 3.7) and records each deviation from the grammar. It refuses only an argument whose address or parameters are
 * ambiguous.
 */
import type { EnvelopePath } from '../message/envelope.ts';
import { trimBlanks } from './command-line.ts';
import { departure, type Departure } from './departure.ts';

export interface ParsedPath extends EnvelopePath {
  /**
   * All parameters in the order in which they were sent, including repeated parameters; `parameters` contains only the
   * last parameter of each name.
   */
  readonly given: readonly GivenParameter[];
  readonly departures: readonly Departure[];
}

/** One parameter: its name in upper case, and its value, which is `true` when there was no equals sign. */
export type GivenParameter = readonly [name: string, value: string | true];

export type PathProblem = 'syntax' | 'address' | 'parameter';

/** Matches control characters and invisible characters, which make two different addresses look the same. */
// eslint-disable-next-line no-control-regex -- the expression must find control characters
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff]/;
const PARAMETER = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=(\S*))?$/;
/**
 * Matches a source route before the mailbox, which a server must accept and ignore (RFC 5321 §4.1.2 and
 * appendix C).
 */
const ROUTE = /^@[^\s,:@]+(?:,@[^\s,:@]+)*:/;
/** Matches a path without brackets: the text up to the first blank outside quotes. */
const BARE = /^(?:"(?:[^"\\]|\\.)*"|[^\s"])*/;
/** Matches a local part, quoted or not, with or without a domain. */
const ADDRESS = /^(?:"(?:[^"\\]|\\.)*"|[^\s"<>]+)(?:@[^\s"<>]+)?$/u;

/**
 * The text of a path without its brackets, the text after the path, and the deviations from the grammar in
 * both.
 */
interface Cut {
  readonly inner: string;
  readonly rest: string;
  readonly departures: readonly Departure[];
}

/**
 * Parses the argument of MAIL or RCPT. When the argument is refused, returns the kind of the problem.
 *
 * @param keyword `FROM` or `TO`
 * @param argument the text after `MAIL ` or `RCPT `
 */
export function parsePath(keyword: string, argument: string): ParsedPath | PathProblem {
  const head = new RegExp(`^${keyword}:(\\s*)`, 'i').exec(argument);
  if (head === null) return 'syntax';
  const cut = cutPath(argument.slice(head[0].length));
  if (cut === null) return 'syntax';
  const departures: Departure[] = head[1] === '' ? [] : [departure('space-in-path-command')];
  departures.push(...cut.departures);
  const address = readAddress(cut.inner, departures);
  if (address === null) return 'address';
  const given = readParameters(cut.rest);
  if (given === null) return 'parameter';
  departures.push(...repeated(given));
  return { address, parameters: Object.fromEntries(given), given, departures };
}

function cutPath(text: string): Cut | null {
  return text.startsWith('<') ? cutBrackets(text) : cutBare(text);
}

function cutBrackets(text: string): Cut | null {
  const end = closingBracket(text);
  if (end === -1) return null;
  const inner = text.slice(1, end);
  const departures: Departure[] = [];
  // In `<<a@x.test>>` and `<Ann <a@x.test>>`, the address is the text in the inner brackets.
  const nested = /^[^<]*<([^<>]*)>\s*$/d.exec(maskQuoted(inner))?.indices?.[1];
  if (nested !== undefined) departures.push(departure('address-malformed', `<${inner}>`));
  const address = nested === undefined ? inner : inner.slice(...nested);
  const rest = withoutSeparator(text.slice(end + 1), departures);
  return rest !== '' && !/^\s/.test(rest) ? null : { inner: address, rest, departures };
}

/**
 * Returns the text with every quoted character replaced by a quote mark; every bracket in the result is
 * therefore an unquoted one. The length does not change.
 */
const maskQuoted = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => '"'.repeat(quoted.length));

function cutBare(text: string): Cut | null {
  const bare = BARE.exec(text)?.[0] ?? '';
  if (bare === '') return null;
  const departures = [departure('path-without-brackets', bare)];
  return { inner: bare.replace(/>$/, ''), rest: text.slice(bare.length), departures };
}

/** Removes a list separator (comma or semicolon) after the only address, and records it as a deviation. */
function withoutSeparator(rest: string, departures: Departure[]): string {
  const match = /^[;,]\s*$/.exec(rest);
  if (match === null) return rest;
  departures.push(departure('address-malformed', rest));
  return '';
}

/**
 * Returns the index of the bracket that closes the path, or −1; brackets within a quoted local part are part of
 * the address.
 */
function closingBracket(text: string): number {
  let quoted = false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && quoted) at++;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '<') depth++;
    else if (character === '>' && --depth === 0) return at;
  }
  return -1;
}

/** Returns the address without its source route and superfluous blanks; `null` when no address can be read. */
function readAddress(inner: string, departures: Departure[]): string | null {
  const packed = withoutBlanks(inner);
  if (UNSAFE.test(packed)) return null;
  if (packed !== inner) departures.push(departure('space-in-path-command', `<${inner}>`));
  const address = packed.replace(ROUTE, '');
  if (address !== packed) departures.push(departure('source-route', packed));
  if (address === '""') {
    departures.push(departure('address-malformed', address));
    return '';
  }
  return address === '' || (ADDRESS.test(address) && !address.endsWith('@')) ? address : null;
}

/** Removes blanks at the ends of an address and around its at sign, but not within quotes. */
function withoutBlanks(text: string): string {
  return trimBlanks(text).replace(/^("(?:[^"\\]|\\.)*"|[^\s"@]+)[ \t]*@[ \t]*([^\s"@]+)$/, '$1@$2');
}

/** Reads the parameters after a path; returns `null` when one of the words is not a parameter. */
function readParameters(text: string): readonly GivenParameter[] | null {
  const given: GivenParameter[] = [];
  for (const word of text.trim().split(/\s+/)) {
    if (word === '') continue;
    const match = PARAMETER.exec(word);
    if (match?.[1] === undefined || UNSAFE.test(word)) return null;
    given.push([match[1].toUpperCase(), match[2] ?? true]);
  }
  return given;
}

/**
 * Returns the deviation for a repeated parameter. Python's smtplib sends a parameter twice when its caller passes a
 * parameter that smtplib adds itself.
 */
function repeated(given: readonly GivenParameter[]): readonly Departure[] {
  const seen = new Set<string>();
  const twice = given.find(([name]) => seen.size === seen.add(name).size)?.[0];
  if (twice === undefined) return [];
  const words = given.filter(([name]) => name === twice);
  const shown = words.map(([name, value]) => (value === true ? name : `${name}=${value}`)).join(' ');
  return [departure('repeated-parameter', shown)];
}
