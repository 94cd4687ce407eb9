/**
 * Body text by mailparser, behind guards: it is given one text part at a time as a message of its own, never a
 * whole message; no more than a bounded number of octets; nothing to convert between text and HTML, no links to
 * find, no images to put in, and no `format=flowed`, which it would take minutes for. Should it fail all the same,
 * the part is decoded here.
 */
import { isUtf8 } from 'node:buffer';
import type { SimpleParserOptions } from 'mailparser';
import { isNamedCharset } from './charset.ts';
import { unflow } from './flowed.ts';
import { decodeText, decodeTextBytes } from './part.ts';
import type { MimePart } from './structure.ts';

/** Octets read of the bodies of one kind: more than anyone reads, little enough to be answered at once. */
export const MAX_BODY = 5_000_000;
/** Lines of a part that mailparser gets, which handles each on its own; longer texts are decoded here. */
const MAX_PARSED_LINES = 40_000;
/** Parts read of one kind; a mail program shows them one below the other. */
export const MAX_BODY_PARTS = 100;

const OPTIONS: SimpleParserOptions & { keepCidLinks: boolean } = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
};

/** The label the bytes are to be read under: the part's own where it is a character set, else what they look like. */
function charsetOf(raw: Buffer, part: MimePart, limit: number): string {
  const label = part.parameters['charset'] ?? '';
  if (isNamedCharset(label)) return label.replace(/[^\w.:()+-]/g, '');
  return isUtf8(decodeTextBytes(raw, part, limit)) ? 'utf-8' : 'windows-1252';
}

/** The part's text as mailparser reads it; `null` when it is not to be asked or fails. */
async function parseBody(raw: Buffer, part: MimePart, limit: number): Promise<string | null> {
  if (part.lines > MAX_PARSED_LINES) return null;
  const head = [
    `Content-Type: text/${part.subtype}; charset="${charsetOf(raw, part, limit)}"`,
    `Content-Transfer-Encoding: ${part.encoding.replace(/[^\w-]/g, '')}`,
  ];
  const body = raw.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + limit));
  const message = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  try {
    // Loaded with the first message that is opened: a start does without.
    const { default: mailparser } = await import('mailparser');
    const mail = await mailparser.simpleParser(message, OPTIONS);
    return (part.subtype === 'html' && mail.html !== false ? mail.html : mail.text) ?? '';
  } catch {
    return null;
  }
}

async function readPart(raw: Buffer, part: MimePart, limit: number): Promise<string> {
  const text = (await parseBody(raw, part, limit)) ?? decodeText(raw, part, limit).replace(/\r\n/g, '\n');
  const flowed = part.subtype === 'plain' && part.parameters['format']?.toLowerCase() === 'flowed';
  return flowed ? unflow(text, part.parameters['delsp']?.toLowerCase() === 'yes') : text;
}

export interface BodyText {
  /** The parts' texts one after another; `null` when there are no parts. */
  readonly text: string | null;
  /** Whether a limit cut it short. */
  readonly truncated: boolean;
}

/** Reads body parts of one kind, joined by a line feed. */
export async function readBodies(raw: Buffer, parts: readonly MimePart[]): Promise<BodyText> {
  if (parts.length === 0) return { text: null, truncated: false };
  const texts: string[] = [];
  let left = MAX_BODY;
  for (const part of parts.slice(0, MAX_BODY_PARTS)) {
    if (left <= 0) break;
    texts.push(await readPart(raw, part, left));
    left -= part.bodyEnd - part.bodyStart;
  }
  return { text: texts.join('\n'), truncated: left < 0 || texts.length < parts.length };
}
