/**
 * What is shown of a message in a list, from its bytes and its envelope. It runs for every captured message, so
 * it decodes no more than the fields it gives and the beginning of one body.
 */
import { parseMailboxes, type MailAddress } from './address.ts';
import { bodiesOf, countAttachments, type MessageBodies } from './bodies.ts';
import { canonicalAddress } from './canonical-address.ts';
import { parseDate } from './date.ts';
import type { Envelope } from './envelope.ts';
import { decodeWords, headerValues } from './header.ts';
import { foldInvisible, foldWhitespace, htmlToText } from './html-text.ts';
import { readTextPart } from './text-part.ts';
import type { MessageStructure, MimePart } from './structure.ts';

/** The part of a message's summary that its bytes and envelope tell. */
export interface MessageDigest {
  readonly from: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Bcc of the header, and the envelope's recipients that no header names. */
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  /** Milliseconds since the epoch; `null` when absent or unreadable. */
  readonly date: number | null;
  /** Without angle brackets; `null` when absent. */
  readonly messageId: string | null;
  /** By the rule of `bodies.ts`, inline ones not counted. */
  readonly attachments: number;
  readonly hasHtml: boolean;
  readonly preview: string;
}

/** Characters of the preview. */
export const PREVIEW_LENGTH = 200;
/** Bodies that are tried for a preview: the text that is read first may be blank. */
const PREVIEWED_PARTS = 6;
/** Addresses kept of one field: what SMTP allows recipients. All of them are in the header. */
const MAX_ADDRESSES = 1000;
/** Characters kept of a subject: summaries stay in memory. All of it is in the header. */
const MAX_SUBJECT = 2000;
/** Characters of a subject and of an address field that are read for the summary, still encoded. */
const SUBJECT_READ = 16_000;
const ADDRESSES_READ = 256_000;
/** Characters of a Message-ID: a header line's length (RFC 5322 §2.1.1). */
const MAX_ID = 998;
/**
 * Octets of a body that are read for its preview: mostly the first step is enough. HTML has its styles and layout
 * before the first word.
 */
const TEXT_STEPS = [700, 4_000];
const HTML_STEPS = [8_000, 64_000];
/** Characters of HTML's text before folding: hundreds of entities for invisible characters may precede the words. */
const HTML_GATHERED = 10_000;

function addresses(root: MimePart, name: string): readonly MailAddress[] {
  const values = headerValues(root, name).map((value) => value.slice(0, ADDRESSES_READ));
  const single = values.length === 1 ? values[0] : undefined;
  const all = single === undefined ? values.flatMap(parseMailboxes) : parseMailboxes(single);
  return all.length > MAX_ADDRESSES ? all.slice(0, MAX_ADDRESSES) : all;
}

/** The content of a Message-ID or Content-ID without brackets and comments. */
function messageIdOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const read = value.slice(0, MAX_ID);
  const id = (/<([^<>]*)>/.exec(read)?.[1] ?? read).trim();
  return id === '' ? null : id;
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Never between the halves of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text[length - 1] ?? '') ? length - 1 : length;
  return text.slice(0, end);
}

/** The beginning of a body on one line, from as few octets as give enough. */
function beginning(raw: Buffer, part: MimePart, steps: readonly number[]): string {
  let line = '';
  for (const step of steps) {
    const text = readTextPart(raw, part, step);
    line = foldInvisible(part.subtype === 'html' ? htmlToText(text, HTML_GATHERED) : text);
    if (line.length >= PREVIEW_LENGTH || part.bodyEnd - part.bodyStart <= step) break;
  }
  return cut(line, PREVIEW_LENGTH);
}

/** The beginning of what a reader of text sees; where that is blank, of what a reader of HTML sees. */
function previewOf(raw: Buffer, { textBody, htmlBody }: MessageBodies): string {
  const shown = new Set([
    ...textBody.slice(0, PREVIEWED_PARTS - 1),
    ...htmlBody.slice(0, PREVIEWED_PARTS - 1),
  ]);
  let left = PREVIEWED_PARTS;
  for (const part of shown) {
    if (left-- === 0) break;
    const line = beginning(raw, part, part.subtype === 'html' ? HTML_STEPS : TEXT_STEPS);
    if (line !== '') return line;
  }
  return '';
}

/** Bcc as the header has it, and whom only the envelope knows. */
function hiddenRecipients(
  header: readonly MailAddress[],
  named: readonly (readonly MailAddress[])[],
  envelope: Envelope,
): readonly MailAddress[] {
  if (envelope.to.length === 0) return header;
  const known = new Set<string>();
  for (const list of [header, ...named]) for (const { address } of list) known.add(canonicalAddress(address));
  const hidden: MailAddress[] = [];
  for (const { address } of envelope.to) {
    const key = canonicalAddress(address);
    if (known.has(key)) continue;
    known.add(key);
    hidden.push({ name: '', address });
  }
  return hidden.length === 0 ? header : [...header, ...hidden];
}

/** The digest of a raw message whose structure is `structure` and that came with `envelope`. */
export function summarize(raw: Buffer, structure: MessageStructure, envelope: Envelope): MessageDigest {
  const { root } = structure;
  const bodies = bodiesOf(structure);
  const to = addresses(root, 'to');
  const cc = addresses(root, 'cc');
  const date = headerValues(root, 'date')[0];
  const subject = headerValues(root, 'subject')[0];
  return {
    from: addresses(root, 'from'),
    to,
    cc,
    bcc: hiddenRecipients(addresses(root, 'bcc'), [to, cc], envelope),
    replyTo: addresses(root, 'reply-to'),
    subject: cut(foldWhitespace(decodeWords((subject ?? '').slice(0, SUBJECT_READ))), MAX_SUBJECT),
    date: date === undefined ? null : parseDate(date),
    messageId: messageIdOf(headerValues(root, 'message-id')[0]),
    attachments: countAttachments(bodies),
    hasHtml: bodies.html.length > 0,
    preview: previewOf(raw, bodies),
  };
}
