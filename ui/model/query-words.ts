/** The word of a query that stands at the caret, and what it could become. */
import type { Account, TagList } from '../../server/api/contract.ts';
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
}

/** Suggestions shown at once. */
const SHOWN = 8;

/** Where the word at the caret begins, past a `-` and parentheses; -1 inside a quoted phrase. */
export function wordStart(text: string, caret: number): number {
  const before = text.slice(0, caret);
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return -1;
  const word = /[^\s()]*$/.exec(before)?.[0] ?? '';
  return caret - word.replace(/^-/, '').length;
}

const ADDRESS_FIELDS = ['from:', 'to:', 'rcpt:', 'cc:', 'bcc:', 'user:'];

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
      text: field + (/[\s()"]/.test(text) ? JSON.stringify(text) : text),
      hint,
      complete: true,
    }));
}

function valuesOf(field: string, { accounts, tags }: Known): readonly (readonly [string, string])[] {
  if (field === 'is:' || field === 'has:') return Object.entries(s.search.values[field]);
  if (field === 'tag:') return tags.map(({ tag, messages }) => [tag, s.list.messages(messages)] as const);
  if (ADDRESS_FIELDS.includes(field)) {
    return accounts
      .filter(({ name }) => name.includes('@'))
      .map(({ name, messages }) => [name, s.list.messages(messages)] as const);
  }
  return [];
}
