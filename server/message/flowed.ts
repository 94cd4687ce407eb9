/**
 * Text with `format=flowed` (RFC 3676): a line that ends in a blank continues in the next one of the same quote depth.
 * One pass over the characters into one buffer; no object is made for a line.
 */
import { TextBuffer } from './charset/text-buffer.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const HYPHEN = 45;
const QUOTE = 62;

/** The offset of the line feed that ends the line at `start`; the length of the text for the last line. */
function lineFeedAfter(text: string, start: number): number {
  const feed = text.indexOf('\n', start);
  return feed === -1 ? text.length : feed;
}

/** The end of the content of a line, without the CR before its line feed at `feed`. */
const contentEnd = (text: string, start: number, feed: number): number =>
  feed < text.length && feed > start && text.charCodeAt(feed - 1) === CR ? feed - 1 : feed;

/** The number of quote marks at the beginning of a line. */
function quoteDepth(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === QUOTE) at++;
  return at - start;
}

function pushText(out: TextBuffer, text: string, from: number, end: number): void {
  for (let at = from; at < end; at++) out.push(text.charCodeAt(at));
}

/** Returns the text with its flowed lines joined; line ends become LF. */
export function unflow(text: string, deleteSpace: boolean): string {
  // The prefix of a quoted line may be one blank longer than in the source.
  const out = new TextBuffer(text.length * 2 + 2);
  /** Quote depth of the paragraph that continues on the next line; −1 without one. */
  let open = -1;
  for (let start = 0; start <= text.length;) {
    const feed = lineFeedAfter(text, start);
    const end = contentEnd(text, start, feed);
    const depth = quoteDepth(text, start, end);
    let from = start + depth;
    // Space-stuffing (RFC 3676 §4.4) is undone before the rest of the line is read.
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

/** The line `-- ` (§4.3) is a fixed line. */
const isSignature = (text: string, from: number, end: number): boolean =>
  end - from === 3 &&
  text.charCodeAt(from) === HYPHEN &&
  text.charCodeAt(from + 1) === HYPHEN &&
  text.charCodeAt(from + 2) === SPACE;

function pushPrefix(out: TextBuffer, depth: number): void {
  for (let count = 0; count < depth; count++) out.push(QUOTE);
  if (depth > 0) out.push(SPACE);
}
