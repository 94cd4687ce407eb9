/**
 * What an SMTP server asks of whoever runs it. `smtp/server.ts` drives it over smtp-server; `capture/` answers.
 * Methods in protocol order; each may refuse by throwing an `SmtpReply`, anything else thrown becomes a bland
 * 451 and a log line.
 */
import type { EnvelopePath, Envelope, Origin, TranscriptLine } from '../message/envelope.ts';

/** A reply to put on the wire (RFC 5321 §4.2, RFC 2034): thrown to refuse, returned to accept in other words. */
export class SmtpReply extends Error {
  override readonly name = 'SmtpReply';
  readonly code: number;
  /** Enhanced status code, e.g. `5.7.1`; `null` to send none. */
  readonly status: string | null;
  /** Close the connection after the reply. */
  readonly close: boolean;

  constructor(code: number, status: string | null, text: string, close = false) {
    super(text);
    this.code = code;
    this.status = status;
    this.close = close;
  }
}

/** One SMTP connection as the handler sees it; the same object for every call of a connection. */
export interface SmtpSession {
  readonly id: string;
  readonly origin: Origin;
  /** Adds a note for the reader of the transcript. */
  note(text: string): void;
  /** The dialogue since the connection began, credentials redacted. */
  transcript(): readonly TranscriptLine[];
}

/** What a client proved or offered with AUTH. */
export interface SmtpCredentials {
  readonly mechanism: 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'XOAUTH2';
  readonly user: string;
  /** Checks a clear-text secret, a CRAM-MD5 response or a token against the secret we know. */
  verify(secret: string): boolean;
}

/** A message after its final dot. */
export interface SmtpMessage {
  readonly envelope: Envelope;
  /** The bytes after DATA, dot-unstuffed, otherwise exactly as sent. */
  readonly raw: Buffer;
}

export interface SmtpHandler {
  /** A connection was accepted, before the greeting. */
  connect(session: SmtpSession): Promise<void>;
  helo(session: SmtpSession, name: string): Promise<void>;
  auth(session: SmtpSession, credentials: SmtpCredentials): Promise<void>;
  mail(session: SmtpSession, from: EnvelopePath): Promise<void>;
  rcpt(session: SmtpSession, to: EnvelopePath, from: EnvelopePath): Promise<void>;
  /** Before the 354 of DATA, all recipients known. */
  data(session: SmtpSession, envelope: Envelope): Promise<void>;
  /** After the final dot: takes responsibility and returns the queue id that stands in the 250. */
  message(session: SmtpSession, message: SmtpMessage): Promise<string>;
  /** The transaction or the connection ended, for whatever reason. */
  close(session: SmtpSession): void;
}
