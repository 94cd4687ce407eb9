/**
 * Parses addresses in header fields (RFC 5322 §3.4): mailboxes, groups, comments, quoted strings, the obsolete
 * forms of §4.4, and common malformed variants. The parser is linear in the length of the value and never throws.
 */
import { decodeWords, encodedWordAt } from './encoded-word.ts';

/** A mailbox: its decoded display name, which may be empty, and its address as written, without angle brackets. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** A named group of mailboxes, e.g. `undisclosed-recipients:;`. */
export interface AddressGroup {
  readonly name: string;
  readonly members: readonly MailAddress[];
}

export type AddressEntry = MailAddress | AddressGroup;

export const isGroup = (entry: AddressEntry): entry is AddressGroup => 'members' in entry;

/** A mailbox as written in the header: quotes and comments are removed, but encoded words are not decoded. */
export interface WrittenMailbox {
  /** Display name of the mailbox, or a comment in its place; may be empty. */
  readonly name: string;
  /** Obsolete source route (RFC 5322 §4.4) in the form `@a,@b`; `null` for an address without a source route. */
  readonly route: string | null;
  /**
   * Address without angle brackets; a quoted local part keeps its quotes. Empty for a mailbox that has only a name.
   */
  readonly address: string;
}

interface WrittenGroup {
  readonly name: string;
  readonly members: readonly WrittenMailbox[];
}

export type WrittenEntry = WrittenMailbox | WrittenGroup;

/** A word of an address field outside angle brackets. */
interface Word {
  /** The text of the word, without quotes and escapes. */
  readonly text: string;
  /** The word as written in the header field, with quotes and escapes. */
  readonly raw: string;
  /** Whether white space or a comment precedes the word. */
  readonly apart: boolean;
}

/**
 * Matches an atom: any one character, followed by characters that have no meaning in the syntax of addresses.
 */
