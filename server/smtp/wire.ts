/**
 * The interface between a session and the package smtp-server. `Wire` contains the functions of the connection
 * that a session uses, and is implemented in `library/`; `WireEvents` contains the events that the connection
 * reports to its session, and is implemented by `Dialogue`. Neither side uses anything else of the other side.
 */
import type { TlsFacts } from '../message/envelope.ts';
import type { HeldMessage } from '../net/in-flight/index.ts';
import type { HandshakeFailure } from '../net/tls/handshake.ts';
import type { DataReader } from './data-reader.ts';
import type { Agreement } from './handler.ts';
import type { Reply } from './reply.ts';

/** The functions and properties of a connection that its session uses. */
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
  /** The parameters of the TLS connection; `null` for a connection in clear text. */
  readonly tls: TlsFacts | null;
  /** Whether the connection is closing or closed, which means that commands are no longer run. */
  readonly isClosing: boolean;
  /** Whether the greeting has been sent, or a TLS handshake is in progress. */
  readonly isOpen: boolean;
  /** Whether a message, or a chunk of one, is being received. */
  readonly inMessage: boolean;
  readonly mayStartTls: boolean;
  /** Whether the client may send XCLIENT. */
  readonly trustsXclient: boolean;
  /** Whether the next line is the client's response in an AUTH exchange. */
  readonly awaitsResponse: boolean;
  /** The user who is logged in; `null` before a login. */
  user: string | null;
  /** The client's name from HELO or EHLO; `null` before this command. */
  heloName: string | null;
  /**
   * Whether the package smtp-server must wait before it may close the connection, because a message is being
   * processed.
   */
  isBusy: boolean;
  write(text: string): void;
  /** Closes the connection after all pending octets have been sent. */
  close(): void;
  /** Closes the connection at once, without sending pending octets. */
  destroy(): void;
  destroySoon(): void;
  /** Resets the mail transaction of the package smtp-server and of the session. */
  reset(): void;
  /** Starts the reception of a message: the following octets, up to the final dot, are its content. */
  startMessage(message: HeldMessage): void;
  /**
   * Starts the reception of a chunk: the next `size` octets are added to `message`, or discarded if `message`
   * is `null`.
   */
  startChunk(size: number, message: HeldMessage | null): void;
  /** Passes the next line to `respond` instead of running it as a command. */
  awaitResponse(respond: (line: string) => Promise<void>): void;
  /** Runs a command line; resolves when the next command may be run. */
  runLine(text: string): Promise<void>;
  /** Returns a command line without credentials, for the transcript. */
  redact(name: string, text: string): string;
}

/** The events that a connection reports to its session. */
export interface WireEvents {
  /**
   * The connection calls this method for a new connection, before the greeting. Rejects with an error to refuse the
   * connection.
   */
  connect(): Promise<Agreement>;
  greeted(): void;
  /**
   * The connection calls this method when the first octets of the connection are a TLS handshake, which this
   * unencrypted port does not expect.
   */
  tlsInClear(): void;
  /**
   * The connection calls this method with a command line without its line ending; resolves when the next command may be
   * run.
   */
  line(line: Buffer, bareLf: boolean): Promise<void>;
  lineTooLong(): void;
  /**
   * The connection calls this method when a message that was sent with DATA is complete; resolves when the next command
   * may be run.
   */
  message(data: DataReader): Promise<void>;
  /**
   * The connection calls this method when a chunk that was sent with BDAT is complete; resolves when the next command
   * may be run.
   */
  chunk(): Promise<void>;
  progress(message: HeldMessage): void;
  /** Returns the maximum number of octets to read per second; `null` for no limit. */
  rate(): number | null;
  /** The connection calls this method when reading from the connection failed. */
  readFailed(error: Error): void;
  /**
   * Returns the function that runs the named command; `null` for a command that this server does not implement
   * itself.
   */
  command(name: string): ((argument: string) => Promise<void>) | null;
  /**
   * The connection calls this method for a STARTTLS command that is possible in this state. Returns the reply to send,
   * or `null` when the command was refused and the refusal has already been sent.
   */
  starttls(): Promise<{ readonly agreed: Agreement } | null>;
  /**
   * The connection calls this method before the TLS handshake of STARTTLS, after which the client has to log in again
   * (RFC 3207 §4.2).
   */
  upgrading(): void;
  /** The connection calls this method with each reply that the package smtp-server creates. */
  libraryReply(reply: Reply): void;
  /** Returns the refusal for a thrown error; `null` when the error closed the connection without a reply. */
  refusalOf(error: unknown): Reply | null;
  /** The connection calls this method when the package smtp-server has reset the transaction. */
  transactionReset(): void;
  handshakeFailed(failure: Omit<HandshakeFailure, 'peer'>): void;
  /** The connection calls this method when this server closes the connection. */
  closing(): void;
  /** The connection calls this method when the socket is closed. */
  closed(): void;
  /** The connection calls this method when the session has ended, once for each connection that received a greeting. */
  ended(): void;
}
