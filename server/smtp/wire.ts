/**
 * The seam between a session and smtp-server: what a session uses of the library's connection, and what the connection
 * reports to its session. `library/` implements the first, `Dialogue` the second; neither knows more of the other.
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
  /** Empty for a Unix socket. XCLIENT and the PROXY protocol may change it. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  /** Name of this server. */
  readonly name: string;
  /** Name of the client's host, where XCLIENT gave one. */
  readonly clientHostname: string | false;
  readonly secure: boolean;
  /** `null` in clear. */
  readonly tls: TlsFacts | null;
  /** Whether the connection closes or is closed: commands are no longer run. */
  readonly isClosing: boolean;
  /** Whether the greeting has been sent, or a TLS handshake is under way. */
  readonly isOpen: boolean;
  /** Whether a message, or a chunk of one, is being read. */
  readonly inMessage: boolean;
  readonly mayStartTls: boolean;
  /** Whether the peer may send XCLIENT. */
  readonly trustsXclient: boolean;
  /** Whether the next line is the client's part of an AUTH exchange. */
  readonly awaitsResponse: boolean;
  /** The user that has logged in; `null` without a login. */
  user: string | null;
  /** The name of HELO or EHLO; `null` before it. */
  heloName: string | null;
  /** Whether the library has to wait for a message before it may close the connection. */
  isBusy: boolean;
  write(text: string): void;
  /** Closes when everything is sent. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
  destroySoon(): void;
  /** Resets the transaction, the library's and the session's. */
  reset(): void;
  /** The following octets are a message, up to its final dot. */
  startMessage(message: HeldMessage): void;
  /** The next `size` octets are a chunk of a message; without a message they are dropped. */
  startChunk(size: number, message: HeldMessage | null): void;
  /** Gives the next line to `respond` instead of running it as a command. */
  awaitResponse(respond: (line: string) => Promise<void>): void;
  /** Runs a command line; resolves when the next one may run. */
  runLine(text: string): Promise<void>;
  /** A command line as the transcript may have it. */
  redact(name: string, text: string): string;
}

/** What a connection reports to its session. */
export interface WireEvents {
  /** The connection is accepted, before the greeting. Rejects with what refuses it. */
  connect(): Promise<Agreement>;
  greeted(): void;
  /** The first octets are a TLS handshake. */
  tlsInClear(): void;
  /** A command line without its line end; resolves when the next one may come. */
  line(line: Buffer, bareLf: boolean): Promise<void>;
  lineTooLong(): void;
  /** A message of DATA is complete; resolves when the next command may come. */
  message(data: DataReader): Promise<void>;
  /** A chunk of BDAT is complete; resolves when the next command may come. */
  chunk(): Promise<void>;
  progress(message: HeldMessage): void;
  /** Octets a second to read at most; `null` for no limit. */
  rate(): number | null;
  /** Reading has failed. */
  readFailed(error: Error): void;
  /** The command of that name; `null` where this server has none of its own. */
  command(name: string): ((argument: string) => Promise<void>) | null;
  /** The verdict on a STARTTLS that can be carried out; `null` where it is refused, which has been answered. */
  starttls(): Promise<{ readonly agreed: Agreement } | null>;
  /** The client has to log in again after a TLS handshake (RFC 3207 §4.2). */
  upgrading(): void;
  /** A reply of the library. */
  libraryReply(reply: Reply): void;
  /** The refusal that an error stands for; `null` where the connection was dropped for it. */
  refusalOf(error: unknown): Reply | null;
  /** The library has reset the transaction. */
  transactionReset(): void;
  handshakeFailed(failure: Omit<HandshakeFailure, 'peer'>): void;
  /** This side closes the connection. */
  closing(): void;
  /** The socket is closed. */
  closed(): void;
  /** The session has ended, once for each connection that was greeted. */
  ended(): void;
}
