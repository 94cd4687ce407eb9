/**
 * Which parts are the message's text, its HTML, and its attachments: the one rule behind the summary's count, the
 * attachment list, search and the preview. It follows RFC 8621 §4.1.4 (JMAP's textBody, htmlBody, attachments):
 *
 * - A part is body text when it is text/plain or text/html, isn't marked `attachment`, and is the first of its
 *   multipart or has no file name.
 * - In multipart/alternative each form is the body in its own type; another type there (calendar, AMP) is an
 *   alternative, not an attachment, unless it is named or marked as one.
 * - In multipart/related only the root can be body text.
 * - Every other part that is no multipart is an attachment; a message/rfc822 is one as a whole.
 * - An attachment is *inline* when it is shown within the HTML: it has a Content-ID, and is either inside a
 *   multipart/related and not marked `attachment` (images even then), or an image marked `inline`.
 *   The summary counts those that are not inline.
 */
import type { MessageStructure, MimePart } from './structure.ts';

export interface AttachmentPart {
  readonly part: MimePart;
  /** Shown within the HTML. */
  readonly inline: boolean;
}

export interface MessageBodies {
  /** text/plain parts to be read one after another. */
  readonly text: readonly MimePart[];
  /** text/html parts to be shown one after another. */
  readonly html: readonly MimePart[];
  readonly attachments: readonly AttachmentPart[];
}

interface Found {
  readonly text: MimePart[];
  readonly html: MimePart[];
  readonly attachments: AttachmentPart[];
}

function isInline(part: MimePart, related: boolean): boolean {
  if (part.contentId === null) return false;
  if (related) return part.disposition !== 'attachment' || part.type === 'image';
  return part.disposition === 'inline' && part.type === 'image';
}

/** Where a part stands: in which kind of multipart, as which of its children, and inside a multipart/related. */
interface Place {
  readonly container: string | null;
  readonly first: boolean;
  readonly related: boolean;
}

function collect(part: MimePart, place: Place, found: Found): void {
  if (part.type === 'multipart') {
    const related = place.related || part.subtype === 'related';
    const root = part.subtype === 'related' ? relatedRoot(part) : part.children[0];
    for (const child of part.children) {
      collect(child, { container: part.subtype, first: child === root, related }, found);
    }
    return;
  }
  const readable = part.type === 'text' && (part.subtype === 'plain' || part.subtype === 'html');
  const mayBeBody = place.first || (place.container !== 'related' && part.filename === null);
  if (readable && part.disposition !== 'attachment' && mayBeBody) {
    (part.subtype === 'html' ? found.html : found.text).push(part);
    return;
  }
  const form = place.container === 'alternative' && part.filename === null && part.disposition === null;
  if (!form) found.attachments.push({ part, inline: isInline(part, place.related) });
}

/** The part that a multipart/related is about: the one `start` names, else the first (RFC 2387 §3.2). */
function relatedRoot(part: MimePart): MimePart | undefined {
  const start = part.parameters['start']?.replace(/^<|>$/g, '');
  const named = start === undefined ? undefined : part.children.find((child) => child.contentId === start);
  return named ?? part.children[0];
}

/** The bodies and attachments of a message. */
export function bodiesOf(structure: MessageStructure): MessageBodies {
  const found: Found = { text: [], html: [], attachments: [] };
  collect(structure.root, { container: null, first: true, related: false }, found);
  return found;
}

/** How many attachments there are, those shown within the HTML not counted. */
export function countAttachments({ attachments }: MessageBodies): number {
  let count = 0;
  for (const { inline } of attachments) if (!inline) count++;
  return count;
}
