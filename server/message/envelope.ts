/**
 * Types of the SMTP envelope (RFC 5321 §2.3.1) and of the session that delivered a message. ENVELOPE of IMAP
 * has another meaning; see `server/imap`.
 */
import type { OriginKind } from '../../contract/names.ts';

/** ESMTP parameters as sent: names in upper case; the value is `true` for a parameter without a value. */
export type EsmtpParameters = Readonly<Record<string, string | true>>;

/** A reverse-path or forward-path: the address without angle brackets, and its ESMTP parameters. */
export interface EnvelopePath {
  /** Address as sent, in its original case; the empty string for the null reverse-path `<>`. */
  readonly address: string;
  readonly parameters: EsmtpParameters;
}

/** Sender and recipients of a message as given in the SMTP dialogue, which may differ from the header fields. */
export interface Envelope {
  readonly from: EnvelopePath;
  readonly to: readonly EnvelopePath[];
}

export type { OriginKind };

/** Parameters of a TLS connection, as the TLS handshake negotiated them. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  readonly servername: string | null;
}

/** The session that delivered a message. Fields that do not exist for a kind of session are `null`. */
export interface Origin {
  readonly kind: OriginKind;
  /** Id of the session. One SMTP session may deliver several messages. */
  readonly session: string | null;
  /** Address of the client as `address:port`, or the path of a Unix socket. */
  readonly peer: string | null;
  /** The name that the client sent with HELO, EHLO or LHLO. */
  readonly helo: string | null;
  readonly tls: TlsFacts | null;
  /** Name of the authenticated user. The password is never stored. */
  readonly user: string | null;
}

/** A line of the SMTP dialogue; credentials are already removed. */
export interface TranscriptLine {
  /** Time of the line in milliseconds since the session began. */
  readonly at: number;
  readonly from: 'client' | 'server' | 'note';
  readonly text: string;
}
