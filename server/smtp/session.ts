/**
 * One SMTP session; the handler and the commands of one client use it. The session sends the replies and stores
 * the transcript and the transaction; `dialogue.ts` runs the commands.
 *
 * Invariant: every reply is sent by `answer`, which adds it to the transcript and removes control characters
 * from it.
 */
import type { EnvelopePath, Origin } from '../message/envelope.ts';
import type { HeldMessage, InFlight } from '../net/in-flight/index.ts';
import { offeredMechanisms } from '../net/sasl/index.ts';
import type { HandshakeFailure } from '../net/tls/handshake.ts';
import { Transcript } from '../net/transcript.ts';
import type { SmtpHandler, SmtpSession, SmtpSessionHandler } from './handler.ts';
import type { ClientLimits } from './limits.ts';
import type { Departure } from './departure.ts';
import type { SmtpServerOptions } from './options.ts';
import { replyLines, SmtpDisconnect, type Reply, type SmtpReply } from './reply.ts';
import { transactionFrom, type Transaction } from './transaction.ts';
import type { Wire } from './wire.ts';

/** The objects that all sessions of a listener share. */
export interface SmtpDeps {
  readonly handler: SmtpHandler;
  readonly options: SmtpServerOptions;
  readonly limits: ClientLimits;
  readonly inFlight: InFlight;
  /**
   * Converts a thrown error to a refusal: an `SmtpReply` is returned unchanged; any other error is logged and
   * becomes a general reply.
   */
  refusal(error: unknown): SmtpReply;
}

/** A message that is being received, and its transaction. */
export interface Incoming {
  readonly transaction: Transaction;
  readonly message: HeldMessage;
}

/** The chunk of a BDAT command that is being received. */
export interface IncomingChunk {
  readonly size: number;
  readonly last: boolean;
  /** The error that refuses the chunk at its end; `null` for a chunk that is added to a message. */
  readonly refusal: unknown;
}

/**
 * The client name that is set for a client that sent MAIL without HELO, because smtp-server requires a name; no
 * client can send this name.
 */
const NO_HELO = '\0';

export class Session implements SmtpSession {
  readonly #wire: Wire;
  readonly #deps: SmtpDeps;
  /** The handler that decides about the commands and messages of this session. */
  readonly handler: SmtpSessionHandler;
  readonly port: number;
  /** The time when the connection was accepted, in milliseconds since the epoch. */
  readonly since: number;
  readonly #transcript: Transcript;
  /**
   * The address under which the limits count this connection, unchanged by XCLIENT; `null` when the connection
   * is not counted.
   */
  #countedAs: string | null = null;
  #transaction: Transaction | null = null;
  /** Deviations from the protocol that occurred outside of transactions. */
  readonly #departures: Departure[] = [];
  /** Deviations from the protocol in the current command line. */
  lineDepartures: readonly Departure[] = [];
  #rate: number | null = null;
  #dropAt: number | null = null;
  #closesAfterReply = false;
  #leavingText: string | null = null;
  #incoming: Incoming | null = null;
  #chunk: IncomingChunk | null = null;
  /** The number of messages that were accepted in this session. */
  taken = 0;
  /** The number of commands that were refused with a 5xx reply. */
  #errors = 0;
  /** Whether AUTH succeeded with an empty user name; in this case the session has no user. */
  #isAnonymous = false;
  /**
   * The code of the last reply that was sent; 0 (no reply yet) or 220 while the client has not sent a command over
   * the current socket.
   */
  #lastCode = 0;
  #isDropped = false;

  constructor(wire: Wire, deps: SmtpDeps) {
    this.#wire = wire;
    this.#deps = deps;
    this.port = wire.localPort;
    this.since = deps.options.clock();
    this.#transcript = new Transcript(deps.options.clock);
    this.handler = deps.handler.open(this);
  }

  // The handler (`SmtpSessionHandler`) uses the members below.

  get id(): string {
    return this.#wire.id;
  }

  get address(): string {
    const { path, host } = this.options;
    return this.#wire.remoteAddress === '' ? (path ?? host) : this.#wire.remoteAddress;
  }

  get origin(): Origin {
    const { address } = this;
    const { remoteAddress, remotePort, tls, user } = this.#wire;
    const shown = address.includes(':') ? `[${address}]` : address;
    return {
      kind: this.options.lmtp === true ? 'lmtp' : 'smtp',
      session: this.id,
      peer: remoteAddress === '' ? address : `${shown}:${remotePort}`,
      helo: this.helo,
      tls,
      user,
    };
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
    this.#closesAfterReply = true;
  }

  // The SMTP commands use the members below.

