/**
 * Decodes commands according to the grammar (RFC 9051 §9), without interpreting them. Methods are named after
 * the grammar's elements; they consume octets, and throw a `BAD` status for other input. Unambiguous input that
 * differs from the grammar is accepted if other servers accept it, and recorded in `deviations`.
 *
 * A command consists of texts and literals: `texts[i]` ends with the announcement of `literals[i]`, and the
 * last text ends the command.
 */
import { octetCount, type MessageOctets } from '../../message/octets.ts';
import type { Deviation } from './deviation.ts';
import { bad } from './response.ts';

/** A literal: a string of octets whose length the client announces before it (RFC 9051 §4.3). */
export interface Literal {
  /**
   * The octets of the literal. The octets of a message may be in a file, which exists until the command is
   * released.
   */
  readonly octets: MessageOctets;
  /**
   * Whether the literal was announced as `~{n}`: it may contain NUL (RFC 3516 literal8, RFC 6855 UTF-8
   * messages).
   */
  readonly binary: boolean;
}

/** A whole command without its line endings. */
export interface CommandText {
  readonly texts: readonly Buffer[];
  readonly literals: readonly Literal[];
}

/** Maximum depth of nested parentheses, far above the depth of the search criteria that clients send. */
const MAX_DEPTH = 32;
/** Maximum size in octets of a literal that is not a message: a name, a search string, credentials. */
export const MAX_STRING = 64 * 1024;
const EMPTY = Buffer.alloc(0);

const code = (character: string): number => character.charCodeAt(0);
const [SPACE, QUOTE, BACKSLASH, CLOSE] = [0x20, 0x22, 0x5c, 0x29];

/**
 * Returns a table of the octets that an element of the grammar may contain: 1 for each permitted octet, 0 for
 * the others.
 */
function octetSet(test: (octet: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => (test(octet) ? 1 : 0));
}
const isText = (octet: number): boolean => octet > 0x20 && octet < 0x7f;
const excluding = (characters: string) => (octet: number) =>
  isText(octet) && !characters.includes(String.fromCharCode(octet));

const ATOM = octetSet(excluding('(){%*"\\]'));
/** Octets of an unquoted `astring`, including the wildcards and backslashes that some clients do not quote. */
const LOOSE_ASTRING = octetSet(excluding('(){"'));
const TAG = octetSet(excluding('(){%*"\\+'));
/**
 * Octets of an unquoted `list-mailbox`, which may contain wildcards. Clients that have enabled UTF-8 send 8-bit
 * octets.
 */
const LIST = octetSet((octet) => excluding('(){"\\')(octet) || octet >= 0x80);
const DIGIT = octetSet((octet) => octet >= 0x30 && octet <= 0x39);
const SEQUENCE = octetSet((octet) => '0123456789:*,$'.includes(String.fromCharCode(octet)));

export class Decoder {
  readonly #command: CommandText;
  #index = 0;
  #text: Buffer;
  #at = 0;
  #depth = 0;
  readonly #deviations = new Set<Deviation>();

  constructor(command: CommandText) {
    this.#command = command;
    this.#text = command.texts[0] ?? EMPTY;
  }

  /** The kinds of deviation from the grammar that the decoder has found in the command so far. */
  get deviations(): ReadonlySet<Deviation> {
    return this.#deviations;
  }

  /** Records a deviation from the grammar that the caller accepts. */
  deviate(deviation: Deviation): void {
    this.#deviations.add(deviation);
  }

  /** Whether the whole input has been consumed. */
  get done(): boolean {
    return this.#at >= this.#text.length && this.#index === this.#command.texts.length - 1;
  }

  fail(expected: string): never {
    const found = this.#at < this.#text.length ? `at column ${this.#at + 1}` : 'at the end';
    throw bad(`Expected ${expected} ${found}`);
  }

