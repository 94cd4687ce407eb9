/** Splits the texts of findings, which contain code and links in Markdown, into pieces for display. */

export type Piece =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

/** Matches code in backticks, and a link to an HTTPS URL. Other Markdown does not occur in the texts. */
const MARKUP = /(`+)([^`]+)\1|\[([^\]]+)\]\((https:\/\/[^\s()]+)\)/g;

export function inlinePieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(MARKUP)) {
    const [whole, , code, label, href] = match;
    if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    if (code !== undefined) pieces.push({ kind: 'code', text: code });
    else pieces.push({ kind: 'link', text: label ?? '', href: href ?? '' });
    at = match.index + whole.length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}

/** Returns a text without its Markdown, for places that can show only plain text. */
export const plainText = (text: string): string =>
  inlinePieces(text)
    .map((piece) => piece.text)
    .join('');
