/**
 * The interface between the SMTP server and its handler: `smtp/server.ts` calls the handler, and `capture/`
 * implements it. The methods are listed in the order of the protocol. Each method may refuse by throwing an
 * `SmtpReply`, close the connection without a reply by throwing an `SmtpDisconnect`, or return a reply to
 * replace the server's text. Any other thrown error is logged and answered with a general 451 reply.
 */
import type { EnvelopePath, Envelope, Origin, TranscriptLine } from '../message/envelope.ts';
import type { SaslSecret } from '../net/sasl/index.ts';
import type { MessageOctets } from '../message/octets.ts';
import type { Manner } from './departure.ts';
import type { Reply } from './reply.ts';

export { SmtpReply, type Reply } from './reply.ts';

/**
 * One SMTP connection as the handler uses it; the handler receives the same object in every call for a connection.
 */
export interface SmtpSession {
  readonly id: string;
  readonly origin: Origin;
  /**
   * The client's address without a port, by which the limits count connections and messages; for a Unix socket
   * its path.
   */
  readonly address: string;
  /** The port of the listener; 0 for a Unix socket. */
  readonly port: number;
  /** Adds a remark, which is neither a command nor a reply, to the transcript. */
  note(text: string): void;
  /** Returns the transcript since the start of the connection, with credentials redacted. */
  transcript(): readonly TranscriptLine[];
  /**
   * Limits the rate at which the server reads from the connection, in octets per second, from now on; `null`
   * removes the limit.
   */
  throttle(rate: number | null): void;
  /**
   * Closes the connection without a reply when the given number of octets of the next message has been
   * received.
   */
  dropAfter(octets: number): void;
  /** Ends the connection after the next reply. */
  closeAfterReply(): void;
}

/** The result of an AUTH exchange. */
export interface AuthAttempt {
  readonly mechanism: string;
  /**
   * The authenticated name, or, after a failure, the name that the client sent last; `null` when the client
   * sent none, or an empty one.
   */
  readonly user: string | null;
  /** The reason for the failed login, for the transcript; `null` when the login succeeded. */
  readonly failure: string | null;
}

/** A completely received message. */
export interface SmtpMessage {
  readonly envelope: Envelope;
  /**
   * The octets after DATA without dot-stuffing, otherwise exactly as sent. If they are in a temporary file, the
   * file exists until the promise of `message` has settled.
   */
  readonly octets: MessageOctets;
  /** The client's name from HELO and its deviations from the protocol, for the check `protocol`. */
  readonly manner: Manner;
}

/**
 * The handler's result for a command that it accepts: the reply to send, or `undefined` for the server's
 * default reply.
 */
export type Agreement = Reply | undefined;

/** The functions of the handler that the server calls for one session. */
export interface SmtpSessionHandler {
  /** The server calls this method for a new connection, before the greeting. */
  connect(): Promise<Agreement>;
  helo(name: string): Promise<Agreement>;
  /** The server calls this method for STARTTLS, before the reply 220. */
  starttls(): Promise<Agreement>;
  /**
   * The server calls this method at the end of an AUTH exchange. After a failed exchange, AUTH is refused regardless of
   * the returned reply.
   */
  auth(attempt: AuthAttempt): Promise<Agreement>;
  mail(from: EnvelopePath): Promise<Agreement>;
  rcpt(to: EnvelopePath, envelope: Envelope): Promise<Agreement>;
  /** The server calls this method for DATA, before the reply 354, when all recipients are known. */
  data(envelope: Envelope): Promise<Agreement>;
  /**
   * The server calls this method with the complete message after the final dot. A positive reply means that the message
   * is stored.
   */
  message(message: SmtpMessage): Promise<Reply>;
  /**
   * The server calls this method when a transaction ends without a message: because of RSET, a new EHLO, or a refused
   * message.
   */
  reset(): void;
  /** The server calls this method when the server or this handler has refused a command with the reply `refusal`. */
  refused(envelope: Envelope | null, refusal: Reply): void;
  /**
   * The server calls this method when the connection has ended; `unfinished` is the envelope of an unfinished
   * transaction, or `null`.
   */
  close(unfinished: Envelope | null): void;
}

export interface SmtpHandler {
  /** Whether users are configured. SASL mechanisms that require a known password are offered only in this case. */
  readonly listed: boolean;
  /** Returns the secret with which SASL verifies a user: any password, one password, or none for an unknown user. */
  secret(user: string): Promise<SaslSecret>;
  /** Creates the handler of a new session; called once for each connection. */
  open(session: SmtpSession): SmtpSessionHandler;
}
