/** Finds the word of a search query at the caret, and the possible completions of the word. */
import type { Account, Address, Summary, TagList } from '../../contract/index.ts';
import { printValue } from '../../contract/text/query.ts';
import { strings as s } from '../strings.ts';

export interface Suggestion {
  /** The text that replaces the word in the search box. */
  readonly text: string;
  readonly hint: string;
  /** Whether the word is complete after the replacement; false for a field name that still needs a value. */
  readonly complete: boolean;
}

export interface Known {
  readonly accounts: readonly Account[];
  readonly tags: TagList['tags'];
  /** The loaded messages, whose addresses are suggested. */
  readonly messages: readonly Summary[];
}

/** The maximum number of suggestions that are shown at once. */
const SHOWN = 8;
/** The number of messages whose addresses are searched for suggestions. */
const LOOKED_AT = 300;

/**
 * Returns the index at which the word at the caret begins, after a `-` and parentheses; -1 if the caret is
 * inside a quoted phrase.
 */
export function wordStart(text: string, caret: number): number {
  const before = text.slice(0, caret);
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return -1;
  const word = /[^\s()]*$/.exec(before)?.[0] ?? '';
  return caret - word.replace(/^-/, '').length;
}

/** Returns whether the word before the caret is a field name without a value; such a query cannot be searched yet. */
export const waitsForValue = (word: string): boolean =>
  Object.keys(s.search.operators).includes(word.toLowerCase());

/** Returns whether a query consists of words only, without operators, so that the server cannot refuse it. */
export const isPlain = (query: string): boolean => !/[:"()*-]|\bOR\b/.test(query);

export function suggest(word: string, known: Known): readonly Suggestion[] {
  if (word === '') return [];
  const lower = word.toLowerCase();
  const field = Object.keys(s.search.operators).find((name) => lower.startsWith(name));
  if (field === undefined) {
    return Object.entries(s.search.operators)
      .filter(([name]) => name.startsWith(lower))
      .slice(0, SHOWN)
      .map(([text, hint]) => ({ text, hint, complete: false }));
  }
  const value = lower.slice(field.length);
  return valuesOf(field, known)
    .filter(([text]) => text.toLowerCase().includes(value) && text.toLowerCase() !== value)
    .slice(0, SHOWN)
    .map(([text, hint]) => ({
      text: field + printValue(text),
      hint,
      complete: true,
    }));
}

type Value = readonly [text: string, hint: string];

function valuesOf(field: string, { accounts, tags, messages }: Known): readonly Value[] {
  if (field === 'is:' || field === 'has:') return Object.entries(s.search.values[field]);
  if (field === 'tag:') return tags.map(({ tag, messages }) => [tag, s.list.messages(messages)] as const);
  if (field === 'from:') return addressesOf(messages, ({ from }) => from);
  if (field === 'to:') return addressesOf(messages, ({ to }) => to);
  if (field === 'cc:') return addressesOf(messages, ({ cc }) => cc);
  if (field === 'bcc:') return addressesOf(messages, ({ bcc }) => bcc);
  if (field !== 'rcpt:' && field !== 'user:') return [];
  return accounts
    .filter(({ name }) => name.includes('@'))
    .map((one) => [one.name, field === 'rcpt:' ? s.list.messages(one.messages) : '']);
}

/**
 * Returns the addresses that the newest messages contain in a field, each address once, with its display
 * name.
 */
function addressesOf(
  messages: readonly Summary[],
  of: (message: Summary) => readonly Address[],
): readonly Value[] {
  const found = new Map<string, string>();
  for (const { name, address } of messages.slice(0, LOOKED_AT).flatMap(of)) {
    if (address !== '' && !found.has(address)) found.set(address, name);
  }
  return [...found];
}
