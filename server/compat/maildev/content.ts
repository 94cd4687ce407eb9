/** Reads the content of a message as MailDev describes it: its text, HTML, header fields and attachments. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { bodiesOf } from '../../message/bodies.ts';
import { readContent } from '../../message/content.ts';
import { decodeWords } from '../../message/header.ts';
import { htmlToText } from '../../message/html-text.ts';
import { parseStructure } from '../../message/parse.ts';
import { decodePart, decodedSize } from '../../message/part.ts';
import type { MessageStructure, MimePart } from '../../message/structure.ts';
import { ownBytes, type Job } from '../../thread/job.ts';
import { unfolded } from '../header.ts';

export interface MaildevAttachment {
  readonly filename: string;
  readonly generatedFileName: string;
  readonly contentType: string;
  readonly contentDisposition: 'inline' | 'attachment';
  readonly contentId?: string;
  readonly size: number;
}

/** The members of MailDev's email object that are read from the content of the message. */
export interface MaildevContent {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly inReplyTo?: string;
  readonly attachments: readonly MaildevAttachment[];
  readonly html?: string;
  readonly text?: string;
}

/** The extensions of generated file names of attachments without an extension of their own. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'application/pdf': '.pdf',
  'text/plain': '.txt',
  'text/html': '.html',
  'application/json': '.json',
};

const typeOf = ({ type, subtype }: MimePart): string => `${type}/${subtype}`;

function attachmentOf(raw: Buffer, part: MimePart): MaildevAttachment {
  const filename = part.filename ?? '';
  const size = decodedSize(raw, part);
  const extension = path.extname(filename) || (EXTENSIONS[typeOf(part)] ?? '');
  const { contentId } = part;
  const hash = createHash('md5').update(contentId ?? `${filename}-${size}`);
  return {
    filename,
    generatedFileName: `${hash.digest('hex')}${extension}`,
    contentType: typeOf(part),
    contentDisposition: part.disposition === 'inline' ? 'inline' : 'attachment',
    ...(contentId === null ? {} : { contentId }),
    size,
  };
}

const attachedParts = (structure: MessageStructure): readonly MimePart[] =>
  bodiesOf(structure).attachments.map(({ part }) => part);

/**
 * The header fields that MailDev leaves out of `headers`, because its parser returns objects for them: addresses,
 * dates, and values with parameters.
 */
const STRUCTURED =
  /^(?:from|to|cc|bcc|sender|reply-to|delivered-to|return-path|disposition-notification-to|date|content-type|content-disposition|dkim-signature|list-.*)$/;

/** The header fields of which only the last value counts. */
const SINGLE =
  /^(?:message-id|content-id|in-reply-to|subject|content-transfer-encoding|priority|mime-version|content-description|precedence|errors-to)$/;

const PRIORITY = /^(?:priority|x-priority|x-msmail-priority|importance)$/;

/** Returns the priority `high`, `normal` or `low` for the value of a header field. */
function priorityOf(value: string): string {
  const number = Number.parseInt(value, 10);
  if (!Number.isNaN(number)) return number === 3 ? 'normal' : number > 3 ? 'low' : 'high';
  const word = value.toLowerCase().trim();
  if (/^(?:non-urgent|low)$/.test(word)) return 'low';
  return /^(?:urgent|high)$/.test(word) ? 'high' : 'normal';
}

const bracketed = (id: string): string =>
  `${id.startsWith('<') ? '' : '<'}${id}${id.endsWith('>') ? '' : '>'}`;

/** Returns the values of a header field as MailDev reports them. */
function valuesOf(name: string, value: string): readonly string[] {
  const ids = value.split(/\s+/).filter((id) => id !== '');
  if (name === 'references') return ids.map(bracketed);
  if (name === 'message-id' || name === 'in-reply-to') return value === '' ? [] : [bracketed(value)];
  return [PRIORITY.test(name) ? priorityOf(value) : decodeWords(value)];
}

function headersOf(raw: Buffer, { root }: MessageStructure): MaildevContent['headers'] {
  const lists = new Map<string, string[]>();
  for (const field of root.headers) {
    const lower = field.name.toLowerCase();
    if (STRUCTURED.test(lower)) continue;
    const key = PRIORITY.test(lower) ? 'priority' : lower;
    const values = valuesOf(lower, unfolded(raw, field)).filter((value) => value !== '');
    lists.set(key, [...(lists.get(key) ?? []), ...values]);
  }
  const entries = [...lists].flatMap(([key, values]) => {
    const last = values.at(-1);
    if (last === undefined) return [];
    return [[key, SINGLE.test(key) || values.length === 1 ? last : values] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * Returns the text of a message. For a message that has only an HTML body, returns the HTML converted to text, as
 * MailDev does.
 */
function textOf({ root }: MessageStructure, text: string | null, html: string | null): string {
  return text ?? (root.type === 'text' && html !== null ? htmlToText(html).trim() : '');
}

function readMaildev(raw: Buffer): MaildevContent {
  const structure = parseStructure(raw);
  const { text: plain, html } = readContent(raw, structure);
  const text = textOf(structure, plain, html);
  const headers = headersOf(raw, structure);
  const answered = headers['in-reply-to'];
  return {
    headers,
    ...(typeof answered === 'string' ? { inReplyTo: answered } : {}),
    attachments: attachedParts(structure).map((part) => attachmentOf(raw, part)),
    ...(html === null || html === '' ? {} : { html }),
    ...(text === '' ? {} : { text }),
  };
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface RawInput {
  readonly raw: Uint8Array;
}

/** A job that reads a message and returns its `MaildevContent` as JSON in UTF-8. */
export const contentJob: Job<RawInput, Uint8Array> = {
  name: 'maildev-content',
  run: ({ raw }) => new TextEncoder().encode(JSON.stringify(readMaildev(bufferOf(raw)))),
};

/** A decoded attachment. */
export interface MaildevFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A job that returns the attachment with a generated file name; `null` if the message has no such attachment. */
export const attachmentJob: Job<RawInput & { readonly generatedFileName: string }, MaildevFile | null> = {
  name: 'maildev-attachment',
  run({ raw, generatedFileName }) {
    const bytes = bufferOf(raw);
    const part = attachedParts(parseStructure(bytes)).find(
      (each) => attachmentOf(bytes, each).generatedFileName === generatedFileName,
    );
    if (part === undefined) return null;
    // A body that needs no decoding shares the memory of the message, so its octets are copied.
    return {
      name: part.filename ?? generatedFileName,
      type: typeOf(part),
      bytes: ownBytes(decodePart(bytes, part), bytes),
    };
  },
};
