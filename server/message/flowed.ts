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

/** The text with its flowed lines joined; line ends become LF. */
export function unflow(text: string, deleteSpace: boolean): string {
  // A quoted line may get one blank more than it has.
  const out = new TextBuffer(text.length * 2 + 2);
  /** Quote depth of the paragraph that continues on the next line; −1 without one. */
  let open = -1;
  for (let start = 0; start <= text.length;) {
    const feed = text.indexOf('\n', start);
    const next = feed === -1 ? text.length : feed;
    const end = feed !== -1 && text.charCodeAt(feed - 1) === CR && feed > start ? feed - 1 : next;
    let from = start;
    while (from < end && text.charCodeAt(from) === QUOTE) from++;
    const depth = from - start;
    // Space-stuffing (§4.4) is undone before anything else is looked at.
    if (from < end && text.charCodeAt(from) === SPACE) from++;
    const signature = isSignature(text, from, end);
    if (open !== depth || signature) {
      if (start > 0) out.push(LF);
      pushPrefix(out, depth);
    }
    const flows = end > from && text.charCodeAt(end - 1) === SPACE && !signature;
    for (let at = from, last = flows && deleteSpace ? end - 1 : end; at < last; at++)
      out.push(text.charCodeAt(at));
    open = flows ? depth : -1;
    start = next + 1;
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
