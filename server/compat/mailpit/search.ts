/**
 * Translates a search in the language of Mailpit to the syntax tree of Restante's queries. Words are separated by
 * spaces; quotation marks group words and are removed; all terms must match; `-` or `!` negates a term. A term with
 * an unknown field is a text.
 *
 * Mailpit ignores a term with an empty or invalid value. This module reports such terms, so that a call that deletes
 * or marks messages can refuse the search: without the term, it would select more messages than intended.
 */
import type { Query } from '../../store/find/language/ast.ts';
import { isWholeAddress } from '../../store/find/language/match.ts';
import { normalize } from '../../store/find/language/normalize.ts';
import { isBlank } from '../../store/find/language/pattern.ts';
import { isTimeZone, readDate } from './dates.ts';

export interface ParsedSearch {
  readonly query: Query;
  /** The parts of the search that have no effect, or another effect than in Mailpit, one sentence for each. */
  readonly ignored: readonly string[];
}

export interface SearchOptions {
  /** The IANA time zone of dates without a zone; if absent, the zone of this machine. */
  readonly zone?: string | undefined;
}

/** Splits a search at spaces that are not in quotation marks, and removes the quotation marks. */
function split(search: string): string[] {
  return (search.match(/(?:"[^"]*"?|[^ "])+/g) ?? [])
    .map((term) => term.replaceAll('"', '').trim())
    .filter((term) => term !== '');
}

/**
 * Returns a text as Mailpit compares it: in lower case, with punctuation that separates addresses replaced by
 * spaces.
 */
