/**
 * Reads the DNS records of a zone file (RFC 1035 §5) that checks use: addresses, MX, TXT and aliases. If the
 * file has no $ORIGIN, a name without a final dot is absolute, so that a few copied lines are a valid zone.
 */
import { readFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * The type and the data of a DNS record: an address, a name, the strings of a TXT record, or a mail
 * exchanger.
 */
export type ZoneRecord =
  | { readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR'; readonly value: string }
  | { readonly type: 'TXT'; readonly strings: readonly string[] }
  | { readonly type: 'MX'; readonly exchange: string; readonly priority: number };

/** The DNS records by the name of their owner, in lower case and without the final dot. */
export type Zone = ReadonlyMap<string, readonly ZoneRecord[]>;

/** The error for an invalid zone; the message starts with the number of the line. */
export class ZoneError extends Error {
  override readonly name = 'ZoneError';

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
  }
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** One entry of a zone file: one line, or several lines in parentheses. */
interface Entry {
  readonly line: number;
  /**
   * Whether the entry begins with a blank, which means that it has the same owner name as the previous entry.
   */
  readonly sameOwner: boolean;
  readonly tokens: Token[];
  /**
   * Whether a comment follows the last token without a blank. This happens when quotes are missing, as in
   * `v=DKIM1; k=rsa`.
   */
  readonly cutOff: boolean;
}

/** The maximum length of a zone file in characters. */
const MAX_ZONE = 1_000_000;
const TTL = /^\d+(?:[smhdw]\d*)*$/i;
const CLASSES = new Set(['IN', 'CH', 'HS', 'CS', 'ANY']);
/** The record types that are ignored, because no check uses them. */
const UNASKED = new Set(
  'SOA SRV CAA DS DNSKEY RRSIG NSEC NSEC3 NSEC3PARAM TLSA SSHFP HTTPS SVCB NAPTR LOC HINFO URI SPF'.split(
    ' ',
  ),
);

const ESCAPE = /\\(\d{3}|.)/gs;
const unescape = (text: string): string =>
  text.replace(ESCAPE, (_all, escaped: string) =>
    /^\d{3}$/.test(escaped) ? String.fromCharCode(Number(escaped) & 0xff) : escaped,
  );

const PIECE = /"((?:[^"\\]|\\.)*)"|;[^\n]*|[()]|\n|[ \t\r]+|(?:[^\s"();\\]|\\.)+|./gs;

const BLANK = /^[ \t\r]+$/;

/** Splits the text of a zone file into entries. */
class EntryScanner {
  #line = 1;
  /** The number of parentheses that are open. */
  #depth = 0;
  /** The entry that the next token belongs to; `null` before the first token of an entry. */
  #entry: { -readonly [Key in keyof Entry]: Entry[Key] } | null = null;
  #atLineStart = true;
  #blankFirst = false;
  /** Whether the previous token was unquoted. A comment that follows directly would cut such a token off. */
  #afterToken = false;

