/** What a person sees of a message: its text, its HTML, its attachments, and the links and codes in them. */
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

/** A file that is part of the message. */
export interface Attachment {
  /** Part number, as `partAt` takes it. */
  readonly part: string;
  /** As the sender named it, decoded; for show only, never for a path. */
  readonly filename: string | null;
  /** The name to save it under: safe, never empty, with an extension. */
  readonly name: string;
  readonly kind: PartKind;
  /** Media type in lower case, e.g. `image/png`. */
  readonly type: string;
  /** Octets when decoded. */
  readonly size: number;
  /** Without angle brackets. */
  readonly contentId: string | null;
  /** Content-Location, resolved; `null` when it has none. */
  readonly location: string | null;
  /** Shown within the HTML; the summary doesn't count these. */
  readonly inline: boolean;
}

export interface MessageContent {
  /** `null` when there is no text part. Line ends are LF, `format=flowed` is undone. */
  readonly text: string | null;
  /** `null` when there is no HTML part. Unchanged from the sender, so treat it as hostile. */
  readonly html: string | null;
  /** Location of the first HTML part, against which the addresses in it are resolved (RFC 2557 §5). */
  readonly base: string;
  readonly attachments: readonly Attachment[];
  /** How the body is encrypted; `null` where it is not. */
  readonly encryption: Encryption | null;
  readonly links: readonly MessageLink[];
  /** Likeliest first. */
  readonly codes: readonly MessageCode[];
  /** Whether text or HTML was longer than the limit, and was cut. */
  readonly truncated: boolean;
}

/** Characters of the subject, and of the text of the HTML, that are searched for codes. */
const SUBJECT_READ = 4_000;
const HTML_TEXT = 100_000;

/** The attachments by the rule of `bodies.ts`, in the order of the message. */
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

/** Reads a message's content. Never throws; the work is bounded for every message. */
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
