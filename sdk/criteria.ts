/**
 * Compiles the criteria of a wait for mail. Texts become a query that the server evaluates when it captures a
 * message. Regular expressions and functions are evaluated in the client, for the messages that match the
 * query.
 */
import type { Address } from '../contract/index.ts';
import { quoteValue } from '../contract/text/query.ts';
import { describeMatcher, isMatch, isRegExp, type Matcher } from './matcher.ts';
import type { Message } from './message.ts';
import { refuseUnknownBeforeOptions } from './names.ts';

export interface Criteria {
  /** A query in the query language. A message must match the query and all other criteria. */
  readonly query?: string;
  readonly from?: Matcher;
  /** Matches a recipient in the header field `To` or in the envelope. */
  readonly to?: Matcher;
  readonly cc?: Matcher;
  readonly bcc?: Matcher;
  readonly replyTo?: Matcher;
  readonly subject?: Matcher;
  /** Matches a part of the plain text, or of the text of the HTML part. */
  readonly text?: Matcher;
  /** Matches header fields by name: a matcher for the value of the field, or `true` for any value. */
  readonly headers?: Readonly<Record<string, Matcher | true>>;
  /** Matches the file name of an attachment. */
  readonly attachment?: Matcher;
  readonly tag?: string;
  readonly hasAttachment?: boolean;
  readonly hasHtml?: boolean;
  readonly hasCode?: boolean;
  readonly hasLink?: boolean;
  /**
   * A function that returns whether a message matches. It serves for conditions that no other criterion can
   * express.
   */
  readonly where?: (message: Message) => boolean | Promise<boolean>;
}

/**
 * Describes the messages to wait for: a query, a regular expression for the subject or the text, a function,
 * or criteria.
 */
export type Wanted = string | RegExp | ((message: Message) => boolean | Promise<boolean>) | Criteria;

/** A condition of the criteria that the client evaluates, not the server. */
export interface Condition {
  readonly term: string;
  holds(message: Message): boolean | Promise<boolean>;
  /**
   * Returns the actual value (for example the subject) of a message that fails the condition. The error text
   * contains this value.
   */
  found(message: Message): string;
}

export interface CompiledCriteria {
  /** The query that the server evaluates; an empty query matches every message. */
  readonly query: string;
  readonly conditions: readonly Condition[];
  /** A text that lists all criteria, for error messages. */
  readonly description: string;
}

const shown = ({ name, address }: Address): string => (name === '' ? address : `${name} <${address}>`);
const bare = (address: string): Address => ({ name: '', address });

/**
 * For each field of the criteria, the function that returns the values of a message to compare with the
 * field's matcher.
 */
const VALUES: Readonly<Record<Field, (message: Message) => readonly string[]>> = {
  from: (message) => [...message.from, bare(message.envelope.from)].map(shown),
  to: (message) => [...message.to, ...message.envelope.to.map(bare)].map(shown),
  cc: (message) => message.cc.map(shown),
  bcc: (message) => message.bcc.map(shown),
  replyTo: (message) => message.replyTo.map(shown),
  subject: (message) => [message.subject],
  text: (message) => [message.text, message.html?.text].filter((text) => typeof text === 'string'),
  attachment: (message) => message.attachments.flatMap(({ filename }) => filename ?? []),
};

type Field = 'from' | 'to' | 'cc' | 'bcc' | 'replyTo' | 'subject' | 'text' | 'attachment';
const QUERY_FIELDS: Readonly<Record<Field, string>> = {
  from: 'from',
  to: 'to',
  cc: 'cc',
  bcc: 'bcc',
  replyTo: 'replyto',
  subject: 'subject',
  text: 'body',
  attachment: 'filename',
};

export function compileCriteria(wanted: Wanted = {}): CompiledCriteria {
  if (typeof wanted === 'string') return assemble(notBlank('The query', wanted), []);
  if (typeof wanted === 'function') return compileCriteria({ where: wanted });
  if (isRegExp(wanted)) {
    return assemble('', [
      condition(`subject or text ${String(wanted)}`, wanted, (message) => [
        message.subject,
        ...VALUES.text(message),
      ]),
    ]);
  }
  refuseWrong(wanted);
  const { query, where } = wanted;
  const terms: string[] = query === undefined || query.trim() === '' ? [] : [`(${query})`];
  const conditions: Condition[] = [];
  addFields(wanted, terms, conditions);
  addHeaders(wanted, terms, conditions);
  terms.push(...flagTerms(wanted));
  conditions.push(...presence('code', wanted.hasCode, ({ codes }) => codes.map(({ value }) => value)));
  conditions.push(...presence('link', wanted.hasLink, ({ links }) => links.map(({ href }) => href)));
  if (where !== undefined) {
    const term = where.name === '' || where.name === 'where' ? 'a function' : where.name;
    conditions.push({ term, holds: where, found: () => 'it returned false' });
  }
  return assemble(terms.join(' '), conditions);
}

