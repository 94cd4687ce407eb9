/**
 * The SMTP client (RFC 5321): one connection to one server, based on nodemailer's SMTPConnection. It sends the
 * commands and records the transcript; the caller chooses the server, decides whether to retry, and interprets
 * the replies.
 *
 * Invariants:
 * - The caller passes a connected socket, so the client never resolves a host name.
 * - Every reply is assigned to the command that it answers; every recipient has its own reply.
 * - After the last octet of a message, and before its end (the final dot, or the last chunk), the client calls
 *   `beforeEnd` and waits for its promise: the caller can store the state of the message before the server can
 *   accept it.
 */
import type net from 'node:net';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { TlsFacts, TranscriptLine } from '../../message/envelope.ts';
import { Transcript } from '../../net/transcript.ts';
import { Connection } from './connection.ts';
import { SmtpClientError } from './error.ts';
import { MessageOctets } from './message-octets.ts';
import { ReplyLog } from './reply-log.ts';
import type { ServerReply } from './server-reply.ts';

export { SmtpClientError } from './error.ts';
export { serverReplyText, type ServerReply } from './server-reply.ts';

/**
 * Use of TLS. `implicit` begins with TLS; `required` requires STARTTLS; `opportunistic` uses STARTTLS when the
 * server offers it and continues in clear text when the server refuses it; `none` never uses TLS.
 */
export type ClientTls = 'none' | 'opportunistic' | 'required' | 'implicit';

export interface SmtpTimeouts {
  /** Maximum time from the connection to the end of the TLS handshake, in milliseconds. */
  readonly greeting: number;
  /** Maximum time without an octet from the server while the client waits for a reply, in milliseconds. */
  readonly command: number;
  /**
   * Maximum time without an octet from the server after the final dot, in milliseconds; at this point the
   * server may still be processing the message (RFC 5321 §4.5.3.2.6).
   */
  readonly final: number;
}

export interface SmtpClientOptions {
  readonly socket: net.Socket;
  /**
   * The server's host name, which is used for SNI and to verify the certificate; the IP address if the server has
   * no name.
   */
  readonly host: string;
  /** The name that the client sends in EHLO. */
  readonly name: string;
  readonly tls: ClientTls;
  /** Whether the certificate must be valid for `host`. */
  readonly verify: boolean;
  /** Certificate authorities (PEM) that are trusted in addition to those of the system. */
  readonly ca?: string | null;
  readonly credentials?: { readonly user: string; readonly password: string } | null;
  readonly timeouts: SmtpTimeouts;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The parameters of the TLS connection; `verified` is true if the certificate is valid for the host. */
export interface ClientTlsFacts extends TlsFacts {
  readonly verified: boolean;
}

export interface OutgoingEnvelope {
  readonly from: string;
  readonly to: readonly string[];
  /** Whether MAIL announces BODY=8BITMIME (RFC 6152); permitted only if `extensions` lists 8BITMIME. */
  readonly eightBit: boolean;
  /** Whether MAIL announces SMTPUTF8 (RFC 6531); permitted only if `extensions` lists SMTPUTF8. */
  readonly smtpUtf8: boolean;
  /**
   * Whether the message is sent with BDAT (RFC 3030), which is needed for octets that are not lines of text; permitted
   * only if `extensions` contains CHUNKING and BINARYMIME.
   */
  readonly binary: boolean;
}

/** The server's replies to one message. */
export interface SendResult {
  readonly mail: ServerReply | null;
  /** The server's replies to the RCPT commands in the order of `to`; `null` for a recipient without a reply. */
  readonly recipients: readonly (ServerReply | null)[];
  /**
   * The server's reply to DATA if DATA was refused, otherwise the reply to the message; `null` when there was no reply.
   */
  readonly data: ServerReply | null;
  /** Whether the final dot may have been sent, which means that the server may have accepted the message. */
  readonly ended: boolean;
  /** The error that ended the connection before the last reply; `null` when the connection did not fail. */
  readonly failure: SmtpClientError | null;
}

/**
 * The maximum number of octets of one reply: RFC 5321 §4.5.3.1.5 limits lines to 512 octets, and an EHLO reply has
 * about twenty lines.
 */
const MAX_REPLY = 65_536;

export class SmtpClient {
  readonly #connection: Connection;
  readonly #transcript: Transcript;
  readonly #replies: ReplyLog;
  readonly #timeouts: SmtpTimeouts;
  /** The error that ended the connection; `null` while the connection is usable. */
  #lost: SmtpClientError | null = null;
  #sent = 0;