  /** Requires the end of the command; blanks before the line ending are accepted. */
  end(): void {
    if (this.#skipBlanks() > 0 && this.done) this.deviate('trailing-blank');
    if (!this.done) this.fail('the end of the command');
  }

  /** Skips the rest of a command that takes no arguments. */
  skipRest(): void {
    if (this.#skipBlanks() > 0 && this.done) this.deviate('trailing-blank');
    if (this.done) return;
    this.deviate('extra-argument');
    this.#index = this.#command.texts.length - 1;
    this.#text = this.#command.texts[this.#index] ?? EMPTY;
    this.#at = this.#text.length;
  }

  /** Consumes `character` if it is the next octet, and returns whether it was. */
  accept(character: string): boolean {
    if (this.#text[this.#at] !== code(character)) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.accept(character)) this.fail(`"${character}"`);
  }

  /** Consumes the space before an argument. Some clients send several spaces, or none after a delimiter. */
  sp(): void {
    const blanks = this.#skipBlanks();
    if (blanks > 1) this.deviate('extra-space');
    if (blanks > 0) return;
    if (!this.#delimited || this.done) this.fail('a space');
    this.deviate('missing-space');
  }

  /**
   * Consumes the space before another argument, and returns whether an argument follows. Spaces before `)` or
   * the line ending are skipped.
   */
  acceptSp(): boolean {
    const blanks = this.#skipBlanks();
    if (blanks === 0) {
      if (!this.#delimited || !this.peekAny('("{~')) return false;
      this.deviate('missing-space');
      return true;
    }
    if (this.done || this.peek(')')) {
      this.deviate(this.done ? 'trailing-blank' : 'extra-space');
      return false;
    }
    if (blanks > 1) this.deviate('extra-space');
    return true;
  }

  /** Returns whether `character` is the next octet. */
  peek(character: string): boolean {
    return this.#text[this.#at] === code(character);
  }

  /** Returns whether the next octets are `text`. */
  peekText(text: string): boolean {
    return this.#text.toString('latin1', this.#at, this.#at + text.length) === text;
  }

  /** Returns whether the next octet is one of `characters`. */
  peekAny(characters: string): boolean {
    const octet = this.#text[this.#at];
    return octet !== undefined && characters.includes(String.fromCharCode(octet));
  }

  /** Consumes a word, in any case, if it is next and complete; returns whether it was. */
  acceptWord(word: string): boolean {
    const end = this.#at + word.length;
    const next = this.#text[end];
    if (next !== undefined && ATOM[next] === 1 && next !== code('[')) return false;
    if (this.#text.toString('latin1', this.#at, end).toUpperCase() !== word) return false;
    this.#at = end;
    return true;
  }

  tag(): string {
    return this.#run(TAG, 'a tag');
  }

  atom(): string {
    return this.#run(ATOM, 'an atom');
  }

  /** Parses an atom and returns it in upper case: command names, search keys, names of data items. */
  keyword(what = 'a keyword'): string {
    return this.#run(ATOM, what).toUpperCase();
  }

  /**
   * Parses letters, digits, dots and hyphens and returns them in upper case: the name of a data item before a
   * bracket (`BODY.PEEK`).
   */
  itemName(what: string): string {
    const start = this.#at;
    while (/[A-Za-z0-9.-]/.test(String.fromCharCode(this.#text[this.#at] ?? 0))) this.#at++;
    if (this.#at === start) this.fail(what);
    return this.#text.toString('latin1', start, this.#at).toUpperCase();
  }

  /** Parses an unsigned number of at most 2^32 − 1. */
  number(what = 'a number'): number {
    const value = this.number64(what);
    if (value > 0xffffffff) this.fail(`${what} of at most 32 bits`);
    return value;
  }

  nonZero(what = 'a number above 0'): number {
    const value = this.number(what);
    if (value === 0) this.fail(what);
    return value;
  }

  /** Parses an unsigned 63-bit number (RFC 9051). Numbers above JavaScript's largest safe integer are refused. */
  number64(what = 'a number'): number {
    const value = Number(this.#run(DIGIT, what));
    if (!Number.isSafeInteger(value)) this.fail(`a smaller ${what}`);
    return value;
  }

  /** Returns the text of a sequence set, or `$`; `sequence-set.ts` parses it. */
  sequenceText(): string {
    const text = this.#run(SEQUENCE, 'a sequence set');
    if (!/\d,$/.test(text)) return text;
    this.deviate('set-comma');
    return text.slice(0, -1);
  }

  /** Parses a word or a number with `read`, also if the client put it in quotes. */
  unquoted<T>(read: () => T): T {
    if (!this.accept('"')) return read();
    this.deviate('quoted-word');
    const value = read();
    this.expect('"');
    return value;
  }

  /** Parses a quoted string or a literal. */
  string(): Buffer {
    if (this.peek('"')) return this.#quoted();
    if (this.peek('{') || this.peek('~')) return this.#shortLiteral();
    return this.fail('a string');
  }

  #shortLiteral(): Buffer {
    const { octets } = this.literal();
    if (octetCount(octets) > MAX_STRING || !Buffer.isBuffer(octets)) {
      throw bad(`Expected a string of at most ${MAX_STRING} octets`, 'TOOBIG');
    }
    return octets;
  }

  astring(): Buffer {
    if (this.peek('"') || this.peek('{')) return this.string();
    const text = this.#run(LOOSE_ASTRING, 'a string');
    if (/[%*\\]/.test(text)) this.deviate('atom-character');
    return Buffer.from(text, 'latin1');
  }

  /** Parses an `astring` and returns it as text: UTF-8, or Latin-1 for octets that are not UTF-8. */
  text(): string {
    return decodeText(this.astring());
  }

  /** Parses a string, or NIL, for which it returns `null`. */
  nstring(): Buffer | null {
    return this.acceptWord('NIL') ? null : this.string();
  }

  /** Parses a `list-mailbox` (RFC 9051 §6.3.9): a name that may contain wildcards. */
  listMailbox(): Buffer {
    if (this.peek('"') || this.peek('{')) return this.string();
    return Buffer.from(this.#run(LIST, 'a mailbox pattern'), 'latin1');
  }

  literal(): Literal {
    const literal = this.#command.literals[this.#index];
    const at = this.#text.indexOf('{', this.#at);
    const start = this.#text[at - 1] === code('~') ? at - 1 : at;
    if (literal === undefined || start !== this.#at || !/^~?\{\d+\+?\}$/.test(this.#rest())) {
      return this.fail('a literal');
    }
    this.#index++;
    this.#text = this.#command.texts[this.#index] ?? EMPTY;
    this.#at = 0;
    return literal;
  }

  /** Returns whether a literal is next. */
  peekLiteral(): boolean {
    return /^~?\{/.test(this.#text.toString('latin1', this.#at, this.#at + 2));
  }

  /** Parses items in parentheses, separated by spaces. @param empty whether an empty list is accepted */
  list<T>(item: () => T, empty = false): T[] {
    this.expect('(');
    if (++this.#depth > MAX_DEPTH) throw bad('Nested too deep');
    if (this.#skipBlanks() > 0) this.deviate('extra-space');
    const items: T[] = [];
    if (!(empty && this.peek(')'))) {
      do items.push(item());
      while (this.acceptSp());
    }
    this.expect(')');
    this.#depth--;
    return items;
  }

  /** Parses a list of items that some clients send empty, or without parentheses around a single item. */
  looseList<T>(item: () => T): T[] {
    if (!this.peek('(')) {
      this.deviate('missing-parentheses');
      return [item()];
    }
    const items = this.list(item, true);
    if (items.length === 0) this.deviate('empty-list');
    return items;
  }

  /** Parses a flag (RFC 9051 §2.3.2) and returns it as sent. */
  flag(): string {
    return this.accept('\\') ? `\\${this.atom()}` : this.atom();
  }

  /** Runs `body`, and limits the depth of recursion that has no parentheses (`NOT NOT …`). */
  nested<T>(body: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw bad('Nested too deep');
    const result = body();
    this.#depth--;
    return result;
  }

  /** Consumes spaces, and returns the number of spaces. */
  #skipBlanks(): number {
    const start = this.#at;
    while (this.#text[this.#at] === SPACE) this.#at++;
    return this.#at - start;
  }

  /** Whether the previous argument ended with a delimiter, as a literal, a quoted string or a list does. */
  get #delimited(): boolean {
    if (this.#at === 0) return this.#index > 0;
    const before = this.#text[this.#at - 1];
    return before === QUOTE || before === CLOSE;
  }

  /** Consumes and returns all octets to the end of the current text of the command. */
  #rest(): string {
    return this.#text.toString('latin1', this.#at);
  }

  #run(allowed: Uint8Array, what: string): string {
    const start = this.#at;
    let at = start;
    for (let octet = this.#text[at]; octet !== undefined && allowed[octet] === 1; octet = this.#text[++at]);
    if (at === start) this.fail(what);
    this.#at = at;
    return this.#text.toString('latin1', start, at);
  }

  #quoted(): Buffer {
    this.#at++;
    const start = this.#at;
    let escaped = false;
    for (;;) {
      const octet = this.#text[this.#at];
      if (octet === undefined || octet === 0 || octet === 0x0d) return this.fail('a closing quote');
      if (octet === QUOTE) break;
      if (octet === BACKSLASH) {
        const next = this.#text[this.#at + 1];
        if (next !== QUOTE && next !== BACKSLASH) this.deviate('quoted-escape');
        escaped = true;
        this.#at++;
      }
      this.#at++;
    }
    const octets = this.#text.subarray(start, this.#at);
    this.#at++;
    return escaped ? Buffer.from(octets.toString('latin1').replace(/\\(.)/g, '$1'), 'latin1') : octets;
  }
}

/** Decodes octets from a client as text: UTF-8, or Latin-1 for octets that are not UTF-8. */
export function decodeText(octets: Buffer): string {
  const text = octets.toString('utf8');
  return text.includes('\ufffd') && !octets.includes('\ufffd') ? octets.toString('latin1') : text;
}
