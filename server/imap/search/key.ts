/** Search criteria (RFC 9051 §6.4.4 and extensions): the tree of criteria and its grammar. */
import { decodeCharset, isKnownCharset } from '../../message/charset/index.ts';
import type { Seq } from '../../store/ids.ts';
import { fold } from '../../store/find/language/fold.ts';
import { decodeText, type Decoder } from '../wire/decoder.ts';
import { isDate, parseDate } from '../wire/encoder.ts';
import { parseSequenceSet, parseUidSet, type MessageSet } from '../wire/sequence-set.ts';
import { bad, no, type Status } from '../wire/response.ts';

/** Comparison of a date with a day: `before` excludes the day, `since` includes it. */
export type DateTest = 'before' | 'on' | 'since';

export type SearchKey =
  | { readonly kind: 'and' | 'or'; readonly keys: readonly SearchKey[] }
  | { readonly kind: 'not'; readonly key: SearchKey }
  | { readonly kind: 'set'; readonly set: MessageSet }
  /** Matches messages that have the flag with this name, which is in lower case. */
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'recent' }
  | { readonly kind: 'received' | 'saved'; readonly test: DateTest; readonly day: number }
  | { readonly kind: 'sent'; readonly test: DateTest; readonly day: number }
  /**
   * Matches messages that were received at most (`younger`) or at least (`older`) the given number of seconds
   * ago (RFC 5032).
   */
  | { readonly kind: 'younger' | 'older'; readonly seconds: number }
  | { readonly kind: 'larger' | 'smaller'; readonly size: number }
  /**
   * Matches messages that have a header field with this name (in lower case) whose value contains `value`.
   * `value` is in folded form (case removed).
   */
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'body' | 'text'; readonly value: string }
  | { readonly kind: 'modseq'; readonly modseq: Seq }
  | { readonly kind: 'emailid'; readonly id: string };

/** Maximum number of criteria in one command. */
const MAX_KEYS = 1_000;

const ALL: SearchKey = { kind: 'and', keys: [] };
const not = (key: SearchKey): SearchKey => ({ kind: 'not', key });
const flag = (name: string): SearchKey => ({ kind: 'flag', flag: name.toLowerCase() });
const RECENT: SearchKey = { kind: 'recent' };

const CONSTANT: Readonly<Record<string, SearchKey>> = {
  ALL,
  ANSWERED: flag('\\Answered'),
  DELETED: flag('\\Deleted'),
  DRAFT: flag('\\Draft'),
  FLAGGED: flag('\\Flagged'),
  SEEN: flag('\\Seen'),
  UNANSWERED: not(flag('\\Answered')),
  UNDELETED: not(flag('\\Deleted')),
  UNDRAFT: not(flag('\\Draft')),
  UNFLAGGED: not(flag('\\Flagged')),
  UNSEEN: not(flag('\\Seen')),
  RECENT,
  NEW: { kind: 'and', keys: [RECENT, not(flag('\\Seen'))] },
  OLD: not(RECENT),
  SAVEDATESUPPORTED: ALL,
};

const DATES: Readonly<Record<string, readonly ['received' | 'saved' | 'sent', DateTest]>> = {
  BEFORE: ['received', 'before'],
  ON: ['received', 'on'],
  SINCE: ['received', 'since'],
  SENTBEFORE: ['sent', 'before'],
  SENTON: ['sent', 'on'],
  SENTSINCE: ['sent', 'since'],
  SAVEDBEFORE: ['saved', 'before'],
  SAVEDON: ['saved', 'on'],
  SAVEDSINCE: ['saved', 'since'],
};

const TEXTS = {
  FROM: 'from',
  TO: 'to',
  CC: 'cc',
  BCC: 'bcc',
  SUBJECT: 'subject',
  BODY: 'body',
  TEXT: 'text',
} as const;

/** Decodes a string of a search command from the character set that the command names. */
export type Charset = (octets: Buffer) => string;

/** Returns the decoder of a character set; `null` for an unknown name. */
export function charsetNamed(name: string): Charset | null {
  if (/^(us-ascii|utf-8|)$/i.test(name)) return decodeText;
  return isKnownCharset(name) ? (octets) => decodeCharset(octets, name) : null;
}

export const badCharset = (): Status => no('BADCHARSET (US-ASCII UTF-8)', 'The character set is not known');

/**
 * Parses the character set and the search criteria of SORT and THREAD.
 *
 * @throws Status NO [BADCHARSET] for an unknown character set
 */