  private constructor(options: SmtpClientOptions) {
    const { socket, host, tls, timeouts } = options;
    this.#timeouts = timeouts;
    this.#transcript = new Transcript(options.clock);
    this.#replies = new ReplyLog(this.#transcript);
    this.#transcript.add('note', `Connected to ${host} at ${socket.remoteAddress}:${socket.remotePort}`);
    this.#connection = new Connection({
      connection: socket,
      host,
      name: options.name,
      secure: tls === 'implicit',
      ignoreTLS: tls === 'none',
      opportunisticTLS: tls === 'opportunistic',
      requireTLS: tls === 'required',
      tls: { rejectUnauthorized: options.verify, ...(options.ca == null ? {} : { ca: options.ca }) },
      connectionTimeout: timeouts.greeting,
      greetingTimeout: timeouts.greeting,
      socketTimeout: timeouts.command,
      socketCloseTimeout: 1000,
      maxResponseSize: MAX_REPLY,
      logger: this.#replies.logger,
      transactionLog: true,
    });
    this.#connection.on('error', (error: Error) => {
      this.#lost ??= SmtpClientError.from(error, this.#connection.upgrading === true);
    });
    this.#connection.on('end', () => {
      this.#lost ??= new SmtpClientError('connection', 'The server closed the connection', null);
    });
  }

  /**
   * Opens a session: waits for the greeting, sends EHLO, starts TLS and logs in, as the options require. If a
   * step fails, closes the connection and throws `SmtpClientError`.
   */
  static async open(options: SmtpClientOptions): Promise<SmtpClient> {
    const client = new SmtpClient(options);
    try {
      await client.#connect();
      const { credentials } = options;
      if (credentials != null) await client.#login(credentials);
      return client;
    } catch (error) {
      client.close();
      const failure = error instanceof SmtpClientError ? error : SmtpClientError.from(error as Error, false);
      failure.transcript = client.transcript();
      throw failure;
    }
  }

  /** The extensions that the server listed in its EHLO reply: keywords in upper case, with their parameters. */
  get extensions(): ReadonlyMap<string, string> {
    return this.#replies.extensions;
  }

  /** The parameters of the TLS connection; `null` for a connection in clear text. */
  get tls(): ClientTlsFacts | null {
    const socket = this.#connection._socket;
    if (!(socket instanceof TLSSocket)) return null;
    return {
      protocol: socket.getProtocol() ?? 'unknown',
      cipher: (socket.getCipher() as { name: string } | undefined)?.name ?? 'unknown',
      servername: this.#connection.servername === false ? null : this.#connection.servername,
      verified: socket.authorized,
    };
  }

  /** Whether another message can be sent over this connection. */
  get usable(): boolean {
    return this.#lost === null && !this.#connection.destroyed;
  }

  /** The number of messages whose transmission began on this connection, including failed transmissions. */
  get sent(): number {
    return this.#sent;
  }

  transcript(): readonly TranscriptLine[] {
    return this.#transcript.lines();
  }

  /** Adds a remark, which is neither a command nor a reply, to the transcript. */
  note(text: string): void {
    this.#transcript.add('note', text);
  }

  /**
   * Sends one message. Does not reject because of the server's replies or a lost connection: the result
   * contains them. When `beforeEnd` rejects, `send` closes the connection at once and rejects with the same
   * error.
   */
  async send(
    { from, to, eightBit, smtpUtf8, binary }: OutgoingEnvelope,
    message: Buffer,
    beforeEnd: (accepted: readonly string[]) => Promise<void>,
  ): Promise<SendResult> {
    if (this.#sent++ > 0) this.#transcript.beginTransaction();
    const answers = this.#replies.begin(to);
    const octets = new MessageOctets(message, async () => {
      await beforeEnd(answers.accepted());
      this.#silence(this.#timeouts.final);
    });
    this.#connection.smtpUtf8 = smtpUtf8;
    this.#connection.binary = binary;
    const envelope = { from, to: [...to], size: message.length, use8BitMime: eightBit && !binary };
    const error = await new Promise<Error | null>((resolve) => {
      this.#connection.send(envelope, Readable.from(octets.read()), resolve);
    });
    this.#silence(this.#timeouts.command);
    const { ended, withdrawal } = octets;
    if (withdrawal !== null) {
      this.close();
      throw withdrawal;
    }
    const outcome = answers.end();
    const refused = error !== null && outcome.complete;
    const failure = error === null || refused ? null : (this.#lost ?? SmtpClientError.from(error, false));
    // The server still stores the envelope of the refused message, so the client resets it with RSET.
    if (refused && this.usable && !ended) await this.#reset();
    return { mail: outcome.mail, recipients: outcome.recipients, data: outcome.data, ended, failure };
  }

  /** Sends QUIT, and closes the connection after the server's reply, or after one second without a reply. */
  async quit(): Promise<void> {
    if (!this.usable) return;
    const ended = new Promise<void>((resolve) => this.#connection.once('end', resolve));
    this.#connection.quit();
    const timer = setTimeout(() => this.#connection.close(), 1000);
    await ended;
    clearTimeout(timer);
  }

  /** Closes the connection at once, without QUIT. */
  close(): void {
    this.#connection.close();
  }

  /** Sets the maximum time for which the server may send no octet from now on, in milliseconds. */
  #silence(limit: number): void {
    const socket = this.#connection._socket;
    if (socket) socket.setTimeout(limit);
  }

  #connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(this.#lost ?? SmtpClientError.from(error, false));
      this.#connection.once('error', failed);
      this.#connection.connect((error) => {
        this.#connection.off('error', failed);
        if (error) failed(error);
        else resolve();
      });
    });
  }

  async #login({ user, password }: { readonly user: string; readonly password: string }): Promise<void> {
    const error = await this.#run((done) => this.#connection.login({ user, pass: password }, done));
    if (error !== null) throw this.#lost ?? SmtpClientError.from(error, false);
  }

  async #reset(): Promise<void> {
    const error = await this.#run((done) => this.#connection.reset(done));
    if (error !== null) this.close();
  }

  /**
   * Runs a command. Resolves with the error of the command, or with `null` if it succeeded. If the connection
   * fails before the server's reply, nodemailer does not call the callback of `login` and `reset`, so the error of
   * the connection is the result.
   */
  #run(command: (done: (error: Error | null) => void) => void): Promise<Error | null> {
    const connection = this.#connection;
    return new Promise((resolve) => {
      const lost = (): void => done(this.#lost);
      const done = (error: Error | null): void => {
        connection.off('error', lost).off('end', lost);
        resolve(error);
      };
      connection.on('error', lost).on('end', lost);
      command(done);
    });
  }
}
