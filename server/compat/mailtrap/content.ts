/** Reads the content of a message as Mailtrap describes it. */
import { readContent } from '../../message/content.ts';
import { decodeWords } from '../../message/header.ts';
import { parseStructure } from '../../message/parse.ts';
import { partAt } from '../../message/part.ts';
import type { Job } from '../../thread/job.ts';

interface MailtrapAttachment {
  /** The number of the part, as in IMAP, for example `1.2`. */
  readonly part: string;
  readonly filename: string;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly isInline: boolean;
  readonly encoding: string;
  readonly size: number;
}

export interface MailtrapContent {
  readonly html: string | null;
  readonly text: string | null;
  readonly attachments: readonly MailtrapAttachment[];
  /** The header fields by name, in lower case and with `_` for `-`. */
  readonly headers: Readonly<Record<string, string>>;
}

function readMailtrap(raw: Buffer): MailtrapContent {
  const structure = parseStructure(raw);
  const { html, text, attachments } = readContent(raw, structure);
  return {
    html,
    text,
    attachments: attachments.map(({ part, name, type, contentId, inline, size }) => ({
      part,
      filename: name,
      contentType: type,
      contentId,
      isInline: inline,
      encoding: partAt(structure, part)?.encoding ?? '7bit',
      size,
    })),
    headers: Object.fromEntries(
      structure.root.headers.map(({ name, value }) => [
        name.toLowerCase().replaceAll('-', '_'),
        decodeWords(value),
      ]),
    ),
  };
}

/** A job that reads a message and returns its `MailtrapContent` as JSON in UTF-8. */
export const contentJob: Job<{ readonly raw: Uint8Array }, Uint8Array> = {
  name: 'mailtrap-content',
  run: ({ raw }) =>
    new TextEncoder().encode(
      JSON.stringify(readMailtrap(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))),
    ),
};