  /** The handler that creates the handlers of all sessions. */
  get server(): SmtpHandler {
    return this.#deps.handler;
  }

  get options(): SmtpServerOptions {
    return this.#deps.options;
  }

  /** The name of this server. */
  get name(): string {
    return this.#wire.name;
  }

  get clientHostname(): string | false {
    return this.#wire.clientHostname;
  }

  get secure(): boolean {
    return this.#wire.secure;
  }

  get mayStartTls(): boolean {
    return this.#wire.mayStartTls;
  }

  get trustsXclient(): boolean {
    return this.#wire.trustsXclient;
  }

  get inMessage(): boolean {
    return this.#wire.inMessage;
  }

  /** The client's name from HELO or EHLO; `null` before this command. */
  get helo(): string | null {
    const name = this.#wire.heloName;
    return name === NO_HELO ? null : name;
  }

  get transaction(): Transaction | null {
    return this.#transaction;
  }

  /** The SASL mechanisms that the EHLO reply lists: none after AUTH, or while AUTH requires TLS first. */
  get authMechanisms(): readonly string[] {
    const waits = this.options.requireTls && !this.secure;
    return waits || this.authenticated ? [] : offeredMechanisms(this.server);
  }

  get authenticated(): boolean {
    return this.#isAnonymous || this.#wire.user !== null;
  }

  /**
   * Stores the result of a successful login.
   *
   * @param user the user name; empty for a client that logged in without a name when none is required
   */
  authenticate(user: string): void {
    this.#isAnonymous = user === '';
    this.#wire.user = user === '' ? null : user;
  }

  /** Ends the login, because the client has to log in again after a TLS handshake (RFC 3207 §4.2). */
  forgetLogin(): void {
    this.#isAnonymous = false;
  }

  /** Passes the client's next line to `respond` as the client's response in an AUTH exchange. */
  awaitResponse(respond: (line: string) => Promise<Reply>): void {
    this.#wire.awaitResponse((line) => this.run(async () => respond(line)));
  }

  /** Stores the client's name from HELO or EHLO and ends the transaction (RFC 5321 §4.1.4). */
  introduce(name: string): void {
    this.#wire.heloName = name;
    this.#wire.reset();
  }

