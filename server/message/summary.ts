/**
 * Computes the values that a message list shows, from the bytes and the envelope of a message. The function runs
 * for every captured message, so it decodes only the fields that it returns and the beginning of one body.
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

/** The fields of a message summary that are computed from the bytes and the envelope of the message. */
export interface MessageDigest {
  readonly from: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Addresses of the Bcc field, and recipients of the envelope that no header field names. */
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  /** Date field in milliseconds since the epoch; `null` for a message without a valid date. */
  readonly date: number | null;
  /** Message-ID without angle brackets; `null` for a message without a Message-ID. */
  readonly messageId: string | null;
  /** Number of attachments, without those that are shown within the HTML. See `bodies.ts` for the rules. */
  readonly attachments: number;
  /** Whether the message has an HTML body. */
  readonly hasHtml: boolean;
  /** About 200 characters of the text, with each run of white space replaced by one space. */
  readonly preview: string;
}

/** Maximum length of the preview in characters. */
export const PREVIEW_LENGTH = 200;
/** Maximum number of body parts that are read for a preview, because the first ones may be blank. */
const PREVIEWED_PARTS = 6;
/**
 * Maximum number of addresses of each field in the summary, equal to the maximum number of SMTP recipients. The
 * stored header contains all addresses.
 */
const MAX_ADDRESSES = 1000;
/**
 * Maximum length in characters of the subject in a summary. It limits the memory that summaries need; the
 * stored header contains the whole subject.
 */
const MAX_SUBJECT = 2000;
/**
 * Maximum number of characters of the encoded subject that are read for the summary. `ADDRESSES_READ` is the
 * same limit for an address field.
 */
const SUBJECT_READ = 16_000;
const ADDRESSES_READ = 256_000;
/** Maximum length of a Message-ID in characters: the maximum length of a header line (RFC 5322 §2.1.1). */
const MAX_ID = 998;
/**
 * Numbers of octets of a text body that are read for the preview: first the smaller number; if the preview is then too
 * short, the larger number. For an HTML body the numbers are larger, because styles and layout precede its first word.
 */
const TEXT_STEPS = [700, 4_000];
const HTML_STEPS = [8_000, 64_000];
/**
 * Maximum number of characters of text that are extracted from an HTML body for the preview. It is much
 * larger than the preview, because hundreds of invisible characters may precede the first word.
 */
const HTML_GATHERED = 10_000;

function addresses(root: MimePart, name: string): readonly MailAddress[] {
  const values = headerValues(root, name).map((value) => value.slice(0, ADDRESSES_READ));
  const single = values.length === 1 ? values[0] : undefined;
  const all = single === undefined ? values.flatMap(parseMailboxes) : parseMailboxes(single);
  return all.length > MAX_ADDRESSES ? all.slice(0, MAX_ADDRESSES) : all;
}

/** Returns a Message-ID without brackets and comments. */
function messageIdOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const read = value.slice(0, MAX_ID);
  const id = (/<([^<>]*)>/.exec(read)?.[1] ?? read).trim();
  return id === '' ? null : id;
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // The text is cut one UTF-16 code unit earlier if the cut would separate the two halves of a surrogate
  // pair.
  const end = /[\ud800-\udbff]/.test(text[length - 1] ?? '') ? length - 1 : length;
  return text.slice(0, end);
}

/** Returns the beginning of a body on one line. Reads only as many octets as needed for the preview. */
function beginning(raw: Buffer, part: MimePart, steps: readonly number[]): string {
  let line = '';
  for (const step of steps) {
    const text = readTextPart(raw, part, step);
    line = foldInvisible(part.subtype === 'html' ? htmlToText(text, HTML_GATHERED) : text);
    if (line.length >= PREVIEW_LENGTH || part.bodyEnd - part.bodyStart <= step) break;
  }
  return cut(line, PREVIEW_LENGTH);
}

/**
 * Returns the beginning of the text bodies of a message; if they are blank, the beginning of its HTML bodies.
 */
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

/** Returns the addresses of the Bcc field, and the recipients that occur only in the envelope. */
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

/**
 * Returns the summary values of a raw message that has the structure `structure` and was delivered with `envelope`.
 */
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
