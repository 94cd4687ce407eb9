/**
 * Translates queries to SQL conditions on the aliases `p` (placement), `m` (message) and `s` (search). The matcher
 * of `find/language` is the definition: a condition must select the same messages.
 *
 * The columns of `search` contain folded texts (normalized for comparison), one in each line. Folded texts contain
 * no line feed and no tab, so both can be separators: a line with an address starts with a tab, a line with a name
 * does not, and the line of a header field is `NAME tab value`.
 */
import type { AddressField, Query, TextField } from '../find/language/ast.ts';
import { fold } from '../find/language/fold.ts';
import { isWholeAddress } from '../find/language/match.ts';
import { patternOf } from '../find/language/pattern.ts';
import { headerKey, safeFolded } from './text.ts';

/**
 * Returns the SQL condition of a query.
 * @param values the values of the statement; the values of the condition are appended to them
 */
export function conditionOf(query: Query, values: unknown[]): string {
  const add = (value: unknown): string => `$${values.push(value)}`;
  return sqlOf(query, add);
}

/** The kinds of terms that are compared with the folded texts of a message. */
const TEXT_KINDS: ReadonlySet<Query['kind']> = new Set(['words', 'address', 'header']);

/** Returns whether the condition of a query contains the alias `s`, the folded texts of the messages. */
export function readsTexts(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.terms.some(readsTexts);
  if (query.kind === 'not') return readsTexts(query.term);
  if (query.kind === 'text') return query.field !== 'tag' && query.field !== 'id';
  return TEXT_KINDS.has(query.kind);
}

type Add = (value: unknown) => string;
type Of<K extends Query['kind']> = Extract<Query, { kind: K }>;

function sqlOf(query: Query, add: Add): string {
  switch (query.kind) {
    case 'all':
      return 'true';
    case 'and':
    case 'or':
      return `(${query.terms.map((term) => sqlOf(term, add)).join(` ${query.kind} `)})`;
    case 'not':
      return `not ${sqlOf(query.term, add)}`;
    case 'words':
      return `(${['subject', 'brief', 'body'].map((column) => contains(column, query.value, add)).join(' or ')})`;
    case 'address':
      return addressSql(query, add);
    case 'text':
      return textSql(query, add);
    case 'header':
      return headerSql(query, add);
    case 'has':
    case 'is':
    case 'before':
    case 'after':
    case 'larger':
    case 'smaller':
      return factSql(query, add);
  }
}

function factSql(query: Of<'has' | 'is' | 'before' | 'after' | 'larger' | 'smaller'>, add: Add): string {
  switch (query.kind) {
    case 'has':
      return query.what === 'html' ? 'm.has_html' : 'm.attachments > 0';
    case 'is':
      return flagSql(query.what);
    case 'before':
      return `m.received_at < ${add(query.at)}::double precision`;
    case 'after':
      return `m.received_at >= ${add(query.at)}::double precision`;
    case 'larger':
      return `m.size > ${add(query.size)}::double precision`;
    case 'smaller':
      return `m.size < ${add(query.size)}::double precision`;
  }
}

function flagSql(what: Of<'is'>['what']): string {
  if (what === 'flagged') return String.raw`'\Flagged' = any(p.flags)`;
  return what === 'seen' ? String.raw`'\Seen' = any(p.flags)` : String.raw`'\Seen' <> all(p.flags)`;
}

/** Returns the parts of a search value between its asterisks, which are wildcards for any characters. */
const piecesOf = (value: string): readonly string[] => patternOf(value).pieces.map(safeFolded);

const likeText = (text: string): string => text.replace(/[\\%_]/g, String.raw`\$&`);
const regexText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A regular expression that matches any characters within a line. */
const WITHIN = String.raw`[^\n]*`;

/** Returns an SQL condition that is true if a line of the column contains the value. */
function contains(column: string, value: string, add: Add): string {
  const pieces = piecesOf(value).filter((piece) => piece !== '');
  const [only = '', ...more] = pieces;
  if (more.length === 0) return `s.${column} like ${add(`%${likeText(only)}%`)}`;
  return `s.${column} ~ ${add(pieces.map(regexText).join(WITHIN))}`;
}

/**
 * Returns an SQL condition that is true if a line of the column consists of `start` and a text that matches the
 * value.
 */
function wholeLine(column: string, start: string, value: string, add: Add): string {
  const [only = '', ...more] = piecesOf(value);
  if (more.length === 0) return `s.${column} like ${add(`%\n${start}${likeText(only)}\n%`)}`;
  return `s.${column} ~ ${add(`\n${start}${[only, ...more].map(regexText).join(WITHIN)}\n`)}`;
}

const PEOPLE: Readonly<Record<AddressField, string>> = {
  from: 'people_from',
  to: 'people_to',
  cc: 'people_cc',
  bcc: 'people_bcc',
  rcpt: 'people_rcpt',
  replyto: 'people_replyto',
  user: 'people_user',
};

const addressSql = ({ field, value }: Of<'address'>, add: Add): string =>
  isWholeAddress(value) ? wholeLine(PEOPLE[field], '\t', value, add) : contains(PEOPLE[field], value, add);

function textSql({ field, value }: Of<'text'>, add: Add): string {
  switch (field) {
    case 'subject':
    case 'body':
      return contains(field, value, add);
    case 'filename':
      return contains('filenames', value, add);
    case 'messageid':
      return `coalesce(${contains('message_id', value, add)}, false)`;
    case 'text':
      return `(${['subject', 'body', 'headers'].map((column) => contains(column, value, add)).join(' or ')})`;
    case 'tag':
    case 'id':
      return wholeSql(field, value, add);
  }
}

function wholeSql(field: Extract<TextField, 'tag' | 'id'>, value: string, add: Add): string {
  const pieces = piecesOf(value);
  if (field === 'id' && pieces.length === 1) return `m.id = ${add(pieces[0])}`;
  const pattern = add(pieces.map(likeText).join('%'));
  if (field === 'id') return `m.id like ${pattern}`;
  return `exists (select from unnest(m.tags_folded) tag where tag like ${pattern})`;
}

function headerSql({ name, value }: Of<'header'>, add: Add): string {
  const start = `\n${headerKey(name.toLowerCase())}\t`;
  if (value === null) return `s.headers like ${add(`%${likeText(start)}%`)}`;
  const pieces = piecesOf(value).filter((piece) => piece !== '');
  return `s.headers ~ ${add(regexText(start) + WITHIN + pieces.map(regexText).join(WITHIN))}`;
}

/** Returns the text of a column of lines: each line between two line feeds. */
export const lines = (texts: Iterable<string>): string => {
  const list = [...texts];
  return list.length === 0 ? '' : `\n${list.join('\n')}\n`;
};

/** Returns a single value as the columns of `search` contain it: folded, which means normalized for comparison. */
export const foldedText = (text: string): string => safeFolded(fold(text));
