/**
 * The types of mail that is sent from an inbox to the application, and the properties of a message that
 * replies, bounces and forwarded messages need.
 */
import type { Address, Compose, Detail } from '../contract/index.ts';
import type { MailHeaders } from './headers.ts';

/** The message to reply to, to bounce or to forward. */
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

/**
 * The destination of outbound mail: an SMTP server or an HTTP endpoint. Without a destination, the sandbox captures
 * the mail.
 */
export type Via =
  /** The URL of an SMTP server: `smtp://[user:password@]host:port`, or `smtps:` for TLS. */
  | { readonly smtp: string | URL }
  /**
   * The URL to which the message is posted as `message/rfc822`, with the envelope in the HTTP fields
   * `X-Envelope-From` and `X-Envelope-To`.
   */
  | { readonly http: string | URL; readonly headers?: Readonly<Record<string, string>> };

/** A mail to compose. The default sender is the address of the inbox. */
export type OutboundMail = Omit<Compose, 'from'> & { readonly from?: Compose['from'] };
export type ReplyMail = Omit<OutboundMail, 'to' | 'inReplyTo' | 'references'> & {
  readonly to?: Compose['to'];
};

/**
 * The recipients and further fields of a forwarded message. The default sender is the address that received
 * the original message.
 */
export type ForwardMail = Omit<OutboundMail, 'to' | 'inReplyTo' | 'references'> & {
  readonly to: NonNullable<Compose['to']>;
};

/** The result of sending a mail. */
export interface Sent {
  /** The id of the message if the sandbox captured it; `null` if an SMTP or HTTP server received it. */
  readonly id: string | null;
  /** The reply of the server that received the mail. */
  readonly reply: string;
}
