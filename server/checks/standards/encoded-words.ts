/**
 * The standards rules about encoded words in header fields: their length, their position and their encoding
 * (RFC 2047).
 */
import { isUtf8 } from 'node:buffer';
import { isKnownCharset } from '../../message/charset/index.ts';
import { decodeQuotedWord } from '../../message/quoted-printable.ts';
import { partsOf } from '../../message/part.ts';
import type { Finding } from '../../message/finding.ts';
import type { HeaderField } from '../../message/structure.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find, type StandardsRule } from './catalogue.ts';

const WORD = /=\?([^?\s]{1,75})\?([^?\s]{0,5})\?([^?]*)\?=/g;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const Q = /^(?:[!-<>@-^`-~_]|=[0-9A-Fa-f]{2})*$/;
/** The maximum number of characters of a header field that are read. */
const READ = 20_000;
/** The maximum length of an encoded word in characters (RFC 2047 §2). */
const LONGEST = 75;
const PARAMETERISED = /^content-(?:type|disposition)$/i;

function* faultsOf(word: RegExpMatchArray): Generator<readonly [StandardsRule, string]> {
  const [whole, charset = '', encoding = '', payload = ''] = word;
  const shown = whole.slice(0, 80);
  if (whole.length > LONGEST) {
    yield ['encoded-word-too-long', `An encoded word has ${whole.length} characters; the maximum is 75`];
  }
  const isB = /^b$/i.test(encoding);
  if (!isB && !/^q$/i.test(encoding)) {
    yield ['bad-encoded-word', `${shown} has an encoding that is neither B nor Q`];
    return;
  }
  const label = charset.replace(/\*.*$/, '');
  if (!isKnownCharset(label)) {
    yield ['bad-encoded-word', `${shown} has an unknown character set`];
    return;
  }
  if (isB ? !BASE64.test(payload) || payload.length % 4 !== 0 : !Q.test(payload)) {
    yield ['bad-encoded-word', `${shown} is not valid in its declared encoding`];
    return;
  }
  const bytes = isB ? Buffer.from(payload, 'base64') : decodeQuotedWord(payload);
  if (/^utf-?8$/i.test(label) && !isUtf8(bytes)) {
    yield ['split-character', `${shown} begins or ends within a character`];
  }
}

/**
 * Detects which offsets of a header field are within quoted strings (RFC 5322 §3.2.4). The field is read only
 * once, so callers must pass offsets in ascending order.
 */
class QuoteReader {
  readonly #value: string;
  #at = 0;
  #quoted = false;

  constructor(value: string) {
    this.#value = value;
  }

  /** Whether the character at an offset is within a quoted string. */
  isQuoted(at: number): boolean {
    for (; this.#at < at; this.#at++) {
      if (this.#value[this.#at] === '\\' && this.#quoted) this.#at++;
      else if (this.#value[this.#at] === '"') this.#quoted = !this.#quoted;
    }
    return this.#quoted;
  }
}

/** Matches the names of free-text header fields, in which quotation marks have no special meaning. */
const UNSTRUCTURED = /^(?:subject|comments|keywords|content-description|x-.*)$/i;

function* misplaced(
  name: string,
  value: string,
  word: RegExpMatchArray,
  quotes: QuoteReader,
): Generator<StandardsRule> {
  const at = word.index ?? 0;
  if (PARAMETERISED.test(name)) {
    yield 'encoded-word-in-parameter';
    return;
  }
  if (!UNSTRUCTURED.test(name) && quotes.isQuoted(at)) {
    yield 'encoded-word-in-quotes';
    return;
  }
  const before = value[at - 1] ?? ' ';
  const after = value[at + word[0].length] ?? ' ';
  const apart = UNSTRUCTURED.test(name) ? /\s/ : /[\s(),:;<]/;
  if (!apart.test(before) || !apart.test(after)) yield 'encoded-word-not-apart';
}

function* fieldFindings(field: HeaderField): Generator<readonly [StandardsRule, string | undefined]> {
  if (!field.value.includes('=?')) return;
  const value = field.value.slice(0, READ);
  const quotes = new QuoteReader(value);
  const reported = new Set<StandardsRule>();
  for (const word of value.matchAll(WORD)) {
    const faults: (readonly [StandardsRule, string | undefined])[] = [...faultsOf(word)];
    for (const rule of misplaced(field.name, value, word, quotes)) faults.push([rule, undefined]);
    for (const fault of faults) {
      if (reported.has(fault[0])) continue;
      reported.add(fault[0]);
      yield fault;
    }
  }
}

export function* encodedWordFindings(message: CheckedMessage): Generator<Finding> {
  for (const part of partsOf(message.structure.root)) {
    for (const field of part.headers) {
      for (const [rule, sentence] of fieldFindings(field)) {
        yield find(rule, message.placeOfField(field), sentence === undefined ? {} : { message: sentence });
      }
    }
  }
}
