/**
 * Parses header values of the form `token; name=value; …` (RFC 2045 §5.1, RFC 2183), with split values,
 * charsets and percent encoding (RFC 2231). Comments are removed. Missing quotes, missing or stray semicolons,
 * commas in place of semicolons, and repeated names are tolerated.
 */
import { decodeCharset } from './charset/index.ts';
import { encodedWordAt } from './encoded-word.ts';

export interface ParameterizedValue {
  /** The text before the first semicolon, trimmed, in its original case. */
  readonly value: string;
  /**
   * Values by parameter name in lower case; the first value of a repeated name is used. The object has no
   * prototype, so any name can be looked up safely.
   */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Maximum number of parameters that are read. `MAX_LENGTH` is the maximum number of characters of a header
 * value. No program writes more; the rest is ignored.
 */
const MAX_PARAMETERS = 500;
const MAX_LENGTH = 64 * 1024;

/**
 * A section of a parameter whose value is split (RFC 2231 §3): its number, its text, and whether the text is
 * percent-encoded.
 */
interface Section {
  readonly index: number;
  readonly encoded: boolean;
  readonly text: string;
}

const SEMICOLON = 59;
const COMMA = 44;
const PARENTHESIS = 40;
const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13;

/** Returns the offset after the comment that opens at `at`; the length of the text for an unclosed comment. */
function skipComment(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const character = text[i];
    if (character === '\\') i++;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}

/**
 * Parameter names before which the semicolon may be missing. Before other names a semicolon is required,
 * because a file name without quotes may contain blanks, commas and `=`.
 */
const KNOWN_NAMES =
  'charset|boundary|name|filename|format|delsp|type|start|protocol|micalg|report-type|method';
const UNSEPARATED = new RegExp(`(?<=[ \\t\\r\\n,])(?:${KNOWN_NAMES})(?:\\*\\d*\\*?)?[ \\t]*=`, 'i');

/**
 * Returns the offset of the next semicolon outside comments, from `at` on; the length of the text if there is none.
 */
function elementEnd(text: string, at: number): number {
  let semicolon = text.indexOf(';', at);
  let comment = text.indexOf('(', at);
  while (comment !== -1 && comment < semicolon) {
    const end = skipComment(text, comment);
    semicolon = text.indexOf(';', end);
    comment = text.indexOf('(', end);
  }
  return semicolon === -1 ? text.length : semicolon;
}

/**
 * Returns the offset, from `at` up to `end`, of the first parameter without a semicolon before it; `end` if
 * there is no such parameter.
 */
function unseparatedAt(text: string, at: number, end: number): number {
  const found = text.slice(at, end).search(UNSEPARATED);
  return found === -1 ? end : at + found;
}

/**
 * Reads the quoted string that opens at `at`. Returns its unescaped text and the offset after it; `null` if the
 * string is not closed.
 */
function readQuoted(text: string, at: number): { text: string; end: number } | null {
  const close = text.indexOf('"', at + 1);
  if (close === -1) return null;
  const simple = text.slice(at + 1, close);
  if (!simple.includes('\\')) return { text: simple, end: close + 1 };
  const pieces: string[] = [];
  let i = at + 1;
  for (; i < text.length && text[i] !== '"'; i++) {
    // A backslash is removed only before a quotation mark or a backslash. Any other backslash is kept,
    // because it belongs to a Windows path that was written without escapes.
    if (text[i] === '\\' && (text[i + 1] === '"' || text[i + 1] === '\\')) i++;
    pieces.push(text[i] ?? '');
  }
  return { text: pieces.join(''), end: i + 1 };
}

/**
 * Returns the offset after the encoded words that begin at `at`; `at` if no encoded word begins there.
 * Encoded words are skipped, because they may contain semicolons.
 */
function skipEncodedWords(text: string, at: number): number {
  let end = at;
  for (let next = at; ;) {
    while (isSpace(text.charCodeAt(next))) next++;
    const word = encodedWordAt(text, next);
    if (word === null) return end;
    end = next = word.end;
  }
}

/** Reads a value without quotes. The value ends at a semicolon or at the next parameter. Comments are removed. */
function readBare(text: string, at: number): { text: string; end: number } {
  const words = skipEncodedWords(text, at);
  const semicolon = text.indexOf(';', words);
  const end = unseparatedAt(text, words, semicolon === -1 ? text.length : semicolon);
  const bare = text.slice(at, end);
  const comment = / \(|\t\(/.exec(bare);
  const value = (comment === null ? bare : bare.slice(0, comment.index)).trim();
  return { text: end === semicolon || end === text.length ? value : value.replace(/[\s,]+$/, ''), end };
}

/** Decodes percent escapes into bytes. A `%` that does not begin an escape is copied. */
function percentBytes(text: string): Buffer {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1');
  return Buffer.from(
    latin1.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}

/**
 * Joins the sections of a parameter. Adjacent percent-encoded sections are joined as bytes, and decoded in the
 * charset of the first section.
 */
function joinSections(sections: Section[]): string {
  sections.sort((a, b) => a.index - b.index);
  let charset = '';
  let text = '';
  let pending: Buffer[] = [];
  const flush = (): void => {
    if (pending.length > 0) text += decodeCharset(Buffer.concat(pending), charset);
    pending = [];
  };
  for (const [position, section] of sections.entries()) {
    // If a section number is repeated, only the first section with this number is used.
    if (section.index === sections[position - 1]?.index) continue;
    if (!section.encoded) {
      flush();
      text += section.text;
      continue;
    }
    let encoded = section.text;
    const label = position === 0 ? /^([^']*)'[^']*'/.exec(encoded) : null;
    if (label !== null) {
      charset = label[1] ?? '';
      encoded = encoded.slice(label[0].length);
    }
    pending.push(percentBytes(encoded));
  }
  flush();
  return text;
}

const NONE: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>);

/** Cache of parsed header values. Applications write the same few Content-Type values again and again. */
const recent = new Map<string, ParameterizedValue>();
/**
 * Maximum number of cached values. `REMEMBERED_LENGTH` is the maximum length of a cached value in characters;
 * with these two limits, the cache takes at most about 50 KB.
 */
const REMEMBERED = 200;
const REMEMBERED_LENGTH = 100;

/**
 * Parses an unfolded header value with parameters. The function is linear in the length of the value and never
 * throws.
 */
export function parseParameters(text: string): ParameterizedValue {
  if (text.length > REMEMBERED_LENGTH) return read(text);
  const known = recent.get(text);
  if (known !== undefined) return known;
  const value = read(text);
  if (recent.size >= REMEMBERED) recent.clear();
  recent.set(text, value);
  return value;
}

/**
 * A `name=value` pair as written: quotes and comments are removed, but the case of the name is kept and nothing
 * is decoded.
 */
interface WrittenParameter {
  readonly name: string;
  readonly value: string;
}

interface WrittenValue {
  readonly value: string;
  readonly parameters: readonly WrittenParameter[];
}

/** Splits a header value into its parameters without decoding them, as BODYSTRUCTURE of IMAP requires. */
export function readWritten(whole: string): WrittenValue {
  const text = whole.length > MAX_LENGTH ? whole.slice(0, MAX_LENGTH) : whole;
  const first = unseparatedAt(text, 0, elementEnd(text, 0));
  let value = text.slice(0, first);
  if (value.includes('(')) value = value.replace(/\([^()]*\)/g, ' ');
  const parameters: WrittenParameter[] = [];
  for (let at = first; at < text.length && parameters.length < MAX_PARAMETERS;) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || code === SEMICOLON || code === COMMA) {
      at++;
    } else if (code === PARENTHESIS) {
      at = skipComment(text, at);
    } else {
      const read = readParameter(text, at);
      if (read.parameter !== null) parameters.push(read.parameter);
      at = read.end;
    }
  }
  return { value: value.replace(/[\s,]+$/, '').trimStart(), parameters };
}

function readParameter(text: string, start: number): { parameter: WrittenParameter | null; end: number } {
  let at = start;
  while (at < text.length && text[at] !== '=' && text[at] !== ';') at++;
  if (text[at] !== '=') return { parameter: null, end: at };
  // Only the word directly before `=` is the name; other words between the semicolon and the name are
  // ignored.
  const name = text.slice(start, at++).trim().split(/\s/).at(-1) ?? '';
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  const quote = text[at] === '"';
  const read = (quote ? readQuoted(text, at) : null) ?? readBare(text, quote ? at + 1 : at);
  return { parameter: { name, value: read.text }, end: read.end };
}

function read(text: string): ParameterizedValue {
  const written = readWritten(text);
  if (written.parameters.length === 0) return { value: written.value, parameters: NONE };
  const parameters = Object.create(null) as Record<string, string>;
  const extended = new Map<string, Section[]>();
  for (const { name, value } of written.parameters) {
    const key = name.toLowerCase();
    const star = key.indexOf('*');
    if (star === -1) {
      parameters[key] ??= value;
      continue;
    }
    const section = /^\*(?:(\d{1,4})(\*)?)?$/.exec(key.slice(star));
    if (section === null) continue;
    const base = key.slice(0, star);
    const sections = extended.get(base) ?? [];
    sections.push({
      index: Number(section[1] ?? 0),
      encoded: section[1] === undefined || section[2] !== undefined,
      text: value,
    });
    extended.set(base, sections);
  }
  // A parameter in the encoding of RFC 2231 takes precedence over a plain parameter of the same name. Senders
  // add the plain parameter only for old programs.
  for (const [name, sections] of extended) parameters[name] = joinSections(sections);
  return { value: written.value, parameters };
}
