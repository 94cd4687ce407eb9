/** The types of mail from an inbox to the application, and the properties of a message that replies, bounces and forwards need. */
import type { Address, Compose, Detail } from '../contract/index.ts';
import type { MailHeaders } from './headers.ts';

/** A message that is replied to, returned or forwarded. */
export interface OriginalMessage {
  readonly id: string;
  readonly subject: string;
  readonly messageId: string | null;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly envelope: Detail['envelope'];
  readonly headers: MailHeaders;
  raw(): Promise<Uint8Array>;
}

/** The destination of mail; by default the sandbox. */
export type Via =
  /** `smtp://[user:password@]host:port`, or `smtps:`. */
  | { readonly smtp: string | URL }
  /** POSTs the bytes as `message/rfc822`, the envelope in `X-Envelope-From` and `X-Envelope-To`. */
  | { readonly http: string | URL; readonly headers?: Readonly<Record<string, string>> };

/** A mail to compose; by default from the inbox's address. */
export type OutboundMail = Omit<Compose, 'from'> & { readonly from?: Compose['from'] };
export type ReplyMail = Omit<OutboundMail, 'to' | 'inReplyTo' | 'references'> & {
  readonly to?: Compose['to'];
};

/** A message to forward: the recipients, and further fields. Its default sender is the address that received the original. */
export type ForwardMail = Omit<OutboundMail, 'to' | 'inReplyTo' | 'references'> & {
  readonly to: NonNullable<Compose['to']>;
};

/** The outcome of sending. */
export interface Sent {
  /** The message's id if the sandbox captured it, or else null. */
  readonly id: string | null;
  /** The reply of the server. */
  readonly reply: string;
}
