/** Joins the body parts of a message into one text and one HTML document, with limits on octets and parts. */
import { escapeHtml } from '../../contract/text/html.ts';
import { htmlToText } from './html-text.ts';
import { readTextPart } from './text-part.ts';
import type { MimePart } from './structure.ts';

/**
 * Maximum number of octets that are read from the text bodies, and from the HTML bodies. People do not read
 * longer texts, and with this limit the server responds without noticeable delay.
 */
export const MAX_BODY = 5_000_000;
/** Maximum number of body parts that are joined; mail programs show them one below the other. */
const MAX_BODY_PARTS = 100;

interface BodyText {
  /**
   * The texts of the body parts, joined by line feeds; `null` if no part has the requested type (text/plain
   * or text/html).
   */
  readonly text: string | null;
  /** Whether the text was cut off because of a limit. */
  readonly truncated: boolean;
}

/**
 * Functions that convert a body part to the named type: `plain` converts HTML to plain text, `html` converts
 * plain text to HTML. The result is an empty string for a part without visible text.
 */
const CONVERSIONS = {
  plain: (html: string): string => htmlToText(html).trim(),
  html: (text: string): string =>
    text.trim() === '' ? '' : `<div style="white-space: pre-wrap">${escapeHtml(text)}</div>`,
} as const;

/**
 * Reads body parts as plain text or as HTML and joins them with line feeds. `wanted` is the type of the
 * result; parts of the other type are converted to it. If no part has the wanted type, the text is `null`.
 */
export function readBodies(raw: Buffer, parts: readonly MimePart[], wanted: 'plain' | 'html'): BodyText {
  if (!parts.some(({ subtype }) => subtype === wanted)) return { text: null, truncated: false };
  const texts: string[] = [];
  let left = MAX_BODY;
  let read = 0;
  for (const part of parts.slice(0, MAX_BODY_PARTS)) {
    if (left <= 0) break;
    const text = readTextPart(raw, part, left);
    const shown = part.subtype === wanted ? text : CONVERSIONS[wanted](text);
    if (part.subtype === wanted || shown !== '') texts.push(shown);
    left -= part.bodyEnd - part.bodyStart;
    read++;
  }
  return { text: texts.join('\n'), truncated: left < 0 || read < parts.length };
}
