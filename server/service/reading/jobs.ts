/**
 * What the API reads out of a message's bytes, as jobs: at once for a small message, in a thread for a large one.
 * Every output is bytes or a small object with bytes in it, so that a thread hands it over without a copy.
 */
import { readContent } from '../../message/content.ts';
import { fileName } from '../../message/file-name.ts';
import { decodeWords } from '../../message/header.ts';
import { parseStructure } from '../../message/parse.ts';
import { decodePart, decodeText, partAt } from '../../message/part.ts';
import { kindOf } from '../../message/part-kind.ts';
import type { MimePart } from '../../message/structure.ts';
import type { Job } from '../../thread/job.ts';
import type { Detail, Part } from '../../../contract/index.ts';
import { createFrameTokens } from '../preview/frame-token.ts';
import { isOwnAddress, type OwnAddresses } from '../preview/own-address.ts';
import { previewDocument } from '../preview/index.ts';

/** The members of a message's detail that its bytes tell. */
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
/** Bytes that own their memory, as a `Buffer` may not. */
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

interface RawInput {
  readonly raw: Uint8Array;
}

/** `ContentDetail` as JSON. */
export const detailJob: Job<RawInput, Uint8Array> = {
  name: 'detail',
  run: ({ raw }) => encode(JSON.stringify(readDetail(bufferOf(raw)))),
};

/** The text body, UTF-8; `null` when there is none. */
export const textJob: Job<RawInput, Uint8Array | null> = {
  name: 'text',
  run({ raw }) {
    const bytes = bufferOf(raw);
    const { text } = readContent(bytes, parseStructure(bytes));
    return text === null ? null : encode(text);
  },
};

export interface PreviewInput extends RawInput {
  readonly id: string;
  /** Of the tokens by which the preview loads the message's parts. */
  readonly frameKey: Uint8Array;
  /** Of the message's parts, relative to the preview; with a slash at its end, or empty. */
  readonly folder: string;
  /** Addresses that it may not load where it may load from the network; `null` where it may not. */
  readonly remoteBut: OwnAddresses | null;
}

/** The preview document, UTF-8; `null` when there is no HTML. */
export const previewJob: Job<PreviewInput, Uint8Array | null> = {
  name: 'preview',
  run({ raw, id, frameKey, folder, remoteBut }) {
    const bytes = bufferOf(raw);
    const { html, attachments, base } = readContent(bytes, parseStructure(bytes));
    if (html === null) return null;
    const tokens = createFrameTokens(Buffer.from(frameKey));
    const address = (part: string): string => `${folder}parts/${part}?frame=${tokens.of(id, part)}`;
    const remote = remoteBut === null ? null : (url: URL): boolean => !isOwnAddress(url, remoteBut);
    return encode(previewDocument(html, attachments, address, remote, base));
  },
};

export interface PartInput extends RawInput {
  /** Number of the part. */
  readonly part: string;
  /** Whether text is to be in UTF-8 whatever its character set. */
  readonly utf8: boolean;
}

export interface DecodedPart extends Pick<MimePart, 'path' | 'type' | 'subtype' | 'parameters'> {
  /** Name to save it under. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A part with its transfer encoding undone; `null` when there is no such part. */
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
    const decoded = decodePart(bytes, part);
    // A body that needs no decoding is a piece of the message, which a thread does not hand over.
    const owned = decoded.buffer === bytes.buffer ? new Uint8Array(decoded) : decoded;
    return { ...described, parameters: { ...parameters }, bytes: owned };
  },
};
