/**
 * Splits a message as MailHog does: into header fields and a body, and the body of a multipart at each occurrence of
 * its boundary. The preamble and the closing delimiter are therefore parts, too. Nothing is decoded.
 */
import { decodeBase64 } from '../../message/base64.ts';
import { parseParameters } from '../../message/parameters.ts';
import type { Job } from '../../thread/job.ts';

export interface MailhogContent {
  readonly Headers: Readonly<Record<string, readonly string[]>>;
  readonly Body: string;
  readonly Size: number;
  readonly MIME: MailhogParts | null;
}

interface MailhogParts {
  readonly Parts: readonly MailhogContent[] | null;
}

/** The members of MailHog's message object that are read from the octets of the message. */
export interface MailhogRead {
  readonly Content: MailhogContent;
  readonly MIME: MailhogParts | null;
  readonly Data: string;
}

/** The maximum depth of nested multiparts that are split. */
const MAX_DEPTH = 50;

/**
 * The names by which clients read header fields. If a message spells such a name differently, the field is returned
 * under both spellings.
 */
const READ_BY_CLIENTS = new Map(
  [
    ...['Subject', 'From', 'To', 'Cc', 'Bcc', 'Reply-To', 'Date'],
    ...['Content-Type', 'Content-Transfer-Encoding', 'Content-Disposition'],
  ].map((name) => [name.toLowerCase(), name]),
);

/** Reads header fields. Of a repeated field, MailHog keeps the last value. */
function readFields(head: string): Record<string, string[]> {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of head.split(/\r?\n/)) {
    const [, name, value = ''] = /^([^\s:]+):[ \t]?(.*)$/s.exec(line) ?? [];
    if (/^[ \t]/.test(line) && last !== '') fields.set(last, `${fields.get(last) ?? ''}${line}`);
    else if (name !== undefined) {
      last = name;
      fields.set(name, value);
    }
  }
  for (const [name, value] of [...fields]) {
    const known = READ_BY_CLIENTS.get(name.toLowerCase());
    if (known !== undefined && !fields.has(known)) fields.set(known, value);
  }
  return Object.fromEntries([...fields].map(([name, value]) => [name, [value]]));
}

/** Splits a text into header fields and a body. A text without an empty line is only a body. */
function split(text: string): Omit<MailhogContent, 'MIME'> {
  const Size = Buffer.byteLength(text);
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return { Headers: {}, Body: text, Size };
  return { Headers: readFields(text.slice(0, end.index)), Body: text.slice(end.index + end[0].length), Size };
}

/** Returns the parts of a multipart; `null` for other content. */
function partsOf({ Headers, Body }: Omit<MailhogContent, 'MIME'>, depth: number): MailhogParts | null {
  const type = Headers['Content-Type']?.[0] ?? '';
  if (!type.startsWith('multipart/') || depth > MAX_DEPTH) return null;
  const { boundary = '' } = parseParameters(type).parameters;
  if (boundary === '') return { Parts: null };
  const texts = Body.split(`--${boundary}`).filter((text) => text !== '');
  return {
    Parts: texts.map((text) => {
      const part = split(text.replace(/^[\r\n]+/, '').replace(/[\r\n]+$/, ''));
      return { ...part, MIME: partsOf(part, depth + 1) };
    }),
  };
}

const textOf = (raw: Uint8Array): string =>
  Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString();

function readMailhog(raw: Uint8Array): MailhogRead {
  // MailHog treats the last line ending as a part of the command DATA, not of the message.
  const Data = textOf(raw).replace(/\r?\n$/, '');
  const content = split(Data);
  return { Content: { ...content, MIME: null }, MIME: partsOf(content, 0), Data };
}

interface RawInput {
  readonly raw: Uint8Array;
}

/** A job that reads a message and returns its `MailhogRead` as JSON in UTF-8. */
export const contentJob: Job<RawInput, Uint8Array> = {
  name: 'mailhog-content',
  run: ({ raw }) => new TextEncoder().encode(JSON.stringify(readMailhog(raw))),
};

export interface MailhogPart {
  /** The file name in Content-Disposition; `null` if there is none. */
  readonly name: string | null;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A job that returns a part by its number, which counts from 0; `null` if the message has no such part. */
export const partJob: Job<RawInput & { readonly part: number }, MailhogPart | null> = {
  name: 'mailhog-part',
  run({ raw, part }) {
    const found = readMailhog(raw).MIME?.Parts?.[part];
    if (found === undefined) return null;
    const field = (name: string): string => found.Headers[name]?.[0] ?? '';
    const isBase64 = field('Content-Transfer-Encoding').trim().toLowerCase() === 'base64';
    const body = Buffer.from(found.Body);
    return {
      name: parseParameters(field('Content-Disposition')).parameters['filename'] ?? null,
      type: parseParameters(field('Content-Type')).value.toLowerCase() || 'text/plain',
      // Like MailHog, this call decodes Base64 only.
      bytes: new Uint8Array(isBase64 ? decodeBase64(body) : body),
    };
  },
};
