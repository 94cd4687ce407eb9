/** Reads a message for a result: its text without hidden parts, its codes and its links, in limited size. */
import Type, { type Static } from 'typebox';
import type { Detail } from '../../contract/index.ts';
import { readMessageDetail, readShownText } from '../service/reading/detail.ts';
import type { ListedMessage } from '../store/store.ts';
import { removeInvisible } from '../message/invisible.ts';
import type { McpDeps } from './deps.ts';
import { cleanLine } from './untrusted.ts';

/** The maximum number of links in a result, and the maximum length of one address in characters. */
const MAX_LINKS = 20;
const MAX_ADDRESS = 2_000;
/** The maximum number of characters of all links in a result; one link is always shown. */
const MAX_LINK_CHARS = 10_000;
/** The maximum number of codes in a result. */
const MAX_CODES = 5;

export const Code = Type.Object({ value: Type.String(), confidence: Type.Number(), context: Type.String() });
export type Code = Static<typeof Code>;
export const Link = Type.Object({ url: Type.String(), kind: Type.String(), text: Type.String() });
export type Link = Static<typeof Link>;

export interface CleanText {
  readonly text: string;
  /** A sentence about text that was removed because a person would not see it; empty if none was removed. */
  readonly removed: string;
}

export async function readCleanText({ reading }: McpDeps, listed: ListedMessage): Promise<CleanText> {
  const { text, hidden, comments } = await readShownText(reading, listed);
  const { text: clean, removed } = removeInvisible(text);
  return { text: clean.trim(), removed: removedText(hidden, removed, comments) };
}

function removedText(hidden: number, invisible: number, comments: number): string {
  if (hidden + invisible + comments === 0) return '';
  return `Removed: ${hidden} hidden characters, ${invisible} invisible characters, ${comments} comments.`;
}

export const readDetail = ({ store, reading }: McpDeps, listed: ListedMessage): Promise<Detail> =>
  readMessageDetail(store, reading, listed);

export const codesOf = ({ codes }: Pick<Detail, 'codes'>): Code[] =>
  codes.slice(0, MAX_CODES).map(({ value, confidence, context }) => ({
    value: cleanLine(value),
    confidence,
    context: cleanLine(context),
  }));

/** Returns the links, those with a recognized purpose first. Links that are too long are left out. */
export function linksOf({ links }: Pick<Detail, 'links'>): Link[] {
  const usable = links.filter(({ href }) => href.length <= MAX_ADDRESS);
  const isOther = ({ kind }: { readonly kind: string }): boolean =>
    kind === 'other' || kind === 'unsubscribe';
  const shown = [...usable.filter((link) => !isOther(link)), ...usable.filter(isOther)]
    .slice(0, MAX_LINKS)
    .map(({ href, kind, text }) => ({
      url: cleanLine(href, MAX_ADDRESS),
      kind,
      text: text === href ? '' : cleanLine(text, 100),
    }));
  return within(shown, MAX_LINK_CHARS, ({ url, text }) => url.length + text.length);
}

/** Returns the first items whose total length is at most `most`, and at least one item. */
export function within<T>(items: readonly T[], most: number, lengthOf: (item: T) => number): T[] {
  let left = most;
  const cut = items.findIndex((item, index) => {
    left -= lengthOf(item);
    return left < 0 && index > 0;
  });
  return cut < 0 ? [...items] : items.slice(0, cut);
}

export const codeLine = ({ value, confidence, context }: Code): string =>
  `code ${value} (confidence ${confidence}): ${context}`;

export const linkLine = ({ url, kind, text }: Link): string =>
  `link ${kind} ${url}${text === '' ? '' : ` “${text}”`}`;