  *scan(text: string): Generator<Entry> {
    for (const { 0: piece, 1: quoted } of text.matchAll(PIECE)) {
      if (piece === '\n') yield* this.#endLine();
      else if (piece.startsWith(';')) this.#skipComment();
      else if (BLANK.test(piece)) this.#skipBlank();
      else this.#addPiece(piece, quoted);
    }
    if (this.#depth > 0) throw new ZoneError(this.#entry?.line ?? this.#line, 'this ( has no matching )');
    if (this.#entry !== null) yield this.#entry;
  }

  *#endLine(): Generator<Entry> {
    this.#afterToken = false;
    this.#atLineStart = true;
    this.#line++;
    if (this.#depth > 0) return;
    const entry = this.#entry;
    this.#entry = null;
    this.#blankFirst = false;
    if (entry !== null) yield entry;
  }

  #skipComment(): void {
    if (this.#afterToken && this.#entry !== null) this.#entry.cutOff = true;
    if (this.#atLineStart) this.#blankFirst = false;
    this.#afterToken = false;
    this.#atLineStart = false;
  }

  #skipBlank(): void {
    if (this.#atLineStart) this.#blankFirst = true;
    this.#afterToken = false;
    this.#atLineStart = false;
  }

  #addPiece(piece: string, quoted: string | undefined): void {
    if (piece === '"' || piece === '\\')
      throw new ZoneError(this.#line, 'a closing quotation mark is missing');
    this.#entry ??= { line: this.#line, sameOwner: this.#blankFirst, tokens: [], cutOff: false };
    this.#atLineStart = false;
    this.#afterToken = false;
    if (piece === '(') this.#depth++;
    else if (piece === ')') this.#closeParenthesis();
    else {
      this.#entry.tokens.push({ text: unescape(quoted ?? piece), quoted: quoted !== undefined });
      this.#afterToken = quoted === undefined;
    }
    this.#line += (quoted ?? '').split('\n').length - 1;
  }

  #closeParenthesis(): void {
    if (this.#depth === 0) throw new ZoneError(this.#line, 'this ) has no matching (');
    this.#depth--;
  }
}

/**
 * Removes the TTL and the class, in either order, from the beginning of `words`. Throws for a class other than IN.
 */
function dropTtlAndClass(line: number, words: Token[]): void {
  for (let word = words[0]?.text.toUpperCase(); word !== undefined; word = words[0]?.text.toUpperCase()) {
    const isClass = CLASSES.has(word);
    if (!isClass && !TTL.test(word)) return;
    if (isClass && word !== 'IN') throw new ZoneError(line, `class ${word} is not supported, only IN`);
    words.shift();
  }
}

class ZoneReader {
  readonly #records = new Map<string, ZoneRecord[]>();
  #origin = '';
  #owner: string | null = null;

  get records(): Zone {
    return this.#records;
  }

  read({ line, sameOwner, tokens, cutOff }: Entry): void {
    const [first] = tokens;
    if (first === undefined) return;
    if (!first.quoted && first.text.startsWith('$')) {
      this.#directive(
        line,
        tokens.map(({ text }) => text),
      );
      return;
    }
    const words = [...tokens];
    if (!sameOwner) this.#owner = this.#nameOf(words.shift()?.text ?? '');
    if (this.#owner === null)
      throw new ZoneError(line, 'the first record has no owner name; start the line with a name');
    dropTtlAndClass(line, words);
    const type = words.shift()?.text.toUpperCase();
    if (type === undefined) throw new ZoneError(line, 'a record type is missing');
    if (UNASKED.has(type)) return;
    if (cutOff && type === 'TXT') {
      throw new ZoneError(
        line,
        'the text is cut off at a “;”, which begins a comment; put the text in quotes',
      );
    }
    const records = this.#records.get(this.#owner) ?? [];
    records.push(this.#record(line, type, words));
    this.#records.set(this.#owner, records);
  }

  #directive(line: number, [name = '', value]: readonly string[]): void {
    if (/^\$ttl$/i.test(name)) return;
    if (!/^\$origin$/i.test(name))
      throw new ZoneError(line, `${name} is not supported, only $ORIGIN and $TTL`);
    if (value === undefined) throw new ZoneError(line, '$ORIGIN has no domain');
    this.#origin = this.#nameOf(value);
  }

  #nameOf(written: string): string {
    const name = written.toLowerCase();
    if (name === '@') return this.#origin;
    if (name.endsWith('.')) return name.slice(0, -1);
    return this.#origin === '' ? name : `${name}.${this.#origin}`;
  }

  #record(line: number, type: string, words: readonly Token[]): ZoneRecord {
    const [first, second] = words.map(({ text }) => text);
    if (first === undefined) throw new ZoneError(line, `${type} has no data`);
    switch (type) {
      case 'TXT':
        return { type, strings: words.map(({ text }) => text) };
      case 'A':
      case 'AAAA':
        if (!(type === 'A' ? isIPv4(first) : isIPv6(first))) {
          throw new ZoneError(line, `“${first}” is not a valid address for a record of type ${type}`);
        }
        return { type, value: first };
      case 'CNAME':
      case 'NS':
      case 'PTR':
        return { type, value: this.#nameOf(first) };
      case 'MX':
        if (!/^\d{1,5}$/.test(first) || second === undefined) {
          throw new ZoneError(line, 'an MX record needs a preference and a name');
        }
        return { type, exchange: this.#nameOf(second), priority: Number(first) };
      default:
        throw new ZoneError(line, `unknown record type ${type}`);
    }
  }
}

/** Parses the text of a zone file. Throws `ZoneError` for an invalid zone. */
export function parseZone(text: string): Zone {
  if (text.length > MAX_ZONE)
    throw new ZoneError(1, `the zone is larger than ${MAX_ZONE / 1_000_000} MB, the maximum`);
  const reader = new ZoneReader();
  for (const entry of new EntryScanner().scan(text)) reader.read(entry);
  return reader.records;
}

/** Reads a zone file. Throws `ZoneError` for an invalid zone, or the system's error for an unreadable file. */
export const readZone = (file: string): Zone => parseZone(readFileSync(file, 'utf8'));
