/**
 * Determines which parts of a message are its text, its HTML and its attachments. The number of attachments in
 * the summary, the attachment list, search and the preview all use these rules, which follow RFC 8621 §4.1.4
 * (textBody, htmlBody and attachments of JMAP):
 *
 * - A part is body text if it is text/plain or text/html, is not marked `attachment`, and is the first part of
 *   its multipart or has no file name.
 * - In a multipart/alternative, the text/plain form is the text body and the text/html form is the HTML body.
 *   If one of the two forms is missing, the other form is used for both. A form of another type (calendar, AMP)
 *   is an alternative and not an attachment, unless it has a file name or a disposition.
 * - In other multiparts, text and HTML side by side are read one after the other, in any order (RFC 2046
 *   §5.1.3).
 * - In a multipart/related, only the root can be body text.
 * - All other parts except multiparts are attachments; a message/rfc822 is one attachment as a whole. A file
 *   that is uuencoded in a text is an attachment, too.
 * - An attachment is *inline* if it is shown within the HTML: it has a Content-ID or a Content-Location, and is
 *   either inside a multipart/related and not marked `attachment` (images even then), or an image marked
 *   `inline`. The summary counts only attachments that are not inline.
 */
import type { MessageStructure, MimePart } from './structure.ts';

interface AttachmentPart {
  readonly part: MimePart;
  /** Whether the attachment is shown within the HTML. */
  readonly inline: boolean;
}

export interface MessageBodies {
  /** The text/plain parts that are body text (not attachments), in the order of the message. */
  readonly text: readonly MimePart[];
  /** The text/html parts that are body text (not attachments), in the order of the message. */
  readonly html: readonly MimePart[];
  /** Parts (text/plain and text/html) that a plain-text view of the message shows one after another. */
  readonly textBody: readonly MimePart[];
  /** Parts (text/plain and text/html) that an HTML view of the message shows one after another. */
  readonly htmlBody: readonly MimePart[];
  readonly attachments: readonly AttachmentPart[];
}

interface Found {
  readonly text: MimePart[];
  readonly html: MimePart[];
  readonly attachments: AttachmentPart[];
}

/**
 * The two lists (text body, HTML body) to which body parts are added. Within a multipart that is one form of
 * a multipart/alternative, parts are added to one list only, and the other list is `null`.
 */
interface Lists {
  textBody: MimePart[] | null;
  htmlBody: MimePart[] | null;
}

/**
 * Position of a part in the message: the subtype of its multipart, and whether it is inside a multipart/related
 * or a multipart/alternative.
 */
interface Place {
  readonly container: string | null;
  readonly related: boolean;
  readonly alternative: boolean;
}

function isInline(part: MimePart, related: boolean): boolean {
  // A part that has no Content-Location of its own, but inherits that of its multipart/related, cannot be shown
  // inline.
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
  // The object that holds the two lists is copied, because setting one list to `null` applies only inside this
  // multipart.
  const own: Lists = { ...lists };
  const textBefore = own.textBody?.length ?? 0;
  const htmlBefore = own.htmlBody?.length ?? 0;
  const root = container === 'related' ? relatedRoot(multipart) : multipart.children[0];
  for (const child of multipart.children) collect(child, place, child === root, own, found);
  if (container === 'alternative') fillMissingForm(own, textBefore, htmlBefore);
}

/**
 * If a multipart/alternative has body parts of only one of the types text/plain and text/html, adds these parts
 * also to the list of the other type.
 */
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
  // If a multipart is one form of a multipart/alternative, its first text part determines whether the form is
  // plain text or HTML. All later parts of the multipart are added to the same list as this part.
  if (place.alternative && html) lists.textBody = null;
  else if (place.alternative) lists.htmlBody = null;
  lists.textBody?.push(part);
  lists.htmlBody?.push(part);
}

/**
 * Returns the root of a multipart/related: the part whose Content-ID the parameter `start` contains, else the
 * first part (RFC 2387 §3.2).
 */
function relatedRoot(part: MimePart): MimePart | undefined {
  const start = part.parameters['start']?.replace(/^<|>$/g, '');
  const named = start === undefined ? undefined : part.children.find((child) => child.contentId === start);
  return named ?? part.children[0];
}

/** Returns the bodies and attachments of a message. */
export function bodiesOf(structure: MessageStructure): MessageBodies {
  const found: Found = { text: [], html: [], attachments: [] };
  const textBody: MimePart[] = [];
  const htmlBody: MimePart[] = [];
  const top: Place = { container: null, related: false, alternative: false };
  collect(structure.root, top, true, { textBody, htmlBody }, found);
  return { ...found, textBody, htmlBody };
}

/** Returns the number of attachments that are not shown within the HTML. */
export function countAttachments({ attachments }: MessageBodies): number {
  let count = 0;
  for (const { inline } of attachments) if (!inline) count++;
  return count;
}
