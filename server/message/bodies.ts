/**
 * Which parts are the message's text, its HTML, and its attachments: the one rule behind the summary's count, the
 * attachment list, search and the preview. It follows RFC 8621 §4.1.4 (JMAP's textBody, htmlBody, attachments):
 *
 * - A part is body text when it is text/plain or text/html, isn't marked `attachment`, and is the first of its
 *   multipart or has no file name.
 * - In multipart/alternative each form is the body in its own type; a missing form is replaced by the other. Another type
 *   there (calendar, AMP) is an alternative, not an attachment, unless it is named or marked as one.
 * - Elsewhere text and HTML that are side by side are read one after the other, whatever their order (RFC 2046 §5.1.3).
 * - In multipart/related only the root can be body text.
 * - Every other part except a multipart is an attachment; a message/rfc822 is one as a whole. A file that is uuencoded in
 *   a text is one, too.
 * - An attachment is *inline* when it is shown within the HTML: it has a Content-ID or a Content-Location, and is either
 *   inside a multipart/related and not marked `attachment` (images even then), or an image marked `inline`.
 *   The summary counts those that are not inline.
 */
import type { MessageStructure, MimePart } from './structure.ts';

interface AttachmentPart {
  readonly part: MimePart;
  /** Shown within the HTML. */
  readonly inline: boolean;
}

export interface MessageBodies {
  /** The text/plain parts among the bodies. */
  readonly text: readonly MimePart[];
  /** The text/html parts among the bodies. */
  readonly html: readonly MimePart[];
  /** What a reader of text sees: parts of both types to be read one after another. */
  readonly textBody: readonly MimePart[];
  /** What a reader of HTML sees: parts of both types to be shown one after another. */
  readonly htmlBody: readonly MimePart[];
  readonly attachments: readonly AttachmentPart[];
}

interface Found {
  readonly text: MimePart[];
  readonly html: MimePart[];
  readonly attachments: AttachmentPart[];
}

/** The lists that a body part is put into; `null` for one that has the form of an outer multipart/alternative. */
interface Lists {
  textBody: MimePart[] | null;
  htmlBody: MimePart[] | null;
}

/** Where a part is: in which kind of multipart, inside a multipart/related, inside a multipart/alternative. */
interface Place {
  readonly container: string | null;
  readonly related: boolean;
  readonly alternative: boolean;
}

function isInline(part: MimePart, related: boolean): boolean {
  // A base for the whole of a multipart/related is inherited, not an address of one part: it has no part of its own.
  if (part.contentId === null && part.location === null) return false;
  if (related) return part.disposition !== 'attachment' || part.type === 'image';
  return part.disposition === 'inline' && part.type === 'image';
}

const isReadable = (part: MimePart): boolean =>
  part.type === 'text' && (part.subtype === 'plain' || part.subtype === 'html');

function collectChildren(multipart: MimePart, outer: Place, lists: Lists, found: Found): void {
  const container = multipart.subtype;
  const place: Place = {
    container,
    related: outer.related || container === 'related',
    alternative: outer.alternative || container === 'alternative',
  };
  // Forms of an alternative are found in this multipart alone; the lists are narrowed for it alone, too.
  const own: Lists = { ...lists };
  const textBefore = own.textBody?.length ?? 0;
  const htmlBefore = own.htmlBody?.length ?? 0;
  const root = container === 'related' ? relatedRoot(multipart) : multipart.children[0];
  for (const child of multipart.children) collect(child, place, child === root, own, found);
  if (container === 'alternative') fillMissingForm(own, textBefore, htmlBefore);
}

/** An alternative that has one form only is read in it by everybody. */
function fillMissingForm({ textBody, htmlBody }: Lists, textBefore: number, htmlBefore: number): void {
  if (textBody === null || htmlBody === null) return;
  if (textBody.length === textBefore) textBody.push(...htmlBody.slice(htmlBefore));
  else if (htmlBody.length === htmlBefore) htmlBody.push(...textBody.slice(textBefore));
}

function collect(part: MimePart, place: Place, first: boolean, lists: Lists, found: Found): void {
  if (part.type === 'multipart') {
    collectChildren(part, place, lists, found);
    return;
  }
  const mayBeBody = first || (place.container !== 'related' && part.filename === null);
  if (isReadable(part) && part.disposition !== 'attachment' && mayBeBody) {
    (part.subtype === 'html' ? found.html : found.text).push(part);
    addBody(part, place, lists);
    for (const file of part.files) found.attachments.push({ part: file, inline: false });
    return;
  }
  const form = place.container === 'alternative' && part.filename === null && part.disposition === null;
  if (!form) found.attachments.push({ part, inline: isInline(part, place.related) });
}

function addBody(part: MimePart, place: Place, lists: Lists): void {
  const html = part.subtype === 'html';
  if (place.container === 'alternative') {
    (html ? lists.htmlBody : lists.textBody)?.push(part);
    return;
  }
  // In a multipart that is one form of an alternative, everything after the text is of that form.
  if (place.alternative && html) lists.textBody = null;
  else if (place.alternative) lists.htmlBody = null;
  lists.textBody?.push(part);
  lists.htmlBody?.push(part);
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
  const textBody: MimePart[] = [];
  const htmlBody: MimePart[] = [];
  const top: Place = { container: null, related: false, alternative: false };
  collect(structure.root, top, true, { textBody, htmlBody }, found);
  return { ...found, textBody, htmlBody };
}

/** How many attachments there are, those shown within the HTML not counted. */
export function countAttachments({ attachments }: MessageBodies): number {
  let count = 0;
  for (const { inline } of attachments) if (!inline) count++;
  return count;
}
