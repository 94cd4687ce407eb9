/** Joins the body parts of a message into one text and one HTML document, with limits on octets and parts. */
import { escapeHtml } from '../../contract/text/html.ts';
import { htmlToText } from './html-text.ts';
import { readTextPart } from './text-part.ts';
import type { MimePart } from './structure.ts';

/**
 * Maximum number of octets that are read from the text bodies, and from the HTML bodies. A person does not read
 * more, and the server can still respond immediately.
 */
export const MAX_BODY = 5_000_000;
/** Maximum number of body parts that are joined; mail programs show them one below the other. */
const MAX_BODY_PARTS = 100;

interface BodyText {
  /** The texts of the body parts, joined by line feeds; `null` if no part has the requested type. */
  readonly text: string | null;
  /** Whether the text was cut off because of a limit. */
  readonly truncated: boolean;
}

/** Converts text/html to plain text, and text/plain to HTML; the result is empty for a blank part. */
const CONVERSIONS = {
  plain: (html: string): string => htmlToText(html).trim(),
  html: (text: string): string =>
    text.trim() === '' ? '' : `<div style="white-space: pre-wrap">${escapeHtml(text)}</div>`,
} as const;

/**
 * Reads body parts as plain text or as HTML and joins them with line feeds. Parts of the type that is not
 * `wanted` are converted. If no part has the wanted type, the message has no body of this type and the text is
 * `null`.
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
