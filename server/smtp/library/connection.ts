/**
 * A subclass of smtp-server's connection class that reports the events of the connection to a session. It replaces
 * the parser and the commands of the library, and removes the pause for early talkers. Only this folder uses
 * undocumented members of the library.
 */
import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { TlsFacts } from '../../message/envelope.ts';
import type { HeldMessage } from '../../net/in-flight/index.ts';
import { handshakeReason } from '../../net/tls/handshake.ts';
import { SmtpReader } from '../reader.ts';
import type { Reply } from '../reply.ts';
import type { Wire, WireEvents } from '../wire.ts';
import { libraryReply, statusContext } from './reply.ts';

type Handler = (command: Buffer, done: () => void) => void;

/** The commands that the package smtp-server implements. */
const LIBRARY_COMMANDS = new Set(['STARTTLS', 'XCLIENT']);

export class LibraryConnection<Events extends WireEvents> extends SMTPConnection implements Wire {
  readonly events: Events;
  /** The reply that is sent in place of the next reply of smtp-server; `null` for smtp-server's own reply. */
  #words: Reply | null = null;
  /** The first error that the socket reported. */
  #error: Error | null = null;

  constructor(
    server: SMTPServer,
    socket: Socket,
    options: SMTPConnectionOptions,
    open: (wire: Wire) => Events,
  ) {
    super(server, socket, options);
    this.events = open(this);
  }

  // The members below implement the interface `Wire`, which the session uses.

  get tls(): TlsFacts | null {
    if (!this.secure || this.tlsOptions === false) return null;
    const { version, name } = this.tlsOptions;
    const { servername } = this.session;
    return {
      protocol: version,
      cipher: name,
      servername: typeof servername === 'string' ? servername : null,
    };
  }

  get isClosing(): boolean {
    return this._closing || this._closed;
  }

  get isOpen(): boolean {
    return this._ready || this._upgrading;
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

  get awaitsResponse(): boolean {
    return this._nextHandler !== false;
  }

  get user(): string | null {
    const user: unknown = this.session.user;
    return typeof user === 'string' ? user : null;
  }

  set user(user: string | null) {
    this.session.user = user ?? false;
  }

  get heloName(): string | null {
    return this.hostNameAppearsAs === false ? null : this.hostNameAppearsAs;
  }

  set heloName(name: string | null) {
    this.hostNameAppearsAs = name ?? false;
  }

  get isBusy(): boolean {
    return this._handlerPending;
  }

  set isBusy(isBusy: boolean) {
    this._handlerPending = isBusy;
    if (isBusy) this._unrecognizedCommands = 0;
  }

  write(text: string): void {
    // During a TLS handshake the socket is still the unencrypted socket, so a reply would be sent in clear text.
    if (!this._upgrading && !this._socket.destroyed && this._socket.writable) this._socket.write(text);
  }

  override close(): void {
    this.events.closing();
    super.close();
  }

  destroy(): void {
    this._socket.destroy();
  }

  destroySoon(): void {
    this._socket.destroySoon();
  }

  reset(): void {
    this._resetSession();
  }

  startMessage(message: HeldMessage): void {
    if (this._parser instanceof SmtpReader) this._parser.startMessage(message);
  }

  startChunk(size: number, message: HeldMessage | null): void {
    if (this._parser instanceof SmtpReader) this._parser.startChunk(size, message);
  }

  awaitResponse(respond: (line: string) => Promise<void>): void {
    this._nextHandler = (line, done) => {
      respond(line.toString().trim()).then(done, done);
    };
  }

  runLine(text: string): Promise<void> {
    return new Promise((resolve) => super._onCommand(Buffer.from(text), resolve));
  }

  redact(name: string, text: string): string {
    return this._redactCredentials(name, text).line.replace('/* secured */', '…');
  }

  // The package smtp-server calls the methods below.

  /** Calls the session's `connect` and passes the decision of the session to smtp-server. */
  ask(callback: (error?: Error | null) => void): void {
    this.events.connect().then(
      (agreed) => callback(this.#inWords(agreed)),
      (error: unknown) => {
        const refusal = this.events.refusalOf(error);
        if (refusal !== null) callback(this.#inWords(refusal));
      },
    );
  }

  /**
   * Stores the session's reply, which is then sent in place of smtp-server's next reply. Returns the error that
   * makes smtp-server refuse the command, or `null` when the session accepts it.
   */
  #inWords(words: Reply | undefined): (Error & { responseCode: number }) | null {
    this.#words = words ?? null;
    if (words === undefined || words.code < 400) return null;
    return Object.assign(new Error(words.text), { responseCode: words.code });
  }

  /** Sends the greeting without the pause of smtp-server: a sandbox does not need to detect early talkers. */
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const words = this.#words;
    this.#words = null;
    const status = this._getEnhancedStatusCode(code, statusContext(code, context));
    this.events.libraryReply(words ?? libraryReply(code, status, data));
  }

  override _sendGreeting(): void {
    super._sendGreeting();
    this.events.greeted();
  }

  override _resetSession(): void {
    super._resetSession();
    this.events.transactionReset();
  }

  override _onError(error: Error): void {
    this.#error ??= error;
    super._onError(error);
  }

  override _onClose(): void {
    if (!this._closed && this._upgrading) this.events.handshakeFailed(handshakeReason(this.#error));
    else if (!this._closed) this.events.closed();
    super._onClose();
  }

  override _createParser(): SmtpReader {
    const reader = new SmtpReader({
      rate: () => this.events.rate(),
      tlsInClear: () => this.events.tlsInClear(),
      command: (line, bareLf) => this.events.line(line, bareLf),
      lineTooLong: () => this.events.lineTooLong(),
      progress: (message) => this.events.progress(message),
      message: (data) => this.events.message(data),
      chunk: () => this.events.chunk(),
      end: () => this.close(),
    });
    reader.on('error', (error) => this.events.readFailed(error));
    return reader;
  }

  override _getHandler(name: string): Handler | undefined {
    const command = this.events.command(name);
    if (command === null) return LIBRARY_COMMANDS.has(name) ? super._getHandler(name) : undefined;
    return (line, done) => {
      command(line.toString().slice(name.length).trim()).then(done, done);
    };
  }

  /** Calls the session's `starttls` before the handshake: after a refused STARTTLS there is no handshake. */
  override handler_STARTTLS(line: Buffer, done: () => void): void {
    if (this.secure || line.toString().trim().includes(' ')) {
      super.handler_STARTTLS(line, done);
      return;
    }
    void this.events.starttls().then((verdict) => {
      if (verdict === null) {
        done();
        return;
      }
      this.#words = verdict.agreed ?? null;
      super.handler_STARTTLS(line, done);
    });
  }

  override upgrade(done: () => void, secured?: () => void): void {
    this.events.upgrading();
    // Half-open connections are not allowed during the handshake: a client that disconnects then would remain half
    // connected.
    this._socket.allowHalfOpen = false;
    super.upgrade(done, () => {
      this._socket.allowHalfOpen = true;
      secured?.();
    });
  }
}
