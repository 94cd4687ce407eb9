/**
 * Joins the lines of text with `format=flowed` (RFC 3676): a line with a blank at its end continues on the
 * next line of the same quote depth. The function makes one pass over the characters, writes to one buffer
 * and creates no object per line.
 */
import { TextBuffer } from './charset/text-buffer.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const HYPHEN = 45;
const QUOTE = 62;

/** Returns the offset of the line feed that ends the line at `start`; the length of the text for the last line. */
function lineFeedAfter(text: string, start: number): number {
  const feed = text.indexOf('\n', start);
  return feed === -1 ? text.length : feed;
}

/**
 * Returns the offset at which the content of a line ends: the offset of the line feed at `feed`, or of the CR
 * directly before it.
 */
const contentEnd = (text: string, start: number, feed: number): number =>
  feed < text.length && feed > start && text.charCodeAt(feed - 1) === CR ? feed - 1 : feed;

/** Returns the number of quote marks at the beginning of a line. */
function quoteDepth(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === QUOTE) at++;
  return at - start;
}

function pushText(out: TextBuffer, text: string, from: number, end: number): void {
  for (let at = from; at < end; at++) out.push(text.charCodeAt(at));
}

/**
 * Returns the text with its flowed lines joined and with LF line endings. `deleteSpace` is the parameter DelSp (RFC
 * 3676 §4.1).
 */
export function unflow(text: string, deleteSpace: boolean): string {
  // The buffer is larger than the text, because a blank is inserted after the quote marks of a line if it is
  // missing.
  const out = new TextBuffer(text.length * 2 + 2);
  /** Quote depth of the paragraph that continues on the next line; −1 if no paragraph continues. */
  let open = -1;
  for (let start = 0; start <= text.length;) {
    const feed = lineFeedAfter(text, start);
    const end = contentEnd(text, start, feed);
    const depth = quoteDepth(text, start, end);
    let from = start + depth;
    // The stuffed space at the start of a line (RFC 3676 §4.4) is removed before the rest of the line is examined.
    if (from < end && text.charCodeAt(from) === SPACE) from++;
    const signature = isSignature(text, from, end);
    if (open !== depth || signature) {
      if (start > 0) out.push(LF);
      pushPrefix(out, depth);
    }
    const flows = end > from && text.charCodeAt(end - 1) === SPACE && !signature;
    pushText(out, text, from, flows && deleteSpace ? end - 1 : end);
    open = flows ? depth : -1;
    start = feed + 1;
  }
  return out.toString();
}

/**
 * Returns whether a line is the signature separator `-- `. Although it ends with a blank, it does not
 * continue on the next line (RFC 3676 §4.3).
 */
const isSignature = (text: string, from: number, end: number): boolean =>
  end - from === 3 &&
  text.charCodeAt(from) === HYPHEN &&
  text.charCodeAt(from + 1) === HYPHEN &&
  text.charCodeAt(from + 2) === SPACE;

function pushPrefix(out: TextBuffer, depth: number): void {
  for (let count = 0; count < depth; count++) out.push(QUOTE);
  if (depth > 0) out.push(SPACE);
}
