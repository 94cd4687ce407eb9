/**
 * Highlights the syntax of HTML and mail source. The highlighting is simple, but the tokens always contain
 * the complete source.
 */

export interface Token {
  readonly kind: 'plain' | 'tag' | 'name' | 'value' | 'comment';
  readonly text: string;
}

export type Line = readonly Token[];

const HTML = /(<!--[\s\S]*?(?:-->|$)|<![^>]*>)|(<\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'">])*)(\/?>|$)/g;
const ATTRIBUTE = /([^\s=/]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)|[^\s=/]+|\s+|./g;

/**
 * Returns the tokens of an HTML source, which may be malformed. The texts of all tokens in sequence are the
 * source.
 */
export function tokensOfHtml(source: string): Token[] {
  const tokens: Token[] = [];
  const push = (kind: Token['kind'], text: string | undefined): void => {
    if (text !== undefined && text !== '') tokens.push({ kind, text });
  };
  let at = 0;
  for (const match of source.matchAll(HTML)) {
    push('plain', source.slice(at, match.index));
    at = match.index + match[0].length;
    const [, comment, open, name, attributes = '', close] = match;
    if (comment !== undefined) push('comment', comment);
    else {
      push('tag', `${open}${name}`);
      for (const [whole, key, equals, value] of attributes.matchAll(ATTRIBUTE)) {
        if (key === undefined) push('name', whole);
        else {
          push('name', `${key}${equals}`);
          push('value', value);
        }
      }
      push('tag', close);
    }
  }
  push('plain', source.slice(at));
  return tokens;
}

/** Splits tokens into lines, and removes the line ends. */
function linesOf(tokens: readonly Token[]): Line[] {
  const lines: Token[][] = [[]];
  for (const { kind, text } of tokens) {
    text.split(/\r?\n/).forEach((piece, index) => {
      if (index > 0) lines.push([]);
      if (piece !== '') lines.at(-1)?.push({ kind, text: piece });
    });
  }
  return lines;
}

export const highlightHtml = (source: string): Line[] => linesOf(tokensOfHtml(source));

/** Highlights the header names and the boundaries of a raw message; all other text is plain. */
export function highlightMail(source: string): Line[] {
  let inHeader = true;
  return source.split(/\r?\n/).map((text) => {
    if (/^--\S/.test(text)) {
      inHeader = true;
      return [{ kind: 'comment', text }];
    }
    if (text === '') inHeader = false;
    const field = inHeader ? /^([\x21-\x39\x3b-\x7e]+:)(.*)$/.exec(text) : null;
    if (field === null) return text === '' ? [] : [{ kind: inHeader ? 'value' : 'plain', text }];
    const value: Token[] = field[2] === '' ? [] : [{ kind: 'value', text: field[2] ?? '' }];
    return [{ kind: 'name', text: field[1] ?? '' }, ...value];
  });
}
