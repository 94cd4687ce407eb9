/**
 * The criteria of a wait. Texts become a query that the server evaluates for every message at capture; regular expressions
 * and functions are evaluated here, for the messages that match the query.
 */
import type { Address } from '../contract/index.ts';
import { quoteValue } from '../contract/text/query.ts';
import { describeMatcher, isMatch, type Matcher } from './matcher.ts';
import type { Message } from './message.ts';
import { refuseUnknownBeforeOptions } from './names.ts';

export interface Criteria {
  /** A query in the query language; the other criteria must hold, too. */
  readonly query?: string;
  readonly from?: Matcher;
  /** A recipient of the header or the envelope. */
  readonly to?: Matcher;
  readonly cc?: Matcher;
  readonly bcc?: Matcher;
  readonly replyTo?: Matcher;
  readonly subject?: Matcher;
  /** A part of the text, or of the text of the HTML. */
  readonly text?: Matcher;
  /** Header fields by name: a matcher for the value, or true for any value. */
  readonly headers?: Readonly<Record<string, Matcher | true>>;
  /** File name of an attachment. */
  readonly attachment?: Matcher;
  readonly tag?: string;
  readonly hasAttachment?: boolean;
  readonly hasHtml?: boolean;
  readonly hasCode?: boolean;
  readonly hasLink?: boolean;
  /** A condition that no other criterion expresses. */
  readonly where?: (message: Message) => boolean | Promise<boolean>;
}

/** A query, a regular expression for subject or text, a function, or criteria. */
export type Wanted = string | RegExp | ((message: Message) => boolean | Promise<boolean>) | Criteria;

/** A condition that is evaluated here, not by the server. */
export interface Condition {
  readonly term: string;
  holds(message: Message): boolean | Promise<boolean>;
  /** The value that the message has instead. */
  found(message: Message): string;
}

export interface CompiledCriteria {
  /** The query that the server evaluates; may be empty. */
  readonly query: string;
  readonly conditions: readonly Condition[];
  /** All criteria in words. */
  readonly description: string;
}

const shown = ({ name, address }: Address): string => (name === '' ? address : `${name} <${address}>`);
const bare = (address: string): Address => ({ name: '', address });

/** The values of a message that the matcher of each field is compared with. */
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
  if (wanted instanceof RegExp) {
    return assemble('', [
      condition(`subject or text ${String(wanted)}`, wanted, (message) => [
        message.subject,
        ...VALUES.text(message),
      ]),
    ]);
  }
  refuseWrong(wanted);
  const terms = wanted.query === undefined || wanted.query.trim() === '' ? [] : [`(${wanted.query})`];
  const conditions: Condition[] = [];
  for (const field of Object.keys(QUERY_FIELDS) as Field[]) {
    const matcher = wanted[field];
    if (matcher === undefined) continue;
    if (typeof matcher === 'string')
      terms.push(`${QUERY_FIELDS[field]}:${quoteValue(notBlank(field, matcher))}`);
    else conditions.push(condition(`${field} ${describeMatcher(matcher)}`, matcher, VALUES[field]));
  }
  for (const [name, matcher] of Object.entries(wanted.headers ?? {})) {
    if (matcher === true) terms.push(`header:${name}`);
    else if (typeof matcher === 'string') terms.push(`header:${name}=${quoteValue(notBlank(name, matcher))}`);
    else {
      const values = (message: Message): string[] => message.headers.getAll(name);
      conditions.push(condition(`header ${name} ${describeMatcher(matcher)}`, matcher, values));
    }
  }
  if (wanted.tag !== undefined) terms.push(`tag:${quoteValue(notBlank('tag', wanted.tag))}`);
  if (wanted.hasAttachment !== undefined) terms.push(`${wanted.hasAttachment ? '' : '-'}has:attachment`);
  if (wanted.hasHtml !== undefined) terms.push(`${wanted.hasHtml ? '' : '-'}has:html`);
  conditions.push(...presence('code', wanted.hasCode, ({ codes }) => codes.map(({ value }) => value)));
  conditions.push(...presence('link', wanted.hasLink, ({ links }) => links.map(({ href }) => href)));
  const { where } = wanted;
  if (where !== undefined) {
    const term = where.name === '' || where.name === 'where' ? 'a function' : where.name;
    conditions.push({ term, holds: where, found: () => 'it returned false' });
  }
  return assemble(terms.join(' '), conditions);
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

/** Refuses values that the types exclude: plain JavaScript can pass them. */
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

/** The criteria with a further condition. */
export const alsoWanted = ({ query, conditions }: CompiledCriteria, condition: Condition): CompiledCriteria =>
  assemble(query, [...conditions, condition]);

/** Refuses an empty text: it would match every message. */
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
