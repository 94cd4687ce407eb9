/**
 * Parses the query language: words, phrases, fields, `-`, `OR` and parentheses. Terms without an operator
 * between them must all match; OR binds weaker than this. Invalid input is never ignored: it throws a
 * `QueryError` with the position of the error.
 */
import { ADDRESS_FIELDS, QueryError, TEXT_FIELDS, type Query } from './ast.ts';
import { normalize } from './normalize.ts';
import { isBlank } from './pattern.ts';
import { tokenize, type Token } from './tokens.ts';
import { parseInstant, parseSize } from './values.ts';

/**
 * Maximum nesting depth of parentheses in a query. Users type far fewer levels; the limit protects the
 * recursive parser.
 */
const MAX_DEPTH = 50;

const OTHER_FIELDS = ['header', 'has', 'is', 'before', 'after', 'larger', 'smaller'];
const FIELDS = [...ADDRESS_FIELDS, ...TEXT_FIELDS, ...OTHER_FIELDS];

type Term = Extract<Token, { kind: 'term' }>;

/**
 * Parses a query.
 * @param now time from which ages such as `2h` are counted back, in milliseconds since the epoch
 */
export function parseQuery(text: string, now = Date.now()): Query {
  const tokens = tokenize(text);
  if (tokens.length === 0) return { kind: 'all' };
  return normalize(new Parser(tokens, text.length, now).parse());
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  readonly #now: number;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number, now: number) {
    this.#tokens = tokens;
    this.#end = end;
    this.#now = now;
  }

  parse(): Query {
    const query = this.#alternatives();
    const rest = this.#tokens[this.#next];
    if (rest !== undefined)
      throw new QueryError('This closing parenthesis has no opening one', rest.position);
    return query;
  }

  #alternatives(): Query {
    const terms = [this.#sequence()];
    while (this.#tokens[this.#next]?.kind === 'or') {
      this.#next++;
      terms.push(this.#sequence());
    }
    return terms.length === 1 && terms[0] !== undefined ? terms[0] : { kind: 'or', terms };
  }

  #sequence(): Query {
    const terms: Query[] = [];
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token === undefined || token.kind === 'or' || token.kind === 'close') {
        if (terms.length === 0)
          throw new QueryError('A search term is missing here', token?.position ?? this.#end);
        return terms.length === 1 && terms[0] !== undefined ? terms[0] : { kind: 'and', terms };
      }
      terms.push(this.#unary(token));
    }
  }

  #unary(token: Token): Query {
    this.#next++;
    switch (token.kind) {
      case 'not': {
        const next = this.#tokens[this.#next];
        if (next === undefined || next.kind === 'or' || next.kind === 'close') {
          throw new QueryError('A search term is missing after the minus', token.position);
        }
        return { kind: 'not', term: this.#nested(token, () => this.#unary(next)) };
      }
      case 'open': {
        const inside = this.#nested(token, () => this.#alternatives());
        if (this.#tokens[this.#next]?.kind !== 'close') {
          throw new QueryError('This opening parenthesis has no closing one', token.position);
        }
        this.#next++;
        return inside;
      }
      case 'term':
        return readTerm(token, this.#now);
      case 'close':
      case 'or':
        throw new QueryError('A search term is missing here', token.position);
    }
  }

  #nested(token: Token, read: () => Query): Query {
    if (++this.#depth > MAX_DEPTH)
      throw new QueryError(`The query has more than ${MAX_DEPTH} levels of parentheses`, token.position);
    const query = read();
    this.#depth--;
    return query;
  }
}

/** Throws a `QueryError` that names a field and its invalid value. */
type Fail = (expected: string) => never;

function readTerm(token: Term, now: number): Query {
  const { field, value, valuePosition } = token;
  if (field === null) return readWords(token);
  if (!FIELDS.includes(field)) {
    const help = `Unknown field ${field}; the fields are ${FIELDS.join(', ')}. Quote the words if they are meant as text`;
    throw new QueryError(help, token.position);
  }
  if (isBlank(value)) throw new QueryError(`${field}: needs a value${whyBlank(value)}`, valuePosition);
  const fail: Fail = (expected) => {
    throw new QueryError(`${field}: takes ${expected}, not ${JSON.stringify(value)}`, valuePosition);
  };
  if (isOne(ADDRESS_FIELDS, field)) return { kind: 'address', field, value };
  if (isOne(TEXT_FIELDS, field)) return { kind: 'text', field, value };
  switch (field) {
    case 'header':
      return readHeader(value) ?? fail('a field name, or NAME=value with a value to search for');
    case 'has':
      return readHas(value, fail);
    case 'is':
      return readIs(value, fail);
    case 'before':
    case 'after': {
      const at = parseInstant(value, now);
      return at === null
        ? fail('a date such as 2026-11-23, a date-time, or an age such as 2h')
        : { kind: field, at };
    }
    default: {
      const size = parseSize(value);
      if (size === null) return fail('a size such as 500, 10k or 2M');
      return { kind: field === 'larger' ? 'larger' : 'smaller', size };
    }
  }
}

const whyBlank = (value: string): string =>
  value.includes('*') ? ': * alone matches everything, so leave the term out' : '';

function readWords({ value, position, quoted }: Term): Query {
  if (isBlank(value)) {
    const why = value.includes('*') ? 'A * alone matches everything: leave it out' : 'The phrase is empty';
    throw new QueryError(why, position);
  }
  if (!quoted && (value === 'AND' || value === 'NOT')) {
    const help = value === 'AND' ? 'Terms side by side must all match' : 'A minus before a term negates it';
    throw new QueryError(`${help}: leave out ${value}, or quote it if it is meant as text`, position);
  }
  return { kind: 'words', value };
}

function readHas(value: string, fail: Fail): Query {
  const what = value.toLowerCase();
  return what === 'attachment' || what === 'html' ? { kind: 'has', what } : fail('attachment or html');
}

function readIs(value: string, fail: Fail): Query {
  const what = value.toLowerCase();
  return what === 'seen' || what === 'unread' || what === 'flagged'
    ? { kind: 'is', what }
    : fail('seen, unread or flagged');
}

const isOne = <T extends string>(names: readonly T[], name: string): name is T =>
  names.some((known) => known === name);

function readHeader(value: string): Query | null {
  const match = /^([!-9;-<>-~]+)(?:=([^]*))?$/.exec(value);
  const [, name = '', wanted = null] = match ?? [];
  if (match === null || (wanted !== null && isBlank(wanted))) return null;
  return { kind: 'header', name, value: wanted };
}
