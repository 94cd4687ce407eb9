/**
 * Types of the SMTP envelope (RFC 5321 §2.3.1) and of the session that delivered a message. The ENVELOPE of IMAP is
 * something else; see `server/imap`.
 */
import type { OriginKind } from '../../contract/names.ts';

/** ESMTP parameters as sent: keywords in upper case; `true` for a keyword without a value. */
export type EsmtpParameters = Readonly<Record<string, string | true>>;

/** A reverse-path or forward-path: the address without angle brackets, with its ESMTP parameters. */
export interface EnvelopePath {
  /** Mailbox as sent, in its original case; the empty string is the null reverse-path `<>`. */
  readonly address: string;
  readonly parameters: EsmtpParameters;
}

/** Sender and recipients of a message as given in the SMTP dialogue, which may differ from the header fields. */
export interface Envelope {
  readonly from: EnvelopePath;
  readonly to: readonly EnvelopePath[];
}

export type { OriginKind };

/** Parameters that the TLS handshake of the connection negotiated. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  readonly servername: string | null;
}

/** The session that delivered a message. Fields that do not apply to a kind of origin are `null`. */
export interface Origin {
  readonly kind: OriginKind;
  /** Session id. One SMTP session may deliver several messages. */
  readonly session: string | null;
  /** Address of the peer as `address:port`, or the path of a Unix socket. */
  readonly peer: string | null;
  /** The name that the client gave with HELO, EHLO or LHLO. */
  readonly helo: string | null;
  readonly tls: TlsFacts | null;
  /** Name of the authenticated user. The password is never stored. */
  readonly user: string | null;
}

/** A line of the SMTP dialogue, with credentials already redacted. */
export interface TranscriptLine {
  /** Milliseconds since the session began. */
  readonly at: number;
  readonly from: 'client' | 'server' | 'note';
  readonly text: string;
}
