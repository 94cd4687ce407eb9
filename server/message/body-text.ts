/** The bodies of a message as one text and as one HTML document, with limits on the octets and the parts of each. */
import { escapeHtml } from '../../contract/text/html.ts';
import { htmlToText } from './html-text.ts';
import { readTextPart } from './text-part.ts';
import type { MimePart } from './structure.ts';

/** Octets read of the bodies of one kind: more than anyone reads, little enough to be answered at once. */
export const MAX_BODY = 5_000_000;
/** Parts read of one kind; a mail program shows them one below the other. */
const MAX_BODY_PARTS = 100;

interface BodyText {
  /** The parts' texts one after another; `null` when no part is of the wanted kind. */
  readonly text: string | null;
  /** Whether a limit cut it short. */
  readonly truncated: boolean;
}

/** A part of the other kind, as far as there is something in it. */
const CONVERSIONS = {
  plain: (html: string): string => htmlToText(html).trim(),
  html: (text: string): string =>
    text.trim() === '' ? '' : `<div style="white-space: pre-wrap">${escapeHtml(text)}</div>`,
} as const;

/**
 * Reads body parts as text or as HTML, joined by a line feed. Parts of the other kind that are read with them are
 * converted; where all are of the other kind, the message has no body of the wanted one.
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