  /** Accepts MAIL without HELO, as Postfix and Exim do. Returns whether HELO was missing. */
  acceptWithoutHelo(): boolean {
    if (this.#wire.heloName !== null) return false;
    this.#wire.heloName = NO_HELO;
    return true;
  }

  /** Counts a message for the limits. Throws the `SmtpReply` that refuses the message when a limit is exceeded. */
  countMessage(): void {
    this.#deps.limits.mail(this.address, this.taken);
  }

  beginTranscriptOfMessage(): void {
    this.#transcript.beginTransaction();
  }

  beginTransaction(from: EnvelopePath, departures: readonly Departure[]): void {
    this.#transaction = transactionFrom(from, [...departures, ...this.lineDepartures]);
    this.lineDepartures = [];
  }

  resetTransaction(): void {
    const had = this.#transaction !== null;
    this.#transaction = null;
    void this.forgetMessage();
    if (had) this.handler.reset();
  }

  /** Ends the transaction after its message was accepted. */
  finishTransaction(): void {
    this.#transaction = null;
    this.taken++;
  }

  /**
   * Starts the reception of the transaction's message: the following octets, up to the final dot, are its
   * content.
   */
  expectMessage(transaction: Transaction): void {
    const message = this.#hold();
    this.#incoming = { transaction, message };
    this.#wire.startMessage(message);
  }

  /**
   * Starts the reception of a chunk: the next `size` octets are a part of the message, and the reply is sent
   * after them.
   */
  expectChunk(size: number, last: boolean, transaction: Transaction): void {
    const message = (transaction.chunks ??= this.#hold());
    this.#incoming = { transaction, message };
    this.#chunk = { size, last, refusal: null };
    this.#wire.startChunk(size, message);
  }

  /** Discards the next `size` octets, which are a refused chunk, and then sends the refusal. */
  skipChunk(size: number, last: boolean, refusal: unknown): void {
    if (this.#wire.isClosing) return;
    this.#chunk = { size, last, refusal };
    this.#wire.startChunk(size, null);
  }

  #hold(): HeldMessage {
    return this.#deps.inFlight.hold(this.options.maxMessageSize);
  }

  // The class `Dialogue`, which runs the commands, uses the members below.

  get rate(): number | null {
    return this.#rate;
  }

  /** The message that is being received, with its transaction; `null` when there is none. */
  get incoming(): Incoming | null {
    return this.#incoming;
  }

  /**
   * Marks the complete message as no longer belonging to the connection: it is stored even if the client
   * disconnects now.
   */
  takeIncoming(): void {
    this.#dropAt = null;
    this.#incoming = null;
  }

  takeChunk(): IncomingChunk | null {
    const chunk = this.#chunk;
    this.#chunk = null;
    return chunk;
  }

  /** Returns whether a rule requires closing the connection at this size of the message, in octets. */
  dropsAt(octets: number): boolean {
    return this.#dropAt !== null && octets >= this.#dropAt;
  }

  /** Discards the message that is being received and releases its memory. */
  async forgetMessage(): Promise<void> {
    const incoming = this.#incoming;
    this.#incoming = null;
    await incoming?.message.release();
  }

  showClientLine(text: string): void {
    this.#transcript.add('client', text);
  }

  /**
   * Records deviations from the protocol in the transaction, or in the session if there is no transaction. Each
   * kind is recorded once.
   */
  depart(departures: readonly Departure[]): void {
    const known = this.#transaction?.departures ?? this.#departures;
    known.push(...departures.filter(({ rule }) => !known.some((one) => one.rule === rule)));
  }

  departuresOf({ departures }: Transaction): readonly Departure[] {
    return [...this.#departures, ...departures];
  }

  // The methods below send replies to the client.

  answer(reply: Reply): void {
    const lines = replyLines(reply);
    for (const line of lines) this.#transcript.add('server', line);
    this.#lastCode = reply.code;
    this.#wire.write(`${lines.join('\r\n')}\r\n`);
    if (this.#closesAfterReply || reply.close === true || reply.code === 421) this.#wire.close();
  }

  /**
   * Sends a refusal and reports it to the handler. When the maximum number of refusals is reached, ends the
   * connection.
   */
  refuse(refusal: Reply): void {
    this.answer(refusal);
    this.handler.refused(this.#transaction, refusal);
    if (refusal.code < 500 || this.#wire.isClosing) return;
    try {
      this.#deps.limits.refused(++this.#errors);
    } catch (error) {
      this.answer(this.#deps.refusal(error));
    }
  }

  /** Runs a command, or processes the end of a message, and sends the resulting reply `copies` times. */
  async run(action: () => Promise<Reply | null>, copies = 1): Promise<void> {
    try {
      const reply = await action();
      if (reply === null) return;
      for (let copy = 0; copy < copies; copy++) this.answer(reply);
    } catch (error) {
      const refusal = this.refusalOf(error);
      if (refusal === null) return;
      for (let copy = 0; copy < copies; copy++) this.refuse(refusal);
    }
  }

  /**
   * Returns the refusal for a thrown error. For an `SmtpDisconnect`, closes the connection without a reply and
   * returns `null`.
   */
  refusalOf(error: unknown): SmtpReply | null {
    if (!(error instanceof SmtpDisconnect)) return this.#deps.refusal(error);
    this.drop();
    return null;
  }

  // The methods below handle the start and the end of the connection.

  /**
   * Counts the connection for the limits. Throws the `SmtpReply` that refuses the connection when the limit is
   * exceeded.
   */
  enter(): void {
    this.#countedAs = this.address;
    this.#deps.limits.opened(this.address);
  }

  leave(): void {
    if (this.#countedAs !== null) this.#deps.limits.closed(this.#countedAs);
    this.#countedAs = null;
  }

  /** Whether the client, and not the server, closed a TLS connection before the client sent a command. */
  get leftAfterHandshake(): boolean {
    return this.secure && !this.#isDropped && (this.#lastCode === 0 || this.#lastCode === 220);
  }

  reportHandshake(failure: Omit<HandshakeFailure, 'peer'>): void {
    this.options.handshakes?.handshakeFailed({ peer: this.origin.peer, ...failure });
  }

  /** Closes the SMTP connection at once, without a reply. */
  drop(): void {
    this.#isDropped = true;
    this.note('The connection was dropped');
    this.#wire.close();
    this.#wire.destroy();
  }

  /** Sends 421 and closes the connection, either at once or when the current command and transaction have ended. */
  dismiss(text: string, atOnce = false): void {
    this.#leavingText = text;
    if (!atOnce && (this.#wire.isBusy || this.#transaction !== null)) return;
    this.answer({ code: 421, status: '4.3.2', text });
    this.#wire.destroySoon();
  }

  /** Sends 421 and closes the connection if an earlier call of `dismiss` had to wait for the transaction. */
  leaveIfDismissed(): void {
    if (this.#leavingText !== null && !this.#wire.isClosing) this.dismiss(this.#leavingText);
  }
}
