/**
 * The client half of SMTP (RFC 5321): one connection to one server, over nodemailer's SMTPConnection. It speaks and
 * keeps the transcript; where to connect, what to retry and what a reply means is the caller's affair.
 *
 * Invariants:
 * - The socket comes connected, so nothing here looks up a name.
 * - Every reply is told with the command it answers; every recipient has its own.
 * - `beforeEnd` of a message is awaited after its last octet and before its end (the final dot, or the last chunk):
 *   what it writes down is true before the server can take the message.
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

/** `implicit` begins with TLS; `opportunistic` takes STARTTLS where it is offered and goes on without where it is refused. */
export type ClientTls = 'none' | 'opportunistic' | 'required' | 'implicit';

export interface SmtpTimeouts {
  /** From the connection to the end of the TLS handshake, milliseconds. */
  readonly greeting: number;
  /** Silence while a reply is awaited, milliseconds. */
  readonly command: number;
  /** The same after the final dot: the server may be busy with the message (RFC 5321 §4.5.3.2.6). */
  readonly final: number;
}

export interface SmtpClientOptions {
  readonly socket: net.Socket;
  /** The server's name, for SNI and its certificate; or its address. */
  readonly host: string;
  /** Given in EHLO. */
  readonly name: string;
  readonly tls: ClientTls;
  /** Whether the certificate must be good for `host`. */
  readonly verify: boolean;
  /** Authorities trusted besides the system's, PEM. */
  readonly ca?: string | null;
  readonly credentials?: { readonly user: string; readonly password: string } | null;
  readonly timeouts: SmtpTimeouts;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What TLS came to; `verified` says whether the certificate is good for the host. */
export interface ClientTlsFacts extends TlsFacts {
  readonly verified: boolean;
}

export interface OutgoingEnvelope {
  readonly from: string;
  readonly to: readonly string[];
  /** Announce BODY=8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531); only where `extensions` has them. */
  readonly eightBit: boolean;
  readonly smtpUtf8: boolean;
  /** Send octets that are no lines with BDAT (RFC 3030); only where `extensions` has CHUNKING and BINARYMIME. */
  readonly binary: boolean;
}

/** What the server said to one message. */
export interface SendResult {
  readonly mail: ServerReply | null;
  /** In the order of `to`; `null` where no reply came. */
  readonly recipients: readonly (ServerReply | null)[];
  /** To DATA, when it was refused; otherwise to the message. */
  readonly data: ServerReply | null;
  /** Whether the final dot may have been sent. */
  readonly ended: boolean;
  /** Why the connection failed before the last reply. */
  readonly failure: SmtpClientError | null;
}

/** Octets of one reply: RFC 5321 §4.5.3.1.5 has lines of 512, and an EHLO reply has some twenty of them. */
const MAX_REPLY = 65_536;

export class SmtpClient {
  readonly #connection: Connection;
  readonly #transcript: Transcript;
  readonly #replies: ReplyLog;
  readonly #timeouts: SmtpTimeouts;
  /** Why the connection is lost. */
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

  /** Greets, upgrades, logs in. Throws `SmtpClientError`; the connection is closed then. */
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

  /** What EHLO announced: keywords in upper case, with their parameters. */
  get extensions(): ReadonlyMap<string, string> {
    return this.#replies.extensions;
  }

  /** `null` in clear. */
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

  /** Whether another message can be sent. */
  get usable(): boolean {
    return this.#lost === null && !this.#connection.destroyed;
  }

  /** Messages begun on this connection. */
  get sent(): number {
    return this.#sent;
  }

  transcript(): readonly TranscriptLine[] {
    return this.#transcript.lines();
  }

  /** Adds a line for the reader of the transcript. */
  note(text: string): void {
    this.#transcript.add('note', text);
  }

  /** One message. Never rejects on what the server does; a rejection of `beforeEnd` drops the connection. */
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
    // The server remembers an envelope whose message never came.
    if (refused && this.usable && !ended) await this.#reset();
    return { mail: outcome.mail, recipients: outcome.recipients, data: outcome.data, ended, failure };
  }

  /** Says goodbye and closes. */
  async quit(): Promise<void> {
    if (!this.usable) return;
    const ended = new Promise<void>((resolve) => this.#connection.once('end', resolve));
    this.#connection.quit();
    const timer = setTimeout(() => this.#connection.close(), 1000);
    await ended;
    clearTimeout(timer);
  }

  /** Closes at once. */
  close(): void {
    this.#connection.close();
  }

  /** How long the server may keep silent from now on, milliseconds. */
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

  #login({ user, password }: { readonly user: string; readonly password: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.login({ user, pass: password }, (error) => {
        if (error === null) resolve();
        else reject(this.#lost ?? SmtpClientError.from(error, false));
      });
    });
  }

  #reset(): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.reset((error) => {
        if (error !== null) this.close();
        resolve();
      });
    });
  }
}
