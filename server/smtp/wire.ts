/**
 * The interface between a session and smtp-server: the functions of the library's connection that a session uses,
 * and the events that the connection reports to its session. `library/` implements the first, `Dialogue` the
 * second; neither uses more of the other.
 */
import type { TlsFacts } from '../message/envelope.ts';
import type { HeldMessage } from '../net/in-flight/index.ts';
import type { HandshakeFailure } from '../net/tls/handshake.ts';
import type { DataReader } from './data-reader.ts';
import type { Agreement } from './handler.ts';
import type { Reply } from './reply.ts';

/** A connection as its session uses it. */
export interface Wire {
  readonly id: string;
  /** The client's IP address; empty for a Unix socket. XCLIENT and the PROXY protocol may change it. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  /** The name of this server. */
  readonly name: string;
  /** The name of the client's host, if XCLIENT gave one. */
  readonly clientHostname: string | false;
  readonly secure: boolean;
  /** The parameters that TLS negotiated; `null` for a connection in clear text. */
  readonly tls: TlsFacts | null;
  /** Whether the connection is closing or closed, so that commands are no longer run. */
  readonly isClosing: boolean;
  /** Whether the greeting has been sent, or a TLS handshake is in progress. */
  readonly isOpen: boolean;
  /** Whether a message, or a chunk of one, is being received. */
  readonly inMessage: boolean;
  readonly mayStartTls: boolean;
  /** Whether the peer may send XCLIENT. */
  readonly trustsXclient: boolean;
  /** Whether the next line is the client's response in an AUTH exchange. */
  readonly awaitsResponse: boolean;
  /** The user who is logged in; `null` before a login. */
  user: string | null;
  /** The name from HELO or EHLO; `null` before it. */
  heloName: string | null;
  /** Whether the library has to wait for a message before it may close the connection. */
  isBusy: boolean;
  write(text: string): void;
  /** Closes the connection when all pending octets are sent. */
  close(): void;
  /** Closes the connection at once. */
  destroy(): void;
  destroySoon(): void;
  /** Resets the transaction of the library and of the session. */
  reset(): void;
  /** Reads the following octets as a message, up to its final dot. */
  startMessage(message: HeldMessage): void;
  /** Reads the next `size` octets as a chunk of `message`; with `null` they are discarded. */
  startChunk(size: number, message: HeldMessage | null): void;
  /** Passes the next line to `respond` instead of running it as a command. */
  awaitResponse(respond: (line: string) => Promise<void>): void;
  /** Runs a command line; resolves when the next one may be run. */
  runLine(text: string): Promise<void>;
  /** Returns a command line for the transcript, without credentials. */
  redact(name: string, text: string): string;
}

/** The events that a connection reports to its session. */
export interface WireEvents {
  /** Called for a new connection, before the greeting. Rejects with the error that refuses the connection. */
  connect(): Promise<Agreement>;
  greeted(): void;
  /** Called when the connection begins with a TLS handshake. */
  tlsInClear(): void;
  /** Called with a command line without its line ending; resolves when the next one may be run. */
  line(line: Buffer, bareLf: boolean): Promise<void>;
  lineTooLong(): void;
  /** Called when a message of DATA is complete; resolves when the next command may be run. */
  message(data: DataReader): Promise<void>;
  /** Called when a chunk of BDAT is complete; resolves when the next command may be run. */
  chunk(): Promise<void>;
  progress(message: HeldMessage): void;
  /** Returns the maximum number of octets to read per second; `null` for no limit. */
  rate(): number | null;
  /** Called when reading from the connection failed. */
  readFailed(error: Error): void;
  /**
   * Returns the function that runs the named command; `null` for a command that this server does not implement
   * itself.
   */
  command(name: string): ((argument: string) => Promise<void>) | null;
  /**
   * Decides about a STARTTLS command that is possible: returns the reply to send, or `null` when the command was
   * refused and the refusal has been sent.
   */
  starttls(): Promise<{ readonly agreed: Agreement } | null>;
  /** Called before a TLS handshake of STARTTLS, after which the client has to log in again (RFC 3207 §4.2). */
  upgrading(): void;
  /** Called with each reply that the library would send. */
  libraryReply(reply: Reply): void;
  /** Returns the refusal for a thrown error; `null` when the connection was dropped because of it. */
  refusalOf(error: unknown): Reply | null;
  /** Called when the library has reset the transaction. */
  transactionReset(): void;
  handshakeFailed(failure: Omit<HandshakeFailure, 'peer'>): void;
  /** Called when this server closes the connection. */
  closing(): void;
  /** Called when the socket is closed. */
  closed(): void;
  /** Called when the session has ended, once for each connection that received a greeting. */
  ended(): void;
}