export function parseCharsetAndKeys(decoder: Decoder): SearchKey {
  const charset = charsetNamed(decoder.text());
  if (charset === null) throw badCharset();
  decoder.sp();
  return parseSearchKeys(decoder, charset);
}

/** Parses one or more criteria, all of which must match, to the end of the command. */
export function parseSearchKeys(decoder: Decoder, charset: Charset): SearchKey {
  const parser = new KeyParser(decoder, charset);
  const keys = [parser.key()];
  while (decoder.acceptSp()) keys.push(parser.key());
  return keys.length === 1 && keys[0] !== undefined ? keys[0] : { kind: 'and', keys };
}

class KeyParser {
  readonly #decoder: Decoder;
  readonly #charset: Charset;
  #count = 0;

  constructor(decoder: Decoder, charset: Charset) {
    this.#decoder = decoder;
    this.#charset = charset;
  }

  key(): SearchKey {
    if (++this.#count > MAX_KEYS) throw bad('Too many search keys');
    const decoder = this.#decoder;
    if (decoder.peek('(')) return { kind: 'and', keys: decoder.list(() => this.key()) };
    if (decoder.peekAny('0123456789*$'))
      return { kind: 'set', set: parseSequenceSet(decoder.sequenceText()) };
    const name = decoder.keyword('a search key');
    return CONSTANT[name] ?? this.#argumented(name);
  }

  #argumented(name: string): SearchKey {
    const decoder = this.#decoder;
    if (name === 'NOT') {
      decoder.sp();
      return decoder.nested(() => not(this.key()));
    }
    // FUZZY needs no special treatment: RFC 6203 allows a server to use exact matching.
    if (name === 'FUZZY') {
      decoder.sp();
      return decoder.nested(() => this.key());
    }
    if (name === 'OR') {
      decoder.sp();
      return decoder.nested(() => {
        const first = this.key();
        decoder.sp();
        return { kind: 'or', keys: [first, this.key()] };
      });
    }
    const date = DATES[name];
    if (date !== undefined) return { kind: date[0], test: date[1], day: this.#day() };
    if (name in TEXTS) return { kind: TEXTS[name as keyof typeof TEXTS], value: this.#folded() };
    return this.#other(name);
  }

  #other(name: string): SearchKey {
    const decoder = this.#decoder;
    switch (name) {
      case 'UID':
        decoder.sp();
        return { kind: 'set', set: parseUidSet(decoder.unquoted(() => decoder.sequenceText())) };
      case 'KEYWORD':
        decoder.sp();
        return flag(decoder.unquoted(() => decoder.flag()));
      case 'UNKEYWORD':
        decoder.sp();
        return not(flag(decoder.unquoted(() => decoder.flag())));
      case 'HEADER':
        return { kind: 'header', name: this.#string().toLowerCase(), value: this.#folded() };
      case 'LARGER':
      case 'SMALLER':
        decoder.sp();
        return {
          kind: name === 'LARGER' ? 'larger' : 'smaller',
          size: decoder.unquoted(() => decoder.number64()),
        };
      case 'YOUNGER':
      case 'OLDER':
        decoder.sp();
        return {
          kind: name === 'YOUNGER' ? 'younger' : 'older',
          seconds: decoder.unquoted(() => decoder.nonZero()),
        };
      case 'MODSEQ':
        return this.#modseq();
      case 'EMAILID':
        decoder.sp();
        return { kind: 'emailid', id: decoder.atom() };
      case 'THREADID':
        decoder.sp();
        decoder.atom();
        return not(ALL);
      default:
        return decoder.fail('a search key that is known');
    }
  }

  /**
   * Parses MODSEQ. The name of a flag may precede the number; it is ignored, because a message has one MODSEQ
   * for all its flags.
   */
  #modseq(): SearchKey {
    const decoder = this.#decoder;
    decoder.sp();
    if (decoder.peek('"')) {
      decoder.string();
      decoder.sp();
      decoder.keyword('all, priv or shared');
      decoder.sp();
    }
    return { kind: 'modseq', modseq: decoder.number64('a mod-sequence') as Seq };
  }

  #string(): string {
    this.#decoder.sp();
    return this.#charset(this.#decoder.astring());
  }

  /** Parses a string and returns the folded form (case removed) that is used for comparison. */
  #folded(): string {
    return fold(this.#string());
  }

  #day(): number {
    this.#decoder.sp();
    const text = decodeText(this.#decoder.astring());
    const day = parseDate(text) ?? this.#decoder.fail('a date such as 3-Feb-2024');
    if (!isDate(text)) this.#decoder.deviate('date');
    return day;
  }
}
