/**
 * Types of the SMTP envelope (RFC 5321 §2.3.1) and of the session that delivered a message. The ENVELOPE of
 * IMAP is something else: it is made from header fields (see `server/imap`).
 */
import type { OriginKind, ProviderName } from '../../contract/names.ts';

/** ESMTP parameters of an address: the values by name in upper case; `true` for a parameter without a value. */
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

/** Parameters of a TLS connection that were negotiated in the TLS handshake. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  readonly servername: string | null;
}

/** The request to the emulated API of a mail provider from which a message was composed. */
export interface ProviderFacts {
  readonly name: ProviderName;
  /** The method and the path of the request below the provider's base URL, for example `POST /v3/mail/send`. */
  readonly endpoint: string;
  /** The API key without its secret part. */
  readonly apiKey: string;
  /** The id that the provider's response gives to the message. */
  readonly id: string;
  /** The JSON of the request, as far as it describes this message; long texts are cut. */
  readonly request: unknown;
}

/**
 * The session that delivered a message. A field that does not apply to the kind of session (such as HELO for
 * an API session) is `null`.
 */
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
  /** Absent unless the message was sent by the API of a mail provider. */
  readonly provider?: ProviderFacts;
}

/** A line of the recorded SMTP dialogue, from which credentials have been removed. */
export interface TranscriptLine {
  /** Time of the line in milliseconds since the session began. */
  readonly at: number;
  readonly from: 'client' | 'server' | 'note';
  readonly text: string;
}
