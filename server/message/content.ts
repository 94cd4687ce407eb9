/** Reads the content of a message that users see: text, HTML, attachments, links and codes. */
import { bodiesOf, type MessageBodies } from './bodies.ts';
import { readBodies } from './body-text.ts';
import { findCodes, type MessageCode } from './codes/index.ts';
import { decodeWords, headerValues } from './header.ts';
import { htmlToText } from './html-text.ts';
import { findLinks, type MessageLink } from './links.ts';
import { fileName } from './file-name.ts';
import { decodedSize, partNumber } from './part.ts';
import { encryptionOf, kindOf, type Encryption, type PartKind } from './part-kind.ts';
import { locationsIn, THIS_MESSAGE } from './related.ts';
import type { MessageStructure, MimePart } from './structure.ts';

/** An attachment of a message, with the properties that the UI and the API show. */
export interface Attachment {
  /** IMAP part number of the attachment, e.g. `2`; `1.uu2` for the second uuencoded file in part 1. */
  readonly part: string;
  /**
   * Decoded file name that the sender wrote; `null` if there is none. It is only for display and must not be
   * used as a path.
   */
  readonly filename: string | null;
  /** File name under which the part is saved: free of unsafe characters, never empty, with an extension. */
  readonly name: string;
  readonly kind: PartKind;
  /** Media type of the file in lower case, e.g. `image/png`. */
  readonly type: string;
  /** Size of the decoded content of the file in octets. */
  readonly size: number;
  /** Content-ID without angle brackets; `null` for a part without one. */
  readonly contentId: string | null;
  /** Content-Location, resolved to an absolute address; `null` for a part without one. */
  readonly location: string | null;
  /**
   * Whether the part is shown within the HTML. The number of attachments in the summary does not include such
   * parts.
   */
  readonly inline: boolean;
}

export interface MessageContent {
  /**
   * Plain text of the message, with LF line endings and `format=flowed` lines joined; `null` if the message has
   * no text part.
   */
  readonly text: string | null;
  /** HTML of the message, unchanged and therefore untrusted; `null` if the message has no HTML part. */
  readonly html: string | null;
  /**
   * Location (base address) of the first HTML part. Addresses in the HTML are resolved against it (RFC 2557
   * §5).
   */
  readonly base: string;
  readonly attachments: readonly Attachment[];
  /** The method by which the body is encrypted; `null` if the body is not encrypted. */
  readonly encryption: Encryption | null;
  readonly links: readonly MessageLink[];
  /** One-time codes in the message, the most likely one first. */
  readonly codes: readonly MessageCode[];
  /** Whether the text or the HTML exceeded its size limit and was cut off. */
  readonly truncated: boolean;
}

/**
 * Maximum number of characters of the subject that are searched for one-time codes. `HTML_TEXT` is the same
 * limit for the text of the HTML body.
 */
const SUBJECT_READ = 4_000;
const HTML_TEXT = 100_000;

/**
 * Returns the attachments of a message in the order of the message. The module `bodies.ts` determines which
 * parts are attachments.
 */
function attachmentsOf(
  raw: Buffer,
  { attachments }: MessageBodies,
  locations: ReadonlyMap<MimePart, string>,
): readonly Attachment[] {
  return attachments.map(({ part, inline }) => ({
    part: partNumber(part),
    filename: part.filename,
    name: fileName(part),
    kind: kindOf(part),
    type: `${part.type}/${part.subtype}`,
    size: decodedSize(raw, part),
    contentId: part.contentId,
    location: part.location === null ? null : (locations.get(part) ?? null),
    inline,
  }));
}

/**
 * Reads the content of a message. Never throws. The amount of text that is read is limited, even for a huge
 * message.
 */
export function readContent(raw: Buffer, structure: MessageStructure): MessageContent {
  const bodies = bodiesOf(structure);
  const locations = locationsIn(structure.root);
  const [htmlPart] = bodies.html;
  const text = readBodies(raw, bodies.textBody, 'plain');
  const html = readBodies(raw, bodies.htmlBody, 'html');
  return {
    text: text.text,
    html: html.text,
    base: htmlPart === undefined ? THIS_MESSAGE : (locations.get(htmlPart) ?? THIS_MESSAGE),
    attachments: attachmentsOf(raw, bodies, locations),
    encryption: encryptionOf(raw, structure, bodies),
    links: findLinks({
      text: text.text,
      html: html.text,
      listUnsubscribe: headerValues(structure.root, 'list-unsubscribe'),
    }),
    codes: findCodes({
      subject: decodeWords((headerValues(structure.root, 'subject')[0] ?? '').slice(0, SUBJECT_READ)),
      texts: [text.text ?? '', html.text === null ? '' : htmlToText(html.text, HTML_TEXT)],
      tokens: headerValues(structure.root, 'otp-token'),
    }),
    truncated: text.truncated || html.truncated,
  };
}
