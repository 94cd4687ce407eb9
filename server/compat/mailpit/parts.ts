/**
 * Reads the content of a message in Mailpit's order: its text, its HTML, and its parts as attachments and inline
 * parts. Mailpit sorts parts by their Content-Disposition; the rules of Restante's own attachment lists differ.
 */
import { createHash } from 'node:crypto';
import { headerValues } from '../../message/header.ts';
import { htmlToText } from '../../message/html-text.ts';
import { parseStructure } from '../../message/parse.ts';
import { decodePart, decodeText, partsOf } from '../../message/part.ts';
import type { MessageStructure, MimePart } from '../../message/structure.ts';
import { ownBytes, type Job } from '../../thread/job.ts';
import { readListUnsubscribe, type ListUnsubscribe } from './list-unsubscribe.ts';

/** Maximum number of octets of a text part that are read. */
const MAX_TEXT = 5_000_000;

export interface MailpitAttachment {
  readonly PartID: string;
  readonly FileName: string;
  readonly ContentType: string;
  readonly ContentID: string;
  readonly Size: number;
  readonly Checksums: { readonly MD5: string; readonly SHA1: string; readonly SHA256: string };
}

/** The members of Mailpit's message object that are read from the content of the message. */
export interface MailpitContent {
  readonly ListUnsubscribe: ListUnsubscribe;
  readonly Text: string;
  readonly HTML: string;
  readonly Inline: readonly MailpitAttachment[];
  readonly Attachments: readonly MailpitAttachment[];
}

const typeOf = ({ type, subtype }: MimePart): string => `${type}/${subtype}`;
const isText = (part: MimePart): boolean => typeOf(part) === 'text/plain';
const isHtml = (part: MimePart): boolean => typeOf(part) === 'text/html';
const isAttached = ({ disposition }: MimePart): boolean => disposition === 'attachment';

interface SortedParts {
  readonly texts: readonly MimePart[];
  readonly html: MimePart | undefined;
  readonly inline: readonly MimePart[];
  readonly attachments: readonly MimePart[];
}

const depthOf = ({ path }: MimePart): number => path.split('.').length;

function sortParts({ root }: MessageStructure): SortedParts {
  if (root.type !== 'multipart') return sortSingle(root);
  const leaves = [...partsOf(root)].filter(({ type }) => type !== 'multipart');
  // Mailpit lists the parts of the outer levels first.
  const byDepth = leaves.toSorted((a, b) => depthOf(a) - depthOf(b));
  const texts = leaves.filter((part) => isText(part) && !isAttached(part));
  const firstText = byDepth.find((part) => isText(part) && !isAttached(part));
  const isOctets = (part: MimePart): boolean => typeOf(part) === 'application/octet-stream';
  return {
    texts: root.subtype !== 'alternative' ? texts : firstText === undefined ? [] : [firstText],
    html: leaves.find((part) => isHtml(part) && !isAttached(part)),
    inline: [
      ...byDepth.filter(({ disposition }) => disposition === 'inline'),
      ...byDepth.filter(
        (part) => part.disposition === null && !isOctets(part) && !isText(part) && !isHtml(part),
      ),
    ],
    attachments: byDepth.filter((part) => isAttached(part) || isOctets(part)),
  };
}

/**
 * Assigns the single part of a message that is not a multipart to the texts, the HTML, the inline parts or the
 * attachments.
 */
function sortSingle(root: MimePart): SortedParts {
  const nothing = { texts: [], html: undefined, inline: [], attachments: [] };
  if (!isAttached(root) && isText(root)) return { ...nothing, texts: [root] };
  if (!isAttached(root) && isHtml(root)) return { ...nothing, html: root };
  return root.disposition === 'inline' ? { ...nothing, inline: [root] } : { ...nothing, attachments: [root] };
}

/** Returns the number of a part in Mailpit: the message itself has the number 0. */
const partId = ({ path }: MimePart): string => (path === '' ? '0' : path);

const nameOf = ({ filename, contentId }: MimePart): string => filename ?? contentId ?? '';

function attachmentOf(raw: Buffer, part: MimePart): MailpitAttachment {
  const bytes = decodePart(raw, part);
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  return {
    PartID: partId(part),
    FileName: nameOf(part),
    ContentType: typeOf(part),
    ContentID: part.contentId ?? '',
    Size: bytes.length,
    Checksums: { MD5: digest('md5'), SHA1: digest('sha1'), SHA256: digest('sha256') },
  };
}

function readContent(raw: Buffer): MailpitContent {
  const structure = parseStructure(raw);
  const { texts, html, inline, attachments } = sortParts(structure);
  const listed = (parts: readonly MimePart[]): MailpitAttachment[] =>
    parts.filter((part) => nameOf(part) !== '').map((part) => attachmentOf(raw, part));
  const document = html === undefined ? '' : decodeText(raw, html, MAX_TEXT);
  const text = texts.map((part) => decodeText(raw, part, MAX_TEXT)).join('\n--\n');
  const [unsubscribe] = headerValues(structure.root, 'list-unsubscribe');
  const [post = ''] = headerValues(structure.root, 'list-unsubscribe-post');
  return {
    ListUnsubscribe: readListUnsubscribe(unsubscribe, post),
    // As in Mailpit, the text of a message without a text part is the text of its HTML.
    Text: text === '' && document !== '' ? htmlToText(document).trim() : text,
    HTML: document,
    Inline: listed(inline),
    Attachments: listed(attachments),
  };
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface RawInput {
  readonly raw: Uint8Array;
}

/** A job that reads a message and returns its `MailpitContent` as JSON in UTF-8. */
export const contentJob: Job<RawInput, Uint8Array> = {
  name: 'mailpit-content',
  run: ({ raw }) => new TextEncoder().encode(JSON.stringify(readContent(bufferOf(raw)))),
};

/** A decoded part that Mailpit lists as an attachment or as an inline part. */
export interface MailpitPart {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A job that returns a decoded attachment or inline part; `null` if the message has no such part. */
export const partJob: Job<RawInput & { readonly part: string }, MailpitPart | null> = {
  name: 'mailpit-part',
  run({ raw, part: wanted }) {
    const bytes = bufferOf(raw);
    const { inline, attachments } = sortParts(parseStructure(bytes));
    const part = [...inline, ...attachments].find((each) => partId(each) === wanted);
    if (part === undefined) return null;
    // A body that needs no decoding shares the memory of the message, so its octets are copied.
    const owned = ownBytes(decodePart(bytes, part), bytes);
    return { name: nameOf(part), type: typeOf(part), bytes: owned };
  },
};
