/**
 * The SMTP envelope (RFC 5321 §2.3.1) and the session a message came by. Types only; the IMAP ENVELOPE is
 * something else and lives in `imap/`.
 */
import type { OriginKind } from '../../contract/names.ts';

/** One ESMTP parameter set as sent: keyword in upper case, `true` where the keyword stood alone. */
export type EsmtpParameters = Readonly<Record<string, string | true>>;

/** A reverse-path or forward-path: the address without angle brackets, and its ESMTP parameters. */
export interface EnvelopePath {
  /** Mailbox as sent, case kept; empty string is the null reverse-path `<>`. */
  readonly address: string;
  readonly parameters: EsmtpParameters;
}

/** Who a message is from and for, as the SMTP dialogue said it, whatever the headers say. */
export interface Envelope {
  readonly from: EnvelopePath;
  readonly to: readonly EnvelopePath[];
}

export type { OriginKind };

/** What the connection's TLS layer negotiated. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  readonly servername: string | null;
}

/** The session a message came by. Fields that a kind of origin cannot know are `null`. */
export interface Origin {
  readonly kind: OriginKind;
  /** Session id: one SMTP connection may deliver several messages. */
  readonly session: string | null;
  /** Peer as `address:port`, or the path of a Unix socket. */
  readonly peer: string | null;
  /** The name given with HELO, EHLO or LHLO. */
  readonly helo: string | null;
  readonly tls: TlsFacts | null;
  /** The authenticated user, never a password. */
  readonly user: string | null;
}

/** One line of the SMTP dialogue, credentials already redacted. */
export interface TranscriptLine {
  /** Milliseconds since the session began. */
  readonly at: number;
  readonly from: 'client' | 'server' | 'note';
  readonly text: string;
}
