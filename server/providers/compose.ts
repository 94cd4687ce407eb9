/**
 * Composes the MIME message of a request: text before HTML in `multipart/alternative`, parts with a Content-ID in
 * `multipart/related`, and attachments in `multipart/mixed`. All emulated providers use this structure.
 */
import type { Mailbox } from './mailbox.ts';

export interface Attachment {
  readonly filename: string;
  readonly content: Buffer;
  /** The media type; if absent, it is derived from the file name. */
  readonly type?: string;
  /** The Content-ID without angle brackets. */
  readonly contentId?: string;
  readonly inline?: boolean;
}

/** The content of a message before it is composed. A recipient in Bcc is in the envelope only. */
export interface Draft {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc?: readonly Mailbox[];
  readonly replyTo?: readonly Mailbox[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  /** Further representations of the text, for example AMP or a calendar. */
  readonly alternatives?: readonly { readonly type: string; readonly content: string }[];
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly attachments?: readonly Attachment[];
  /** The Message-ID with its angle brackets. */
  readonly messageId: string;
  /** The time of the request, for the field Date, in milliseconds since the epoch. */
  readonly date: number;
}

/** Matches a media type with optional parameters (RFC 2045 §5.1), without line ends. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[ \t]*[\x20-\x7e]*)?$/;

const isMediaType = (text: string): boolean => MEDIA_TYPE.test(text);

/** Returns whether a text can be the name of a header field (RFC 5322 §2.2). */
export const isFieldName = (text: string): boolean => /^[!-9;-~]+$/.test(text);

const files = (attachments: readonly Attachment[]) =>
  attachments.map(({ filename, content, type, contentId, inline = false }) => ({
    filename,
    content,
    contentDisposition: inline ? ('inline' as const) : ('attachment' as const),
    ...(type === undefined || !isMediaType(type) ? {} : { contentType: type }),
    ...(contentId === undefined ? {} : { cid: contentId }),
  }));

export async function composeDraft(draft: Draft): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: draft.from,
    to: [...draft.to],
    cc: [...(draft.cc ?? [])],
    replyTo: [...(draft.replyTo ?? [])],
    subject: draft.subject,
    ...(draft.text === undefined && draft.html !== undefined ? {} : { text: draft.text ?? '' }),
    ...(draft.html === undefined ? {} : { html: draft.html }),
    alternatives: (draft.alternatives ?? []).map(({ type, content }) => ({ contentType: type, content })),
    headers: (draft.headers ?? []).map(([key, value]) => ({ key, value })),
    attachments: files(draft.attachments ?? []),
    messageId: draft.messageId,
    date: new Date(draft.date),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  });
  return composer.compile().build();
}
