/**
 * What an SMTP server asks of whoever runs it. `smtp/server.ts` drives it over smtp-server; `capture/` answers.
 * Methods in protocol order. Each may refuse by throwing an `SmtpReply`, drop the connection by throwing an
 * `SmtpDisconnect`, or agree in other words by returning a reply; anything else thrown becomes a bland 451 and a
 * log line.
 */
import type { EnvelopePath, Envelope, Origin, TranscriptLine } from '../message/envelope.ts';
import type { SaslSecret } from '../net/sasl/index.ts';
import type { MessageOctets } from '../message/octets.ts';
import type { Manner } from './departure.ts';
import type { Reply } from './reply.ts';

export { SmtpDisconnect, SmtpReply, type Reply } from './reply.ts';

/** One SMTP connection as the handler sees it; the same object for every call of a connection. */
export interface SmtpSession {
  readonly id: string;
  readonly origin: Origin;
  /** Peer's address alone, as limits count it; the path of a Unix socket. */
  readonly address: string;
  /** The listener's port; 0 for a Unix socket. */
  readonly port: number;
  /** Adds a note for the reader of the transcript. */
  note(text: string): void;
  /** The dialogue since the connection began, credentials redacted. */
  transcript(): readonly TranscriptLine[];
  /** From now on reads no faster than this many octets a second; `null` for as fast as they come. */
  throttle(rate: number | null): void;
  /** Drops the connection when so many octets of the next message have come. */
  dropAfter(octets: number): void;
  /** Ends the connection after the next reply. */
  closeAfterReply(): void;
}

/** The end of an AUTH exchange. */
export interface AuthAttempt {
  readonly mechanism: string;
  /** The name proved, or the one last claimed; `null` when the client gave none, or an empty one. */
  readonly user: string | null;
  /** Why it failed, for the transcript; `null` when the name is proved. */
  readonly failure: string | null;
}

/** A message after its final dot. */
export interface SmtpMessage {
  readonly envelope: Envelope;
  /** The octets after DATA, dot-unstuffed, otherwise exactly as sent. A file exists until `message` has settled. */
  readonly octets: MessageOctets;
  /** How the message was sent, for the check `protocol`. */
  readonly manner: Manner;
}

/** Agreement: in the server's own words, or in those of the reply. */
export type Agreement = Reply | undefined;

/** What a server asks about one session. */
export interface SmtpSessionHandler {
  /** The connection is accepted, before the greeting. */
  connect(): Promise<Agreement>;
  helo(name: string): Promise<Agreement>;
  /** Before the 220 of STARTTLS. */
  starttls(): Promise<Agreement>;
  /** A client has proved its name or failed to; a failure is refused whatever is returned. */
  auth(attempt: AuthAttempt): Promise<Agreement>;
  mail(from: EnvelopePath): Promise<Agreement>;
  rcpt(to: EnvelopePath, envelope: Envelope): Promise<Agreement>;
  /** Before the 354 of DATA, all recipients known. */
  data(envelope: Envelope): Promise<Agreement>;
  /** After the final dot: takes responsibility. */
  message(message: SmtpMessage): Promise<Reply>;
  /** The transaction ended without a message: RSET, a new EHLO, a message refused. */
  reset(): void;
  /** A command was refused, by the server itself or by this handler, with the reply `refusal`. */
  refused(envelope: Envelope | null, refusal: Reply): void;
  /** The connection ended, with a transaction or without. */
  close(unfinished: Envelope | null): void;
}

export interface SmtpHandler {
  /** Whether users are listed, so that mechanisms which need a known password can be offered. */
  readonly listed: boolean;
  /** What is known of a user's secret. */
  secret(user: string): Promise<SaslSecret>;
  /** A new session: one object for each connection. */
  open(session: SmtpSession): SmtpSessionHandler;
}