/**
 * Adds the criteria for fields such as `from` and `subject`: texts become query terms, other matchers become
 * conditions.
 */
function addFields(wanted: Criteria, terms: string[], conditions: Condition[]): void {
  for (const field of Object.keys(QUERY_FIELDS) as Field[]) {
    const matcher = wanted[field];
    if (matcher === undefined) continue;
    if (typeof matcher === 'string')
      terms.push(`${QUERY_FIELDS[field]}:${quoteValue(notBlank(field, matcher))}`);
    else conditions.push(condition(`${field} ${describeMatcher(matcher)}`, matcher, VALUES[field]));
  }
}

/**
 * Adds the criteria for header fields: texts and `true` become query terms, other matchers become conditions.
 */
function addHeaders(wanted: Criteria, terms: string[], conditions: Condition[]): void {
  for (const [name, matcher] of Object.entries(wanted.headers ?? {})) {
    if (matcher === true) terms.push(`header:${name}`);
    else if (typeof matcher === 'string') terms.push(`header:${name}=${quoteValue(notBlank(name, matcher))}`);
    else {
      const values = (message: Message): string[] => message.headers.getAll(name);
      conditions.push(condition(`header ${name} ${describeMatcher(matcher)}`, matcher, values));
    }
  }
}

/** Returns the query terms for the criteria `tag`, `hasAttachment` and `hasHtml`. */
function flagTerms({ tag, hasAttachment, hasHtml }: Criteria): string[] {
  const terms: string[] = [];
  if (tag !== undefined) terms.push(`tag:${quoteValue(notBlank('tag', tag))}`);
  if (hasAttachment !== undefined) terms.push(`${hasAttachment ? '' : '-'}has:attachment`);
  if (hasHtml !== undefined) terms.push(`${hasHtml ? '' : '-'}has:html`);
  return terms;
}

const CRITERIA = Object.keys({
  query: true,
  from: true,
  to: true,
  cc: true,
  bcc: true,
  replyTo: true,
  subject: true,
  text: true,
  headers: true,
  attachment: true,
  tag: true,
  hasAttachment: true,
  hasHtml: true,
  hasCode: true,
  hasLink: true,
  where: true,
} satisfies Record<keyof Criteria, true>);

/**
 * Throws a `TypeError` for criteria that the TypeScript types forbid, because callers in plain JavaScript can
 * pass such criteria.
 */
function refuseWrong(wanted: Criteria | null): void {
  if (typeof wanted !== 'object' || wanted === null) {
    throw new TypeError(
      `Cannot wait for ${String(wanted)}: pass a query, a RegExp, a function or an object of criteria`,
    );
  }
  refuseUnknownBeforeOptions('criterion', wanted, CRITERIA);
}

function assemble(query: string, conditions: readonly Condition[]): CompiledCriteria {
  const parts = [query, ...conditions.map(({ term }) => term)].filter((part) => part !== '');
  return { query, conditions, description: parts.length === 0 ? 'any message' : parts.join(', ') };
}

/** Returns the criteria with a further condition. */
export const alsoWanted = ({ query, conditions }: CompiledCriteria, condition: Condition): CompiledCriteria =>
  assemble(query, [...conditions, condition]);

/** Returns the text, or throws a `TypeError` for an empty text, which would match every message. */
function notBlank(field: string, value: string): string {
  if (value.trim() === '') throw new TypeError(`${field} is empty: leave it out to match any`);
  return value;
}

function condition(
  term: string,
  matcher: Matcher,
  values: (message: Message) => readonly string[],
): Condition {
  return {
    term,
    holds: (message) => values(message).some((value) => isMatch(matcher, value)),
    found: (message) => values(message).join(', '),
  };
}

function presence(
  what: string,
  wanted: boolean | undefined,
  values: (message: Message) => readonly string[],
): Condition[] {
  if (wanted === undefined) return [];
  const holds = (message: Message): boolean => values(message).length > 0 === wanted;
  return [{ term: `${wanted ? 'a' : 'no'} ${what}`, holds, found: (message) => values(message).join(', ') }];
}
