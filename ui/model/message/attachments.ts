/** What is shown beside a message's body to look at and to download. */
import type { Attachment, Detail, Part } from '../../../contract/index.ts';
import { isCalendar } from './calendar.ts';
import { strings as s } from '../../strings.ts';

export interface Enclosure extends Omit<Attachment, 'size'> {
  /** Octets when decoded; null where that is not known. */
  readonly size: number | null;
}

/** Parts without parts of their own, in their order. */
const leaves = (part: Part): Part[] => (part.parts.length === 0 ? [part] : part.parts.flatMap(leaves));

/**
 * The attachments, without those that the HTML shows already (they stay in the structure), and before them an
 * invitation that is a form of the body: mail programs show it as one, and it is in no list of attachments.
 */
export function enclosuresOf(message: Detail): readonly Enclosure[] {
  // Most programs send it twice, as a form of the body and attached.
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

/** What it is called: by the sender, else by what it is. */
export const enclosureName = ({ filename, name, type }: Enclosure): string =>
  filename ?? (isCalendar(type) ? s.attachments.invitation : name);

/** Whether browsers can show it as a picture. */
export const isPicture = ({ type }: Enclosure): boolean => /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(type);

/** Whether there is a view of it: a picture, an invitation, a PDF, text. */
export const isViewable = (one: Enclosure): boolean =>
  isPicture(one) ||
  isCalendar(one.type) ||
  one.type === 'application/pdf' ||
  /^text\/(plain|csv|markdown|vcard|x-vcard)$/.test(one.type);
