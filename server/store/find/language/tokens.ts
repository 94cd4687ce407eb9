/** Splits the text of a query into tokens with their positions. */
import { QueryError } from './ast.ts';

export type Token =
  | { readonly kind: 'open' | 'close' | 'or' | 'not'; readonly position: number }
  /** A token of a query: a word or phrase, or a field with its value. */
  | {
      readonly kind: 'term';
      readonly position: number;
      /** Name of the field in lower case; `null` for a word without a field. */
      readonly field: string | null;
      readonly value: string;
      /** Position in the query text at which the value starts. */
      readonly valuePosition: number;
      readonly quoted: boolean;
    };

/** Maximum length of a query in characters; users type far shorter queries. */
const MAX_LENGTH = 10_000;
/**
 * Matches a field name and its colon. The pattern also permits characters that no field name has, so that a mistyped
 * name is an error, not a word that no message contains.
 */
const FIELD = /^([a-z*?][a-z*?_-]*):/i;

const LONE_MINUS =
  'A minus negates the term directly after it: a term is missing here. If the minus is meant as text, write "-"';

export function tokenize(text: string): Token[] {
  if (text.length > MAX_LENGTH)
    throw new QueryError(`The query is too long: the limit is ${MAX_LENGTH} characters`, MAX_LENGTH);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) {
      at++;
    } else if (char === '(' || char === ')') {
      tokens.push({ kind: char === '(' ? 'open' : 'close', position: at++ });
    } else if (char === '-') {
      if (/[\s)]/.test(text[at + 1] ?? ' ')) throw new QueryError(LONE_MINUS, at);
      tokens.push({ kind: 'not', position: at++ });
    } else {
      at = readTerm(text, at, tokens);
    }
  }
  return tokens;
}

function readTerm(text: string, position: number, tokens: Token[]): number {
  const match = FIELD.exec(text.slice(position, position + 40));
  const field = match?.[1]?.toLowerCase() ?? null;
  // In a `header` term, only the value of the header field is quoted, and its name is before the quotation
  // mark: `header:X-Id="a b"`.
  const prefix = field === 'header' ? (/^[!-9;-<>-~]*=(?=")/.exec(text.slice(position + 7))?.[0] ?? '') : '';
  const valuePosition = position + (match?.[0].length ?? 0);
  const quoteAt = valuePosition + prefix.length;
  if (text[quoteAt] === '"') {
    const { value, end } = readQuoted(text, quoteAt);
    if (/[^\s()]/.test(text[end] ?? ' ')) throw new QueryError('A space is missing after this phrase', end);
    tokens.push({ kind: 'term', position, field, value: prefix + value, valuePosition, quoted: true });
    return end;
  }
  const value = readBare(text, valuePosition);
  if (field === null && value === 'OR') tokens.push({ kind: 'or', position });
  else tokens.push({ kind: 'term', position, field, value, valuePosition, quoted: false });
  return valuePosition + value.length;
}

/** Reads the value that starts at `valuePosition` and is not in quotation marks. */
function readBare(text: string, valuePosition: number): string {
  const value = /^[^\s()]*/.exec(text.slice(valuePosition))?.[0] ?? '';
  const quote = value.indexOf('"');
  if (quote !== -1) {
    const help = 'A phrase begins with its quotation mark; one that is meant as text is written "\\""';
    throw new QueryError(help, valuePosition + quote);
  }
  return value;
}

/** Reads a phrase in quotation marks; a backslash makes the next character literal. */
function readQuoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') return { value, end: at + 1 };
    if (char === '\\' && at + 1 < text.length) value += text[++at] ?? '';
    else value += char;
  }
  throw new QueryError('The closing quotation mark is missing', start);
}
