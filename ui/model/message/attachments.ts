/** Selects the parts of a message that the message view lists as attachments. */
import type { Attachment, Detail, Part } from '../../../contract/index.ts';
import { isCalendar } from './calendar.ts';
import { strings as s } from '../../strings.ts';

export interface Enclosure extends Omit<Attachment, 'size'> {
  /** The size after decoding, in octets; null if the size is unknown. */
  readonly size: number | null;
}

/** Returns the parts of a MIME tree that have no child parts, in document order. */
const leaves = (part: Part): Part[] => (part.parts.length === 0 ? [part] : part.parts.flatMap(leaves));

/**
 * Returns the attachments of a message, without those that the HTML body already shows (the structure view
 * lists these). An invitation that is an alternative of the body comes first: mail programs show it as an
 * attachment, although it is not in the message's list of attachments.
 */
export function enclosuresOf(message: Detail): readonly Enclosure[] {
  // Most programs send an invitation twice: as an alternative of the body, and as an attachment. The
  // alternative is therefore listed only if there is no such attachment.
  const isAttached = message.attachments.some(({ type }) => isCalendar(type));
  const invitations = (isAttached ? [] : leaves(message.structure))
    .filter(({ type, part }) => isCalendar(type) && part !== '')
    .map(({ part, filename, name, kind, type, contentId, location }) => ({
      ...{ part, filename, name: name ?? part, kind, type, contentId, location },
      size: null,
      inline: false,
    }));
  const shown = message.attachments.filter(
    (one) => !(one.inline && (one.contentId ?? one.location) !== null && message.hasHtml),
  );
  return [...invitations, ...shown];
}

/** Returns the file name from the message, or a name made from the media type. */
export const enclosureName = ({ filename, name, type }: Enclosure): string =>
  filename ?? (isCalendar(type) ? s.attachments.invitation : name);

/** Returns whether browsers can show an attachment as a picture. */
export const isPicture = ({ type }: Enclosure): boolean => /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(type);

/** The views of an attachment: how the UI shows its content. */
export type AttachmentView =
  'picture' | 'pdf' | 'calendar' | 'message' | 'fields' | 'markup' | 'json' | 'text';

/** The media types that the UI shows, beside pictures and calendars; the first match determines the view. */
const VIEWS: readonly (readonly [type: RegExp, view: AttachmentView])[] = [
  [/^application\/pdf$/, 'pdf'],
  [/^message\/(rfc822|global)$/, 'message'],
  [/^message\/|^text\/rfc822-headers$/, 'fields'],
  [/^image\/svg|^text\/(html|xml)$|^application\/(xhtml\+)?xml$|\+xml$/, 'markup'],
  [/^application\/([\w.-]+\+)?json$/, 'json'],
  [/^text\/|^application\/(x-ndjson|yaml|x-yaml|toml|javascript|x-sh|sql|pgp-keys|pgp-signature)$/, 'text'],
];
/**
 * The views of files by file extension, for files that were sent with a general media type such as
 * `application/octet-stream`.
 */
const NAMED: readonly (readonly [name: RegExp, view: AttachmentView])[] = [
  [/\.eml$/i, 'message'],
  [/\.(html?|xml|svg)$/i, 'markup'],
  [/\.json$/i, 'json'],
  [/\.(txt|log|md|csv|tsv|ya?ml|toml|ini|conf|ndjson|jsonl|sql|sh|ts|js|css)$/i, 'text'],
];
const GENERAL = /^application\/(octet-stream|x-unknown)$/;

/** Returns the view for an attachment; `null` for content that the UI cannot show. */
export function viewOf(one: Enclosure): AttachmentView | null {
  if (isPicture(one)) return 'picture';
  if (isCalendar(one.type)) return 'calendar';
  const byType = VIEWS.find(([type]) => type.test(one.type))?.[1];
  if (byType !== undefined || !GENERAL.test(one.type)) return byType ?? null;
  return NAMED.find(([name]) => name.test(one.filename ?? one.name))?.[1] ?? null;
}

export const isViewable = (one: Enclosure): boolean => viewOf(one) !== null;
