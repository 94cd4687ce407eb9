/** The word of a query that stands at the caret, and what it could become. */
import type { Account, Address, Summary, TagList } from '../../contract/index.ts';
import { printValue } from '../../contract/text/query.ts';
import { strings as s } from '../strings.ts';

export interface Suggestion {
  /** What takes the word's place. */
  readonly text: string;
  readonly hint: string;
  /** Whether the word is whole then, or waits for a value. */
  readonly complete: boolean;
}

export interface Known {
  readonly accounts: readonly Account[];
  readonly tags: TagList['tags'];
  /** Messages at hand, whose addresses are offered. */
  readonly messages: readonly Summary[];
}

/** Suggestions shown at once. */
const SHOWN = 8;
/** Messages whose addresses are looked at. */
const LOOKED_AT = 300;

/** Where the word at the caret begins, past a `-` and parentheses; -1 inside a quoted phrase. */
export function wordStart(text: string, caret: number): number {
  const before = text.slice(0, caret);
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return -1;
  const word = /[^\s()]*$/.exec(before)?.[0] ?? '';
  return caret - word.replace(/^-/, '').length;
}

/** Whether the word that ends at the caret names a field and has no value yet: nothing can be looked for so. */
export const waitsForValue = (word: string): boolean =>
  Object.keys(s.search.operators).includes(word.toLowerCase());

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

/** Addresses of a field in the newest messages, each once, with the name beside it. */
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
