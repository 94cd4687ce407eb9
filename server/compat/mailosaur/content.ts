/** Reads the content of a message as Mailosaur describes it, and the facts about it for the deliverability report. */
import { elementsOf, parseHtml, type Element } from '../../checks/html.ts';
import { findCodes } from '../../message/codes/index.ts';
import { readContent } from '../../message/content.ts';
import { decodeWords, headerText, headerValues } from '../../message/header.ts';
import { htmlLinks } from '../../message/html-links.ts';
import { htmlToText } from '../../message/html-text.ts';
import { findLinks } from '../../message/links.ts';
import { parseStructure } from '../../message/parse.ts';
import type { Job } from '../../thread/job.ts';

/** The number of characters of each body that are read for codes. */
const MAX_CODES = 100_000;

export interface Link {
  readonly href: string;
  readonly text: string;
}

export interface Code {
  readonly value: string;
}

interface MailosaurAttachment {
  /** The number of the part, as in IMAP, for example `1.2`. */
  readonly part: string;
  readonly contentType: string;
  readonly fileName: string;
  readonly contentId: string | null;
  readonly length: number;
}

/** The member `content` of the deliverability report. */
interface ContentFacts {
  readonly embed: boolean;
  readonly iframe: boolean;
  readonly object: boolean;
  readonly script: boolean;
  readonly shortUrls: boolean;
  readonly textSize: number;
  readonly totalSize: number;
  readonly missingAlt: boolean;
  readonly missingListUnsubscribe: boolean;
}

export interface MailosaurContent {
  readonly html: {
    readonly body?: string;
    readonly links: readonly Link[];
    readonly codes: readonly Code[];
    readonly images: readonly { readonly src: string; readonly alt: string }[];
  };
  readonly text: {
    readonly body?: string;
    readonly links: readonly Link[];
    readonly codes: readonly Code[];
  };
  readonly attachments: readonly MailosaurAttachment[];
  readonly headers: readonly { readonly field: string; readonly value: string }[];
  readonly facts: ContentFacts;
}

/** The hosts that shorten URLs. */
const SHORTENERS = new Set([
  'bit.ly',
  'buff.ly',
  'cutt.ly',
  'goo.gl',
  'is.gd',
  'ow.ly',
  'rb.gy',
  'rebrand.ly',
  't.co',
  'tiny.cc',
  'tinyurl.com',
]);

const isShort = ({ href }: Link): boolean => URL.canParse(href) && SHORTENERS.has(new URL(href).hostname);

function factsOf(
  elements: readonly Element[],
  links: readonly Link[],
  sizes: Pick<ContentFacts, 'textSize' | 'totalSize'>,
  hasUnsubscribe: boolean,
): ContentFacts {
  const names = new Set(elements.map(({ name }) => name));
  return {
    embed: names.has('embed'),
    iframe: names.has('iframe'),
    object: names.has('object'),
    script: names.has('script'),
    shortUrls: links.some(isShort),
    ...sizes,
    missingAlt: elements.some(({ name, attribs }) => name === 'img' && attribs['alt'] === undefined),
    missingListUnsubscribe: !hasUnsubscribe,
  };
}

function readMailosaur(raw: Buffer): MailosaurContent {
  const structure = parseStructure(raw);
  const { root } = structure;
  const { text, html, attachments } = readContent(raw, structure);
  const subject = decodeWords(headerText(root, 'subject') ?? '');
  const codesIn = (body: string): readonly Code[] =>
    findCodes({ subject, texts: [body], tokens: headerValues(root, 'otp-token') }).map(({ value }) => ({
      value,
    }));
  const elements = html === null ? [] : [...elementsOf(parseHtml(html).document)];
  const links = {
    html: html === null ? [] : htmlLinks(html).map(({ href, text: shown }) => ({ href, text: shown })),
    text: findLinks({ text, html: null, listUnsubscribe: [] }).map(({ href, text: shown }) => ({
      href,
      text: shown,
    })),
  };
  return {
    html: {
      ...(html === null ? {} : { body: html }),
      links: links.html,
      codes: html === null ? [] : codesIn(htmlToText(html, MAX_CODES)),
      images: elements
        .filter(({ name }) => name === 'img')
        .map(({ attribs }) => ({ src: attribs['src'] ?? '', alt: attribs['alt'] ?? '' })),
    },
    text: {
      ...(text === null ? {} : { body: text }),
      links: links.text,
      codes: text === null ? [] : codesIn(text),
    },
    attachments: attachments.map(({ part, type, name, contentId, size }) => ({
      part,
      contentType: type,
      fileName: name,
      contentId,
      length: size,
    })),
    headers: root.headers.map(({ name, value }) => ({ field: name, value: decodeWords(value) })),
    facts: factsOf(
      elements,
      [...links.html, ...links.text],
      { textSize: Buffer.byteLength(text ?? ''), totalSize: raw.length },
      headerValues(root, 'list-unsubscribe').length > 0,
    ),
  };
}

/** A job that reads a message and returns its `MailosaurContent` as JSON in UTF-8. */
export const contentJob: Job<{ readonly raw: Uint8Array }, Uint8Array> = {
  name: 'mailosaur-content',
  run: ({ raw }) =>
    new TextEncoder().encode(
      JSON.stringify(readMailosaur(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))),
    ),
};