const ATOM = /[^][^()<>[\]:;,"\\ \t\r\n]*/y;
/** Matches an address in angle brackets that contains no quotes, comments, routes or blanks. */
const PLAIN_ANGLE = /<([^()<>",:\s]*)>(?!>)/y;

/**
 * Returns whether two words belong to the same address. This is true if no blank separates them, or if the blank is
 * beside a dot or `@` (RFC 5322 §4.4).
 */
const areJoined = (left: Word | undefined, right: Word | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  (!right.apart || /[@.]$/.test(left.raw) || /^[@.]/.test(right.raw));

class AddressReader {
  readonly #text: string;
  readonly #entries: WrittenEntry[] = [];
  #at = 0;
  #words: Word[] = [];
  #apart = false;
  #comment = '';
  #angle: string | null = null;
  /** Number of words that precede the angle brackets of the current mailbox: the words of its display name. */
  #named = 0;
  #route: string | null = null;
  #group: { name: string; members: WrittenMailbox[] } | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  read(): WrittenEntry[] {
    while (this.#at < this.#text.length) this.#step(this.#text[this.#at] ?? '');
    this.#endMailbox();
    this.#endGroup();
    return this.#entries;
  }

  #step(character: string): void {
    switch (character) {
      case '(':
        this.#comment = this.#readComment();
        this.#apart = true;
        return;
      case '"':
        this.#readQuoted();
        return;
      case '<':
        this.#readAngle();
        return;
      case '[':
        this.#word(this.#readUpTo(']'));
        return;
      case ',':
        this.#at++;
        this.#endMailbox();
        return;
      case ';':
        this.#at++;
        this.#endMailbox();
        this.#endGroup();
        return;
      case ':':
        this.#colon();
        return;
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        this.#at++;
        this.#apart = true;
        return;
      default:
        this.#readAtom();
    }
  }

  #word(raw: string, text = raw): void {
    this.#words.push({ text, raw, apart: this.#apart });
    this.#apart = false;
  }

  /**
   * Reads an atom, or a complete encoded word. Encoded words are decoded after the field was parsed, so that
   * commas, colons and parentheses in them are part of a name (RFC 2047 §5 (3), §6.2).
   */
  #readAtom(): void {
    const word = this.#text.startsWith('=?', this.#at) ? encodedWordAt(this.#text, this.#at) : null;
    if (word !== null) {
      this.#at = word.end;
      this.#word(this.#text.slice(word.start, word.end));
      return;
    }
    ATOM.lastIndex = this.#at;
    const [atom = ''] = ATOM.exec(this.#text) ?? [];
    const start = this.#at;
    this.#at += this.#beforeWord(start, atom);
    this.#word(this.#text.slice(start, this.#at));
  }

  /**
   * Returns the length of an atom. The atom ends where an encoded word begins, even without a blank between
   * them.
   */
  #beforeWord(start: number, atom: string): number {
    for (let at = atom.indexOf('=?', 1); at !== -1; at = atom.indexOf('=?', at + 2)) {
      if (encodedWordAt(this.#text, start + at) !== null) return at;
    }
    return atom.length;
  }

  /**
   * Returns the text from the current position up to and including the character `close`; the rest of the value
   * if `close` is missing.
   */
  #readUpTo(close: string): string {
    const start = this.#at;
    const end = this.#text.indexOf(close, start);
    this.#at = end === -1 ? this.#text.length : end + 1;
    return this.#text.slice(start, this.#at);
  }

  #readQuoted(): void {
    const start = this.#at++;
    let text = '';
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      if (this.#text[this.#at] === '\\') this.#at++;
      text += this.#text[this.#at++] ?? '';
    }
    this.#at++;
    this.#word(this.#text.slice(start, this.#at), text);
  }

  /**
   * Reads the comment at the current position. Returns the comment without its outer parentheses; nested
   * comments are part of the result.
   */
  #readComment(): string {
    let depth = 0;
    let text = '';
    for (; this.#at < this.#text.length; this.#at++) {
      let character = this.#text[this.#at] ?? '';
      if (character === '(' && depth++ === 0) continue;
      if (character === ')' && --depth === 0) {
        this.#at++;
        break;
      }
      if (character === '\\') character = this.#text[++this.#at] ?? '';
      text += character;
    }
    return text.trim();
  }

  /** Reads `<address>`, and separates an obsolete route from the address (RFC 5322 §4.4). */
  #readAngle(): void {
    this.#endUnseparated();
    PLAIN_ANGLE.lastIndex = this.#at;
    const plain = PLAIN_ANGLE.exec(this.#text);
    if (plain !== null) {
      this.#at = PLAIN_ANGLE.lastIndex;
      this.#setAngle(plain[1] ?? '');
      return;
    }
    let address = '';
    this.#at++;
    for (; this.#at < this.#text.length;) {
      const character = this.#text[this.#at] ?? '';
      if (character === '>') {
        this.#at++;
        break;
      }
      if (character === '"') {
        const start = this.#at;
        this.#readQuoted();
        this.#words.pop();
        address += this.#text.slice(start, this.#at);
      } else if (character === '(') {
        this.#readComment();
      } else if (character === '<') {
        // If an address has two pairs of angle brackets, as in `<<a@b>>`, the text in the inner pair is the
        // address.
        address = '';
        this.#at++;
      } else {
        if (!/\s/.test(character)) address += character;
        this.#at++;
      }
    }
    while (this.#text[this.#at] === '>') this.#at++;
    // If a mailbox has two addresses in brackets (`"a@b" <x@y> <a@b>`), the second address is used, because
    // mail programs send replies to it.
    const route = /^(?:,*@[^:,@]*)+:/.exec(address)?.[0] ?? '';
    this.#setAngle(address.slice(route.length));
    this.#route = route.slice(0, -1).replace(/^,+/, '') || null;
  }

  #setAngle(address: string): void {
    this.#angle = address;
    this.#route = null;
    this.#named = this.#words.length;
  }

  /**
   * Ends the current mailbox where a comma is missing: in `A <a@b> C <c@d>`, a name after an address begins
   * another mailbox.
   */
  #endUnseparated(): void {
    if (this.#angle === null || this.#words.length === this.#named) return;
    const next = this.#words.splice(this.#named);
    this.#endMailbox();
    this.#words = next;
  }

  #colon(): void {
    this.#at++;
    const open = this.#group === null && this.#angle === null && this.#words.length > 0;
    if (open && !this.#words.some((word) => word.raw === ':' || word.raw.includes('@'))) {
      this.#group = { name: this.#phrase(this.#words), members: [] };
      this.#words = [];
    } else {
      this.#word(':');
    }
  }

  #phrase(words: readonly Word[]): string {
    let text = '';
    for (const word of words) text += (word.apart && text !== '' ? ' ' : '') + word.text;
    return text.trim();
  }

  #endMailbox(): void {
    const mailbox = this.#mailbox();
    this.#words = [];
    this.#angle = null;
    this.#route = null;
    this.#comment = '';
    this.#apart = false;
    if (mailbox === null) return;
    if (this.#group === null) this.#entries.push(mailbox);
    else this.#group.members.push(mailbox);
  }

  #endGroup(): void {
    if (this.#group !== null) this.#entries.push(this.#group);
    this.#group = null;
  }

  #mailbox(): WrittenMailbox | null {
    const words = this.#words;
    const comment = this.#comment;
    if (this.#angle !== null) {
      return { name: this.#phrase(words) || comment, route: this.#route, address: this.#angle };
    }
    if (words.length === 0) return null;
    const at = words.findLastIndex(({ raw }) => raw.includes('@') && !/^(?:"|=\?)/.test(raw));
    return at === -1 ? this.#withoutAt() : this.#aroundAt(at);
  }

  /**
   * Returns the mailbox for an entry without `@`: a single unquoted word becomes its address (a local part
   * without a domain); several words become its display name.
   */
  #withoutAt(): WrittenMailbox {
    const words = this.#words;
    const single = words.length === 1 && words[0]?.raw === words[0]?.text ? words[0]?.raw : undefined;
    return single === undefined || single.startsWith('=?')
      ? { name: this.#phrase(words), route: null, address: '' }
      : { name: this.#comment, route: null, address: single };
  }

  /**
   * Returns the mailbox for an entry without angle brackets, such as `a@b Name`. The word at index `at`
   * contains the `@`. This word and the words that are joined to it form the address; the remaining words
   * form the display name.
   */
  #aroundAt(at: number): WrittenMailbox {
    const words = this.#words;
    let from = at;
    while (from > 0 && areJoined(words[from - 1], words[from])) from--;
    let to = at;
    while (to + 1 < words.length && areJoined(words[to], words[to + 1])) to++;
    const address = words
      .slice(from, to + 1)
      .map((word) => word.raw)
      .join('');
    const name = this.#phrase([...words.slice(0, from), ...words.slice(to + 1)]) || this.#comment;
    return { name, route: null, address };
  }
}

/**
 * Maximum number of characters that are read from one address field; enough for about ten thousand addresses.
 */
const MAX_VALUE = 1_000_000;

/** Parses an unfolded address field without decoding names, as ENVELOPE of IMAP requires. */
export function readAddressList(value: string): readonly WrittenEntry[] {
  return new AddressReader(value.length > MAX_VALUE ? value.slice(0, MAX_VALUE) : value).read();
}

const decodeName = (written: string): string => decodeWords(written).replace(/\s+/g, ' ').trim();
const decodeMailbox = ({ name, address }: WrittenMailbox): MailAddress => ({
  name: decodeName(name),
  address,
});

/** Parses an unfolded address field into mailboxes and groups, and decodes the display names. */
export function parseAddressList(value: string): readonly AddressEntry[] {
  return readAddressList(value).map((entry) =>
    'members' in entry
      ? { name: decodeName(entry.name), members: entry.members.map(decodeMailbox) }
      : decodeMailbox(entry),
  );
}

/** Returns the mailboxes of an address field in the order of the field, including the members of groups. */
export function parseMailboxes(value: string): readonly MailAddress[] {
  return parseAddressList(value).flatMap((entry) => (isGroup(entry) ? entry.members : [entry]));
}
