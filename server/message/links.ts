/**
 * Finds the links of a message in its HTML, its text and its List-Unsubscribe field (RFC 2369); each URL is
 * listed once.
 */
import { htmlLinks } from './html-links.ts';
import { linkKind, type LinkKind } from './link-kind.ts';

export type { LinkKind } from './link-kind.ts';

export interface MessageLink {
  /** The URL of the link as written, with HTML entities decoded. */
  readonly href: string;
  /**
   * Text of the link. The text of a link in a text body is its URL; the text of a link in a header field is
   * empty.
   */
  readonly text: string;
  readonly kind: LinkKind;
  readonly source: 'html' | 'text' | 'header';
}

interface LinkSources {
  readonly text: string | null;
  readonly html: string | null;
  /** Unfolded values of the List-Unsubscribe fields. */
  readonly listUnsubscribe: readonly string[];
}

/**
 * Maximum number of characters of the plain text that are read. `MAX_LINKS` is the maximum number of links
 * that are returned from the plain text.
 */
const MAX_TEXT = 2_000_000;
const MAX_LINKS = 1_000;
/** Number of characters before a URL in a plain text that are searched for the purpose of the link. */
const CONTEXT = 160;

const ADDRESS = /\bhttps?:\/\/[^\s<>"”“»«]+/gi;
const OPENERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Removes the punctuation of the surrounding sentence from the end of a URL. A closing bracket at the end is
 * kept if the URL also contains the opening bracket.
 */
export function trimAddress(address: string): string {
  let end = address.length;
  const balance = new Map<string, number>();
  for (const character of address) balance.set(character, (balance.get(character) ?? 0) + 1);
  for (; end > 0; end--) {
    const last = address[end - 1] ?? '';
    const opener = OPENERS[last];
    if (opener !== undefined) {
      const closed = balance.get(last) ?? 0;
      if (closed <= (balance.get(opener) ?? 0)) break;
      balance.set(last, closed - 1);
    } else if (!/[.,;:!?'’*|`。、，]/.test(last)) {
      break;
    }
  }
  return address.slice(0, end);
}

/**
 * Returns the words before a URL: those in the same line, or those in the line above if there are no letters
 * before the URL.
 */
function contextBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - CONTEXT), at);
  const lines = before
    .split('\n')
    .filter((line, index, all) => line.trim() !== '' || index === all.length - 1);
  const own = lines.at(-1) ?? '';
  return (/\p{L}/u.test(own) ? own : (lines.at(-2) ?? '')).replace(/https?:\S*/gi, ' ');
}

function textLinks(text: string): MessageLink[] {
  const links: MessageLink[] = [];
  const read = text.slice(0, MAX_TEXT);
  for (const match of read.matchAll(ADDRESS)) {
    if (links.length >= MAX_LINKS) break;
    const href = trimAddress(match[0]);
    if (href.length <= 'https://'.length) continue;
    links.push({
      href,
      text: href,
      kind: linkKind('', href, contextBefore(read, match.index)),
      source: 'text',
    });
  }
  return links;
}

function headerLinks(values: readonly string[]): MessageLink[] {
  return values
    .flatMap((value) => [...value.matchAll(/<\s*([^<>\s][^<>]*?)\s*>/g)])
    .map((match) => ({ href: match[1] ?? '', text: '', kind: 'unsubscribe', source: 'header' }));
}

/** Matches URLs that are not links: scripts (`javascript:`) and embedded resources (`cid:`, `data:`). */
const NO_LINK = /^\s*(?:javascript|data|cid|about|vbscript):/i;

/**
 * Returns all links of a message; links in the HTML are first. A URL that occurs several times is listed at its
 * first occurrence.
 */
export function findLinks(sources: LinkSources): readonly MessageLink[] {
  const header = headerLinks(sources.listUnsubscribe);
  const unsubscribe = new Set(header.map(({ href }) => href));
  const html: MessageLink[] = (sources.html === null ? [] : htmlLinks(sources.html)).map(
    ({ href, text }) => ({
      href,
      text,
      kind: unsubscribe.has(href) ? 'unsubscribe' : linkKind(text, href),
      source: 'html',
    }),
  );
  const text = sources.text === null ? [] : textLinks(sources.text);
  const seen = new Set<string>();
  return [...html, ...text, ...header].filter((link) => {
    // The same URL may occur with different link texts, for example as an image and as a button. Therefore a
    // link in HTML is left out only if an earlier link has the same URL and the same text.
    const key = link.source === 'html' ? `${link.href}\n${link.text}` : link.href;
    if (seen.has(key) || NO_LINK.test(link.href)) return false;
    seen.add(key).add(link.href);
    return true;
  });
}
