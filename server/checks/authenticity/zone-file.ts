/**
 * DNS records from a zone file (RFC 1035 §5), as far as checks ask for them: addresses, MX, TXT, aliases. Names without
 * a dot at the end are complete where no $ORIGIN was given, so that a few lines pasted from anywhere do.
 */
import { isIPv4, isIPv6 } from 'node:net';

/** A record's data: an address or a name, the strings of a TXT, or a mail exchanger. */
export type ZoneRecord =
  | { readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR'; readonly value: string }
  | { readonly type: 'TXT'; readonly strings: readonly string[] }
  | { readonly type: 'MX'; readonly exchange: string; readonly priority: number };

/** Records by owner, lower case without the dot at the end. */
export type Zone = ReadonlyMap<string, readonly ZoneRecord[]>;

/** The zone cannot be understood; the message names the line. */
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

/** One entry: a line, or several between parentheses. */
interface Entry {
  readonly line: number;
  /** Whether it begins with a blank and so has the owner of the one before. */
  readonly sameOwner: boolean;
  readonly tokens: Token[];
  /** Whether a comment follows the last token at once, as in `v=DKIM1; k=rsa`. */
  readonly cutOff: boolean;
}

/** Octets of a zone: far above any that somebody writes for a test. */
const MAX_ZONE = 1_000_000;
const TTL = /^\d+(?:[smhdw]\d*)*$/i;
const CLASSES = new Set(['IN', 'CH', 'HS', 'CS', 'ANY']);
/** Types that are read over: no check asks for them. */
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
  /** Parentheses that are open. */
  #depth = 0;
  /** The entry that the next token belongs to; `null` before the first token of an entry. */
  #entry: { -readonly [Key in keyof Entry]: Entry[Key] } | null = null;
  #atLineStart = true;
  #blankFirst = false;
  /** Whether the last piece was an unquoted token, which a comment would cut off. */
  #afterToken = false;

  *scan(text: string): Generator<Entry> {
    for (const { 0: piece, 1: quoted } of text.matchAll(PIECE)) {
      if (piece === '\n') yield* this.#endLine();
      else if (piece.startsWith(';')) this.#skipComment();
      else if (BLANK.test(piece)) this.#skipBlank();
      else this.#addPiece(piece, quoted);
    }
    if (this.#depth > 0) throw new ZoneError(this.#entry?.line ?? this.#line, 'a ( is not closed');
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
    if (piece === '"' || piece === '\\') throw new ZoneError(this.#line, 'a quotation mark is not closed');
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
    if (this.#depth === 0) throw new ZoneError(this.#line, 'a ) closes nothing');
    this.#depth--;
  }
}

/** Removes the TTL and the class, in either order, from the beginning of `words`. Throws for a class other than IN. */
function dropTtlAndClass(line: number, words: Token[]): void {
  for (let word = words[0]?.text.toUpperCase(); word !== undefined; word = words[0]?.text.toUpperCase()) {
    const isClass = CLASSES.has(word);
    if (!isClass && !TTL.test(word)) return;
    if (isClass && word !== 'IN') throw new ZoneError(line, `class ${word} is not read, only IN`);
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
    if (this.#owner === null) throw new ZoneError(line, 'the first record names no owner');
    dropTtlAndClass(line, words);
    const type = words.shift()?.text.toUpperCase();
    if (type === undefined) throw new ZoneError(line, 'a record type is missing');
    if (UNASKED.has(type)) return;
    if (cutOff && type === 'TXT') {
      throw new ZoneError(line, 'the text ends at a “;”, which begins a comment: put it in quotes');
    }
    const records = this.#records.get(this.#owner) ?? [];
    records.push(this.#record(line, type, words));
    this.#records.set(this.#owner, records);
  }

  #directive(line: number, [name = '', value]: readonly string[]): void {
    if (/^\$ttl$/i.test(name)) return;
    if (!/^\$origin$/i.test(name)) throw new ZoneError(line, `${name} is not read, only $ORIGIN and $TTL`);
    if (value === undefined) throw new ZoneError(line, '$ORIGIN names no domain');
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
          throw new ZoneError(line, `${type} has “${first}”, which is no such address`);
        }
        return { type, value: first };
      case 'CNAME':
      case 'NS':
      case 'PTR':
        return { type, value: this.#nameOf(first) };
      case 'MX':
        if (!/^\d{1,5}$/.test(first) || second === undefined) {
          throw new ZoneError(line, 'MX is written: a preference, then a name');
        }
        return { type, exchange: this.#nameOf(second), priority: Number(first) };
      default:
        throw new ZoneError(line, `there is no record type ${type}`);
    }
  }
}

/** Throws `ZoneError`. */
export function parseZone(text: string): Zone {
  if (text.length > MAX_ZONE) throw new ZoneError(1, `a zone has at most ${MAX_ZONE / 1_000_000} MB`);
  const reader = new ZoneReader();
  for (const entry of new EntryScanner().scan(text)) reader.read(entry);
  return reader.records;
}