const clean = (text: string): string =>
  text
    .replaceAll(/\r?\n|[\ufeff\t><",;()]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();

const not = (term: Query): Query => ({ kind: 'not', term });
const or = (...terms: Query[]): Query => ({ kind: 'or', terms });
const and = (...terms: Query[]): Query => ({ kind: 'and', terms });

type AddressField = Extract<Query, { kind: 'address' }>['field'];

/** Returns the term for addresses and names that contain a text. */
function contains(field: AddressField, value: string): Query {
  // A value that is a whole address would match only this address; with the asterisks, it also matches longer
  // addresses that contain it.
  return { kind: 'address', field, value: isWholeAddress(value) ? `*${value}*` : value };
}

/**
 * Returns the term for the header field To. The field `to` of Restante's queries also searches the envelope, which
 * contains the recipients of Cc and Bcc, too. If Cc or Bcc also contains the text, the header field To of the
 * message is therefore searched, too.
 */
function inTo(value: string): Query {
  const elsewhere = or(contains('cc', value), contains('bcc', value));
  return and(contains('to', value), or(not(elsewhere), { kind: 'header', name: 'to', value }));
}

const ADDRESSED = ['from', 'cc', 'bcc', 'replyto'] as const;

/** The search fields whose value is a text. Each function returns the query for a value that is not blank. */
const TEXT_TERMS: Readonly<Record<string, (value: string) => Query>> = {
  to: inTo,
  from: (value) => contains('from', value),
  cc: (value) => contains('cc', value),
  bcc: (value) => contains('bcc', value),
  'reply-to': (value) => contains('replyto', value),
  addressed: (value) => or(inTo(value), ...ADDRESSED.map((field) => contains(field, value))),
  'message-id': (value) => ({ kind: 'text', field: 'messageid', value }),
  tag: (value) => ({ kind: 'text', field: 'tag', value }),
};

const TAGGED: Query = { kind: 'text', field: 'tag', value: '*' };

/** The search terms that are complete words, such as `is:read`, and the query for each. */
const FLAG_TERMS: Readonly<Record<string, Query>> = {
  'is:read': { kind: 'is', what: 'seen' },
  'is:unread': { kind: 'is', what: 'unread' },
  'is:tagged': TAGGED,
  'has:attachment': { kind: 'has', what: 'attachment' },
  'has:attachments': { kind: 'has', what: 'attachment' },
};

const SIZE = /^(\d+(?:\.\d+)?)\s?(k|kb|m|mb)?$/;
const SIZE_UNITS: Readonly<Record<string, number>> = { k: 1024, kb: 1024, m: 1024 ** 2, mb: 1024 ** 2 };

/** Reads a size such as `500`, `2k` or `1.5mb`. Returns the number of octets; 0 for any other text. */
function readSize(text: string): number {
  const match = SIZE.exec(text);
  return match === null ? 0 : Math.floor(Number(match[1]) * (SIZE_UNITS[match[2] ?? ''] ?? 1));
}

/**
 * Returns the query for the field `larger` or `smaller`; `undefined` if the size is invalid, because Mailpit
 * then searches for the term as plain text.
 */
function sizeTerm(kind: 'larger' | 'smaller', value: string): Query | undefined {
  const size = readSize(value);
  if (size === 0) return undefined;
  return kind === 'larger' ? { kind, size: size - 1 } : { kind, size };
}

/** Returns the query for a word or phrase in the whole message. */
function words(text: string): Query | null {
  // Mailpit compares texts without punctuation. Restante compares the text as written, so both forms are searched.
  const forms = [...new Set([text.replaceAll(/\s+/g, ' ').trim().toLowerCase(), clean(text)])];
  const usable = forms.filter((form) => !isBlank(form));
  if (usable.length === 0) return null;
  const terms: Query[] = usable.map((value) => ({ kind: 'words', value }));
  const address = clean(text);
  if (isWholeAddress(address)) terms.push(contains('from', address));
  return or(...terms);
}

class SearchReader {
  readonly ignored: string[] = [];
  readonly #zone: string | undefined;

  constructor(zone: string | undefined) {
    this.#zone = zone;
  }

  /** Returns the query for a term without its negation; `null` for a term that has no effect. */
  read(term: string): Query | null {
    const lower = term.toLowerCase();
    const flag = FLAG_TERMS[lower];
    if (flag !== undefined) return flag;
    if (term.includes('*')) this.ignored.push(`* in ${JSON.stringify(term)} stands for any characters`);
    const [, field = '', value = ''] = /^([a-z-]+):([^]*)$/.exec(lower) ?? [];
    const query = this.#field(term, field, value);
    if (query !== undefined) return query;
    return words(term) ?? this.#ignore(`${JSON.stringify(term)} contains nothing to search for`);
  }

  /**
   * Returns the query for a term of the form `field:value`; `undefined` for a term that Mailpit searches as
   * plain text.
   */
  #field(term: string, field: string, value: string): Query | null | undefined {
    switch (field) {
      case 'subject':
        // Unlike the values of other fields, the value of `subject:` keeps its punctuation.
        return this.#text(term, value, (subject) => ({ kind: 'text', field: 'subject', value: subject }));
      case 'after':
      case 'before':
        return this.#date(term, field, clean(value));
      case 'larger':
      case 'smaller':
        return sizeTerm(field, clean(value));
      case 'has':
        // The term `has:inline` is ignored, because Restante does not store which messages have inline parts.
        return /^inlines?$/.test(value)
          ? this.#ignore(`${JSON.stringify(term)} is not supported`)
          : undefined;
      default: {
        const make = Object.hasOwn(TEXT_TERMS, field) ? TEXT_TERMS[field] : undefined;
        return make === undefined ? undefined : this.#text(term, clean(value), make);
      }
    }
  }

  #text(term: string, value: string, make: (value: string) => Query): Query | null {
    if (!isBlank(value)) return make(value);
    return this.#ignore(`${JSON.stringify(term)} has no value to search for`);
  }

  #date(term: string, kind: 'after' | 'before', value: string): Query | null {
    const at = value === '' ? null : readDate(value, this.#zone);
    return at === null ? this.#ignore(`${JSON.stringify(term)} has no valid date`) : { kind, at };
  }

  #ignore(reason: string): null {
    this.ignored.push(reason);
    return null;
  }
}

const isNegated = (term: string): boolean => term.length > 1 && /^[-!]/.test(term);

/** Parses a search of Mailpit. Never throws: the result lists the parts of the search that are ignored. */
export function parseSearch(search: string, { zone }: SearchOptions = {}): ParsedSearch {
  const isKnown = zone === undefined || zone === '' || isTimeZone(zone);
  const reader = new SearchReader(isKnown && zone !== '' ? zone : undefined);
  if (!isKnown) reader.ignored.push(`${JSON.stringify(zone)} is not a time zone`);
  const terms: Query[] = [];
  for (const term of split(search)) {
    const isExcluded = isNegated(term);
    const query = reader.read(isExcluded ? term.slice(1) : term);
    if (query !== null) terms.push(isExcluded ? not(query) : query);
  }
  return { query: normalize(and(...terms)), ignored: reader.ignored };
}
