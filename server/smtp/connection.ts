/**
 * One SMTP connection: smtp-server's, without its early-talker pause, with its own reader and its own commands, a
 * transcript, and a handler that is asked at every stage and may answer in its own words.
 *
 * Invariant: every reply goes through `answer`, so the transcript has it and nothing unclean reaches the wire.
 */
import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { EnvelopePath, Origin } from '../message/envelope.ts';
import type { MessageOctets } from '../message/octets.ts';
import { NoRoom, type HeldMessage, type InFlight } from '../net/in-flight.ts';
import { offeredMechanisms } from '../net/sasl.ts';
import {
  handshakeReason,
  HELLO_IN_CLEAR,
  LEFT_AFTER_HANDSHAKE,
  type HandshakeFailure,
} from '../net/tls/handshake.ts';
import { Transcript } from '../net/transcript.ts';
import { readCommandLine } from './command-line.ts';
import { commands } from './commands/index.ts';
import type { DataReader, UnstuffedDot } from './data-reader.ts';
import type { SmtpHandler, SmtpSession } from './handler.ts';
import type { ClientLimits } from './limits.ts';
import { libraryReply, statusContext } from './library/reply.ts';
import { departure, type Departure } from './departure.ts';
import type { SmtpServerOptions } from './options.ts';
import { SmtpReader } from './reader.ts';
import { replyLines, SmtpDisconnect, SmtpReply, type Reply } from './reply.ts';
import { tlsFacts } from './tls-facts.ts';
import { transactionFrom, type Transaction } from './transaction.ts';
import { withoutCredentials } from './without-credentials.ts';

/** What a connection needs beside the library's options. */
export interface ConnectionWorld {
  readonly handler: SmtpHandler;
  readonly options: SmtpServerOptions;
  readonly limits: ClientLimits;
  readonly inFlight: InFlight;
  /** A refusal, or a failure that becomes a bland reply and a line in the log. */
  refusal(error: unknown): SmtpReply;
}

/** A message on its way in, and the transaction that it belongs to. */
interface Incoming {
  readonly transaction: Transaction;
  readonly message: HeldMessage;
}

type Handler = (command: Buffer, done: () => void) => void;

/** What smtp-server, which wants a name before MAIL, is given for a client that sent none; no client can send it. */
const NO_HELO = '\0';

/** The commands that smtp-server does; of its others some are jests and some are ours. */
const fromLibrary = new Set(['STARTTLS', 'XCLIENT']);

