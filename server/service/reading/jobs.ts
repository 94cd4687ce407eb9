/**
 * The jobs that parse the bytes of a message for the API: in the main thread for a small message, in a worker
 * thread for a large one. Every output consists of bytes or is a small object with bytes, so that a thread
 * can transfer it without a copy.
 */
import { readVisibleText } from '../../checks/visible-text.ts';
import { readContent } from '../../message/content.ts';
import { fileName } from '../../message/file-name.ts';
import { decodeWords } from '../../message/header.ts';
import { parseStructure } from '../../message/parse.ts';
import { decodePart, decodeText, partAt } from '../../message/part.ts';
import { kindOf } from '../../message/part-kind.ts';
import type { MessageStructure, MimePart } from '../../message/structure.ts';
import { ownBytes, type Job } from '../../thread/job.ts';
import type { Detail, Part } from '../../../contract/index.ts';
import { createFrameTokens } from '../preview/frame-token.ts';
import { isOwnAddress, type OwnAddresses } from '../preview/own-address.ts';
import { previewDocument } from '../preview/index.ts';

/** The members of a message's detail that are derived from the bytes of the message. */
export type ContentDetail = Pick<
  Detail,
  'attachments' | 'headers' | 'text' | 'html' | 'encryption' | 'structure' | 'links' | 'codes'
>;

function presentPart(part: MimePart): Part {
  return {
    part: part.path,
    type: `${part.type}/${part.subtype}`,
    parameters: { ...part.parameters },
    encoding: part.encoding,
    disposition: part.disposition,
    filename: part.filename,
    name: part.type === 'multipart' ? null : fileName(part),
    kind: kindOf(part),
    contentId: part.contentId,
    location: part.location,
    offset: part.headerStart,
    bodyOffset: part.bodyStart,
    size: part.bodyEnd - part.bodyStart,
    parts: (part.message === null ? part.children : [part.message]).map(presentPart),
  };
}

export function readDetail(raw: Buffer): ContentDetail {
  const structure = parseStructure(raw);
  const content = readContent(raw, structure);
  return {
    attachments: content.attachments.map((attachment) => ({ ...attachment })),
    headers: structure.root.headers.map(({ name, value }) => ({
      name,
      value: decodeWords(value),
      raw: value,
    })),
    text: content.text,
    html: content.html,
    encryption: content.encryption,
    structure: presentPart(structure.root),
    links: content.links.map(({ href, text, kind, source }) => ({ href, text, kind, source })),
    codes: content.codes.map(({ value, confidence, context }) => ({ value, confidence, context })),
  };
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/**
 * Encodes a text as bytes that own their memory. The memory of a `Buffer` may be shared, so a thread could
 * not transfer it.
 */
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

interface RawInput {
  readonly raw: Uint8Array;
}

/** A job that parses a message and returns its `ContentDetail` as JSON in UTF-8. */
export const detailJob: Job<RawInput, Uint8Array> = {
  name: 'detail',
  run: ({ raw }) => encode(JSON.stringify(readDetail(bufferOf(raw)))),
};

/** A job that returns the text body of a message in UTF-8; `null` for a message without a text body. */
export const textJob: Job<RawInput, Uint8Array | null> = {
  name: 'text',
  run({ raw }) {
    const bytes = bufferOf(raw);
    const { text } = readContent(bytes, parseStructure(bytes));
    return text === null ? null : encode(text);
  },
};

/** The text of a message without the parts that a person would not see. */
export interface ShownText {
  /** The text body or, without a text body, the displayed text of the HTML body. */
  readonly text: string;
  /** The number of characters of the HTML body that styles hide. */
  readonly hidden: number;
  /** The number of comments in the HTML body. */
  readonly comments: number;
}

/** A job that returns the `ShownText` of a message as JSON in UTF-8. */
export const shownTextJob: Job<RawInput, Uint8Array> = {
  name: 'shown-text',
  run({ raw }) {
    const bytes = bufferOf(raw);
    const { text, html } = readContent(bytes, parseStructure(bytes));
    const shown = html === null ? { text: '', hidden: 0, comments: 0 } : readVisibleText(html);
    return encode(JSON.stringify({ ...shown, text: text ?? shown.text } satisfies ShownText));
  },
};

export interface PreviewInput extends RawInput {
  readonly id: string;
  /**
   * The key from which the frame tokens are generated; with these tokens the preview loads the parts of the
   * message.
   */
  readonly frameKey: Uint8Array;
  /**
   * The common prefix of the URLs of the message's parts, relative to the preview; it ends with a slash or is
   * empty.
   */
  readonly folder: string;
  /**
   * The addresses from which the preview must not load resources, even if the reader requested network content;
   * `null` if no resource may be loaded from the network.
   */
  readonly remoteBut: OwnAddresses | null;
  /** Whether each element of the document has its position in the HTML as sent. */
  readonly positions: boolean;
}

/**
 * Returns the preview document of a message in UTF-8; `null` for a message without HTML.
 * @param change returns the HTML from which the preview is made, for the HTML and the structure of the message
 */
export function readPreview(
  { raw, id, frameKey, folder, remoteBut, positions }: PreviewInput,
  change: (html: string, structure: MessageStructure) => string = (html) => html,
): Uint8Array | null {
  const bytes = bufferOf(raw);
  const structure = parseStructure(bytes);
  const { html, attachments, base } = readContent(bytes, structure);
  if (html === null) return null;
  const tokens = createFrameTokens(Buffer.from(frameKey));
  const address = (part: string): string => `${folder}parts/${part}?frame=${tokens.of(id, part)}`;
  const remote = remoteBut === null ? null : (url: URL): boolean => !isOwnAddress(url, remoteBut);
  return encode(previewDocument(change(html, structure), attachments, address, remote, base, positions));
}

/** A job that returns the preview document of a message in UTF-8; `null` for a message without HTML. */
export const previewJob: Job<PreviewInput, Uint8Array | null> = {
  name: 'preview',
  run: (input) => readPreview(input),
};

export interface PartInput extends RawInput {
  /** The number of the part, as in IMAP, for example `1.2`. */
  readonly part: string;
  /** Whether a text part is converted from its character set to UTF-8. */
  readonly utf8: boolean;
}

export interface DecodedPart extends Pick<MimePart, 'path' | 'type' | 'subtype' | 'parameters'> {
  /** The file name under which a browser saves the part. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * A job that returns a part with its transfer encoding decoded; `null` if the message has no part with that number.
 */
export const partJob: Job<PartInput, DecodedPart | null> = {
  name: 'part',
  run({ raw, part: wanted, utf8 }) {
    const bytes = bufferOf(raw);
    const part = partAt(parseStructure(bytes), wanted);
    if (part === undefined) return null;
    const { path, type, subtype, parameters } = part;
    const described = { path, type, subtype, name: fileName(part) };
    if (utf8 && type === 'text') {
      return { ...described, parameters: { charset: 'utf-8' }, bytes: encode(decodeText(bytes, part)) };
    }
    // A body that needs no decoding shares the memory of the message, so its octets are copied.
    const owned = ownBytes(decodePart(bytes, part), bytes);
    return { ...described, parameters: { ...parameters }, bytes: owned };
  },
};
