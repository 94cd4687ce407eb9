/**
 * A header value of the form `token; name=value; …` (RFC 2045 §5.1, RFC 2183), with continuations, charsets and
 * percent encoding (RFC 2231). Comments go; missing quotes, stray semicolons and repeated names are survived.
 */
import { decodeCharset } from './charset.ts';

export interface ParameterizedValue {
  /** What stands before the first semicolon, trimmed, case kept. */
  readonly value: string;
  /** Names in lower case; the first of a repeated name wins. No prototype, so any name is safe to look up. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** More parameters, and more characters of them, than any program writes; the rest is ignored. */
const MAX_PARAMETERS = 500;
const MAX_LENGTH = 64 * 1024;

/** A parameter's pieces by section number (RFC 2231 §3), and whether a piece is percent-encoded. */
interface Section {
  readonly index: number;
  readonly encoded: boolean;
  readonly text: string;
}

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13;

/** The offset after the comment that opens at `at`; the text's end when it isn't closed. */
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

/** The first semicolon outside comments, −1 when there is none. */
function firstSemicolon(text: string): number {
  let semicolon = text.indexOf(';');
  let comment = text.indexOf('(');
  while (comment !== -1 && comment < semicolon) {
    const end = skipComment(text, comment);
    semicolon = text.indexOf(';', end);
    comment = text.indexOf('(', end);
  }
  return semicolon;
}

/** The quoted string that opens at `at`, unescaped, and the offset after it. */
function readQuoted(text: string, at: number): { text: string; end: number } {
  const close = text.indexOf('"', at + 1);
  const simple = text.slice(at + 1, close === -1 ? text.length : close);
  if (!simple.includes('\\')) return { text: simple, end: close === -1 ? text.length : close + 1 };
  let unescaped = '';
  let i = at + 1;
  for (; i < text.length && text[i] !== '"'; i++) {
    // A backslash before anything else than a quote or itself is a Windows path that nobody escaped.
    if (text[i] === '\\' && (text[i + 1] === '"' || text[i + 1] === '\\')) i++;
    unescaped += text[i] ?? '';
  }
  return { text: unescaped, end: i + 1 };
}

/** A value without quotes: up to the next semicolon, comments left out. */
function readBare(text: string, at: number): { text: string; end: number } {
  const semicolon = text.indexOf(';', at);
  const end = semicolon === -1 ? text.length : semicolon;
  const bare = text.slice(at, end);
  const comment = / \(|\t\(/.exec(bare);
  return { text: (comment === null ? bare : bare.slice(0, comment.index)).trim(), end };
}

/** Percent-decodes into bytes; a `%` that starts no escape stands for itself. */
function percentBytes(text: string): Buffer {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1');
  return Buffer.from(
    latin1.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}

/** Joins the sections of one parameter: those that are percent-encoded as bytes of the charset the first names. */
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

/** Values that were read lately: an application writes the same few Content-Types over and over. */
const recent = new Map<string, ParameterizedValue>();
/** How many are remembered, and the longest of them in characters: some 50 KB at most. */
const REMEMBERED = 200;
const REMEMBERED_LENGTH = 100;

/** Parses a parameterised header value that is already unfolded. Linear in its length; never throws. */
export function parseParameters(text: string): ParameterizedValue {
  if (text.length > REMEMBERED_LENGTH) return read(text.slice(0, MAX_LENGTH));
  const known = recent.get(text);
  if (known !== undefined) return known;
  const value = read(text);
  if (recent.size >= REMEMBERED) recent.clear();
  recent.set(text, value);
  return value;
}

function read(text: string): ParameterizedValue {
  const first = firstSemicolon(text);
  let value = first === -1 ? text : text.slice(0, first);
  if (value.includes('(')) value = value.replace(/\([^()]*\)/g, ' ');
  value = value.trim();
  if (first === -1) return { value, parameters: NONE };

  const parameters = Object.create(null) as Record<string, string>;
  const extended = new Map<string, Section[]>();
  let count = 0;
  for (let at = first + 1; at < text.length && count < MAX_PARAMETERS;) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || code === 59) {
      at++;
      continue;
    }
    if (code === 40) {
      at = skipComment(text, at);
      continue;
    }
    const nameStart = at;
    while (at < text.length && text[at] !== '=' && text[at] !== ';') at++;
    if (text[at] !== '=') continue;
    const name = text.slice(nameStart, at++).trim().toLowerCase();
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    const quoted = text[at] === '"';
    const read = quoted ? readQuoted(text, at) : readBare(text, at);
    at = read.end;
    count++;
    const star = name.indexOf('*');
    if (star === -1) {
      parameters[name] ??= read.text;
      continue;
    }
    const section = /^\*(?:(\d{1,4})(\*)?)?$/.exec(name.slice(star));
    if (section === null) continue;
    const base = name.slice(0, star);
    const sections = extended.get(base) ?? [];
    sections.push({
      index: Number(section[1] ?? 0),
      encoded: section[1] === undefined || section[2] !== undefined,
      text: read.text,
    });
    extended.set(base, sections);
  }
  // RFC 2231 wins over the plain spelling beside it, which is there for old programs.
  for (const [name, sections] of extended) parameters[name] = joinSections(sections);
  return { value, parameters };
}