export class HandledConnection extends SMTPConnection implements SmtpSession {
  readonly handler: SmtpHandler;
  readonly options: SmtpServerOptions;
  readonly port: number;
  readonly since: number;
  /** The address whose connection this is to the limits, whatever XCLIENT says later; `null` when it is over. */
  #countedAs: string | null = null;
  readonly #world: ConnectionWorld;
  readonly #transcript: Transcript;
  /** In whose words the library's next reply goes out. */
  #words: Reply | null = null;
  #transaction: Transaction | null = null;
  /** Departures of the session, and of the command line that runs now. */
  readonly #departures: Departure[] = [];
  #ofLine: readonly Departure[] = [];
  /** Settles when the greeting is out, or never will be. */
  readonly #greeted: Promise<void>;
  #greet: () => void = () => undefined;
  #rate: number | null = null;
  #dropAt: number | null = null;
  #closing = false;
  /** Messages taken so far. */
  taken = 0;
  /** Commands refused for good. */
  #errors = 0;
  #leaving: string | null = null;
  /** The message that comes in. */
  #incoming: Incoming | null = null;
  /** The chunk of BDAT that comes in. `refusal` is what it is refused with at its end. */
  #chunk: { readonly size: number; readonly last: boolean; readonly refusal: unknown } | null = null;
  /** AUTH succeeded with an empty user name: the session has no user then. */
  #anonymous = false;
  /** Code of the last reply: 220 where the client has not answered a greeting, or the end of a handshake. */
  #lastCode = 0;
  #dropped = false;
  /** Why the socket failed, where it said so. */
  #error: Error | null = null;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions, world: ConnectionWorld) {
    super(server, socket, options);
    this.#world = world;
    this.handler = world.handler;
    this.options = world.options;
    this.port = this.localPort;
    this.since = world.options.clock();
    this.#transcript = new Transcript(world.options.clock);
    this.#greeted = new Promise((resolve) => (this.#greet = resolve));
  }

  // What the handler sees -------------------------------------------------------------------------

  get address(): string {
    return this.remoteAddress === '' ? (this.options.path ?? this.options.host) : this.remoteAddress;
  }

  get origin(): Origin {
    const user: unknown = this.session.user;
    const { address, remotePort } = this;
    const shown = address.includes(':') ? `[${address}]` : address;
    return {
      kind: this.options.lmtp === true ? 'lmtp' : 'smtp',
      session: this.id,
      peer: this.remoteAddress === '' ? address : `${shown}:${remotePort}`,
      helo: this.#helo,
      tls: this.secure ? tlsFacts(this.tlsOptions, this.session.servername) : null,
      user: typeof user === 'string' ? user : null,
    };
  }

  /** The name given with HELO or EHLO; `null` before it. */
  get #helo(): string | null {
    const name = this.hostNameAppearsAs;
    return name === false || name === NO_HELO ? null : name;
  }

  note(text: string): void {
    this.#transcript.add('note', text);
  }

  transcript(): ReturnType<SmtpSession['transcript']> {
    return this.#transcript.lines();
  }

  throttle(rate: number | null): void {
    this.#rate = rate;
  }

  dropAfter(octets: number): void {
    this.#dropAt = octets;
  }

  closeAfterReply(): void {
    this.#closing = true;
  }

  // What the commands see -------------------------------------------------------------------------

  get transaction(): Transaction | null {
    return this.#transaction;
  }

  get inMessage(): boolean {
    return this._parser instanceof SmtpReader && this._parser.inMessage;
  }

  get mayStartTls(): boolean {
    return this._isSupported('STARTTLS');
  }

  get trustsXclient(): boolean {
    return this._proxyCommandAllowed('XCLIENT', 'useXClient');
  }

  /** The mechanisms to list, none where AUTH is done or has to wait for TLS. */
  get authMechanisms(): readonly string[] {
    const waits = this.options.requireTls && !this.secure;
    return waits || this.authenticated ? [] : offeredMechanisms(this.handler);
  }

  get authenticated(): boolean {
    return this.#anonymous || Boolean(this.session.user);
  }

  /** @param user Empty for a client that logged in without a name, where none is required. */
  authenticate(user: string): void {
    this.#anonymous = user === '';
    this.session.user = user === '' ? false : user;
  }

  /** Keeps the name of HELO; as in RFC 5321 §4.1.4 that also ends a transaction. */
  introduce(name: string): void {
    this.hostNameAppearsAs = name;
    this._resetSession();
  }

  /** Throws the `SmtpReply` that refuses one message more. */
  countMessage(): void {
    this.#world.limits.mail(this.address, this.taken);
  }

  beginTransaction(from: EnvelopePath, departures: readonly Departure[]): void {
    this.#transaction = transactionFrom(from, [...departures, ...this.#ofLine]);
    this.#ofLine = [];
  }

  resetTransaction(): void {
    const had = this.#transaction !== null;
    this.#transaction = null;
    void this.#forgetMessage();
    if (had) this.handler.reset(this);
  }

  /** What comes next is the message. */
  expectMessage(transaction: Transaction): void {
    const message = this.#hold();
    this.#incoming = { transaction, message };
    if (this._parser instanceof SmtpReader) this._parser.startMessage(message);
  }

  /** What comes next are so many octets of the message; the reply follows them. */
  expectChunk(size: number, last: boolean, transaction: Transaction): void {
    const message = (transaction.chunks ??= this.#hold());
    this.#incoming = { transaction, message };
    this.#chunk = { size, last, refusal: null };
    if (this._parser instanceof SmtpReader) this._parser.startChunk(size, message);
  }

  /** What comes next are so many octets to be thrown away; they are refused then. */
  skipChunk(size: number, last: boolean, refusal: unknown): void {
    if (this._closing || this._closed) return;
    this.#chunk = { size, last, refusal };
    if (this._parser instanceof SmtpReader) this._parser.startChunk(size, null);
  }

  #hold(): HeldMessage {
    return this.#world.inFlight.hold(this.options.maxMessageSize);
  }

  // Replies ---------------------------------------------------------------------------------------

  answer(reply: Reply): void {
    const lines = replyLines(reply);
    for (const line of lines) this.#transcript.add('server', line);
    this.#lastCode = reply.code;
    // While the handshake runs, the socket is still the plain one: anything written would go out in clear.
    if (!this._upgrading && !this._socket.destroyed && this._socket.writable) {
      this._socket.write(`${lines.join('\r\n')}\r\n`);
    }
    if (this.#closing || reply.close === true || reply.code === 421) this.close();
  }

  /** Answers a refusal and lets it be known; one too many ends the connection. */
  #refuse(refusal: Reply): void {
    this.answer(refusal);
    this.handler.refused(this, this.#transaction, refusal);
    if (refusal.code < 500 || this._closing) return;
    try {
      this.#world.limits.refused(++this.#errors);
    } catch (error) {
      this.answer(this.#world.refusal(error));
    }
  }

  /** The library's replies, and those of the handler that the library was made to give. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const words = this.#words;
    this.#words = null;
    const status = this._getEnhancedStatusCode(code, statusContext(code, context));
    const reply = words ?? libraryReply(code, status, data);
    if (reply.code >= 400) this.#refuse(reply);
    else this.answer(reply);
  }

  /** Makes the library agree or refuse in the handler's words: its own error for a refusal, `null` otherwise. */
  inWords(words: Reply | undefined): (Error & { responseCode: number }) | null {
    this.#words = words ?? null;
    if (words === undefined || words.code < 400) return null;
    return Object.assign(new Error(words.text), { responseCode: words.code });
  }

  /** What a failed question to the handler comes to; `null` when the connection was dropped for it. */
  refusalOf(error: unknown): SmtpReply | null {
    if (!(error instanceof SmtpDisconnect)) return this.#world.refusal(error);
    this.drop();
    return null;
  }

  // The connection's life -------------------------------------------------------------------------

  /** No pause before the greeting: a sandbox has no early talkers to punish. */
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  /** Throws the `SmtpReply` that refuses one connection more. */
  enter(): void {
    this.#countedAs = this.address;
    this.#world.limits.opened(this.address);
  }

  #leave(): void {
    if (this.#countedAs !== null) this.#world.limits.closed(this.#countedAs);
    this.#countedAs = null;
  }

  override _onError(error: Error): void {
    this.#error ??= error;
    super._onError(error);
  }

  override _onClose(): void {
    this.#leave();
    void this.#forgetMessage();
    if (!this._closed) {
      if (this._upgrading) this.#reportHandshake(handshakeReason(this.#error));
      else if (this.#leftAfterHandshake) this.#reportHandshake(LEFT_AFTER_HANDSHAKE);
    }
    super._onClose();
  }

  /** Whether the client said nothing over TLS, although nothing kept it from that. */
  get #leftAfterHandshake(): boolean {
    return this.secure && !this.#dropped && (this.#lastCode === 0 || this.#lastCode === 220);
  }

  #reportHandshake(reason: Omit<HandshakeFailure, 'peer'>): void {
    this.options.handshakes?.handshakeFailed({ peer: this.origin.peer, ...reason });
  }

  override _sendGreeting(): void {
    super._sendGreeting();
    this.#greet();
  }

  override close(): void {
    this.#leave();
    this.#greet();
    super.close();
  }

  /** Ends the connection without a word. */
  drop(): void {
    this.#dropped = true;
    this.note('The connection was dropped');
    this.#greet();
    this.close();
    this._socket.destroy();
  }

  override _resetSession(): void {
    super._resetSession();
    this.resetTransaction();
  }

  /** Whether a command runs or a transaction is open, so that a closing server waits. */
  get busy(): boolean {
    return this._handlerPending || this.#transaction !== null;
  }

  /** Says goodbye, at once or when the transaction under way has ended, and lets go of the socket. */
  dismiss(text: string, atOnce = false): void {
    this.#leaving = text;
    if (!atOnce && this.busy) return;
    this.answer({ code: 421, status: '4.3.2', text });
    this._socket.destroySoon();
  }

  #leaveIfAsked(): void {
    if (this.#leaving !== null && !this._closing) this.dismiss(this.#leaving);
  }

  // What comes in ---------------------------------------------------------------------------------

  override _createParser(): SmtpReader {
    const reader = new SmtpReader({
      rate: () => this.#rate,
      tlsInClear: () => {
        if (this.secure) return;
        this.#reportHandshake(HELLO_IN_CLEAR);
        this.drop();
      },
      command: (line, bareLf) => this.#line(line, bareLf),
      lineTooLong: () => this.send(500, 'Line too long'),
      progress: (message) => {
        if (this.#dropAt !== null && message.octets >= this.#dropAt) this.drop();
      },
      message: (data) => this.#endOfData(data),
      chunk: () => this.#endOfChunk(),
      end: () => this.close(),
    });
    reader.on('error', (error) => this.answer(this.#world.refusal(error)));
    return reader;
  }

  /** Remembers departures with the transaction under way; outside one, with the session. */
  #depart(departures: readonly Departure[]): void {
    const known = this.#transaction?.departures ?? this.#departures;
    known.push(...departures.filter(({ rule }) => !known.some((one) => one.rule === rule)));
  }

  #beginMail(): void {
    this.#transcript.beginTransaction();
    if (this.hostNameAppearsAs !== false) return;
    // Postfix and Exim accept MAIL without HELO unless they are configured otherwise.
    this.hostNameAppearsAs = NO_HELO;
    this.#depart([departure('helo-missing')]);
  }

  async #line(line: Buffer, bareLf: boolean): Promise<void> {
    if (!this._ready && !this._upgrading) {
      this.#depart([departure('early-talker')]);
      await this.#greeted;
    }
    if (this._closing || this._closed) return;
    // A line of an AUTH exchange is no command: its blanks are its own.
    const isResponse = this._nextHandler !== false;
    const { text, name, departures } = isResponse
      ? { text: line.toString(), name: '', departures: [] }
      : readCommandLine(line, bareLf);
    this.#ofLine = departures;
    if (name === 'MAIL' && this.#transaction === null) this.#beginMail();
    const isKnown = commands.has(name) || fromLibrary.has(name);
    const shown = isKnown || isResponse ? this._redactCredentials(name, text).line : withoutCredentials(text);
    this.#transcript.add('client', shown.replace('/* secured */', '…'));
    await new Promise<void>((resolve) => super._onCommand(Buffer.from(text), resolve));
    if (name !== 'MAIL') this.#depart(this.#ofLine);
    this.#leaveIfAsked();
  }

  override _getHandler(name: string): Handler | undefined {
    const command = commands.get(name);
    if (command === undefined) return fromLibrary.has(name) ? super._getHandler(name) : undefined;
    return (line, done) => {
      const text = line.toString();
      const argument = text.slice(name.length).trim();
      this.#run(async () => command.run(this, argument)).then(done, done);
    };
  }

  /** Asks the handler first: what it does not want is refused, or never gets its handshake. */
  override handler_STARTTLS(line: Buffer, done: () => void): void {
    if (this.secure || line.toString().trim().includes(' ')) {
      super.handler_STARTTLS(line, done);
      return;
    }
    this.handler.starttls(this).then(
      (agreed) => {
        this.#words = agreed ?? null;
        super.handler_STARTTLS(line, done);
      },
      (error: unknown) => {
        const refusal = this.refusalOf(error);
        if (refusal === null) return;
        this.#refuse(refusal);
        done();
      },
    );
  }

  /** After the handshake the client has to log in again (RFC 3207 §4.2). */
  override upgrade(done: () => void, secured?: () => void): void {
    this.#anonymous = false;
    // A client that leaves during the handshake would stay half connected.
    this._socket.allowHalfOpen = false;
    super.upgrade(done, () => {
      this._socket.allowHalfOpen = true;
      secured?.();
    });
  }

  /** The next line is no command but the client's part of an AUTH exchange. */
  awaitResponse(respond: (line: string) => Promise<Reply>): void {
    this._nextHandler = (line, done) => {
      this.#run(async () => respond(line.toString().trim())).then(done, done);
    };
  }

  /** Runs a command, or the end of a message, and answers whatever comes of it, `copies` times. */
  async #run(action: () => Promise<Reply | null>, copies = 1): Promise<void> {
    try {
      const reply = await action();
      if (reply === null) return;
      for (let copy = 0; copy < copies; copy++) this.answer(reply);
    } catch (error) {
      const refusal = this.refusalOf(error);
      if (refusal === null) return;
      for (let copy = 0; copy < copies; copy++) this.#refuse(refusal);
    }
  }

  async #endOfData({ unstuffedDot }: DataReader): Promise<void> {
    const incoming = this.#incoming;
    if (incoming === null || this._closing || this._closed) return;
    this.note(`${incoming.message.octets} octets of message`);
    await this.#whileBusy(() => this.#endOfMessage(incoming, unstuffedDot));
  }

  async #endOfChunk(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = null;
    if (chunk === null || this._closing || this._closed) return;
    this.note(`${chunk.size} octets of chunk`);
    await this.#whileBusy(() => this.#answerChunk(chunk.size, chunk.last, chunk.refusal));
  }

  async #answerChunk(size: number, last: boolean, refusal: unknown): Promise<void> {
    const incoming = this.#incoming;
    if (refusal !== null || incoming === null) {
      await this.#run(() => Promise.reject(refusal instanceof Error ? refusal : new Error(String(refusal))));
      // The message lacks this chunk from now on, so the chunks behind it are refused too.
      this.resetTransaction();
    } else if (last) {
      await this.#endOfMessage(incoming, null);
    } else if (incoming.message.oversized) {
      await this.#run(() => Promise.reject(this.#tooLarge()));
      this.resetTransaction();
    } else {
      this.answer({ code: 250, status: '2.0.0', text: `${size} octets received` });
    }
  }

  /** Lets the server wait for the action where it closes, and leaves behind it where it was told to. */
  async #whileBusy(action: () => Promise<void>): Promise<void> {
    this._handlerPending = true;
    this._unrecognizedCommands = 0;
    await action();
    this._handlerPending = false;
    this.#leaveIfAsked();
  }

  #tooLarge(): SmtpReply {
    const limit = `Message exceeds the maximum size of ${this.options.maxMessageSize} octets`;
    return new SmtpReply(552, '5.3.4', limit);
  }

  async #endOfMessage({ transaction, message }: Incoming, unstuffedDot: UnstuffedDot | null): Promise<void> {
    this.#dropAt = null;
    // The message is complete: it is stored even if its sender leaves now.
    this.#incoming = null;
    await this.#run(
      async () => {
        if (message.oversized) throw this.#tooLarge();
        const octets = await this.#octetsOf(message);
        const { from, to } = transaction;
        const manner = {
          helo: this.#helo,
          departures: [...this.#departures, ...transaction.departures],
          unstuffedDot,
        };
        const accepted = await this.handler.message(this, { envelope: { from, to }, octets, manner });
        this.#transaction = null;
        this.taken++;
        return accepted;
        // LMTP answers for each recipient (RFC 2033 §4.2).
      },
      this.options.lmtp === true ? transaction.to.length : 1,
    );
    await message.release();
    this.resetTransaction();
  }

  async #octetsOf(message: HeldMessage): Promise<MessageOctets> {
    try {
      return await message.octetsOrFile();
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      throw new SmtpReply(452, '4.3.1', 'Insufficient system storage');
    }
  }

  /** Gives back the room of the message on its way in, which ended or never will. */
  async #forgetMessage(): Promise<void> {
    const incoming = this.#incoming;
    this.#incoming = null;
    await incoming?.message.release();
  }
}
