/**
 * One SMTP connection: smtp-server's, without its early-talker pause, with a transcript, exact DATA, addresses as
 * they were sent, and a handler that is asked at every stage and may answer in its own words.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPServer } from 'smtp-server';
import type { Origin } from '../message/envelope.ts';
import { Transcript } from '../net/transcript.ts';
import { ExactStream } from './data-stream.ts';
import type { SmtpHandler, SmtpReply, SmtpSession } from './handler.ts';

/** What a connection needs beside the library's options. */
export interface ConnectionWorld {
  readonly handler: SmtpHandler;
  readonly clock: () => number;
  readonly lmtp: boolean;
  /** A refusal, or a failure that becomes a bland reply and a line in the log. */
  refusal(error: unknown): SmtpReply;
}

type Next = () => void;

export class HandledConnection extends SMTPConnection implements SmtpSession {
  readonly #world: ConnectionWorld;
  readonly #transcript: Transcript;
  /** The reply that the next failing `send` must carry, word for word. */
  #refusal: SmtpReply | null = null;

  constructor(
    server: SMTPServer,
    socket: Socket | TLSSocket,
    options: SMTPConnectionOptions,
    world: ConnectionWorld,
  ) {
    super(server, socket, options);
    this.#world = world;
    this.#transcript = new Transcript(world.clock);
  }

  get origin(): Origin {
    const user: unknown = this.session.user;
    const cipher = this.tlsOptions;
    const address = this.remoteAddress.includes(':') ? `[${this.remoteAddress}]` : this.remoteAddress;
    return {
      kind: this.#world.lmtp ? 'lmtp' : 'smtp',
      session: this.id,
      peer: `${address}:${this.remotePort}`,
      helo: this.hostNameAppearsAs === false ? null : this.hostNameAppearsAs,
      tls:
        this.secure && cipher !== false
          ? {
              protocol: cipher.version,
              cipher: cipher.name,
              servername: typeof this.session.servername === 'string' ? this.session.servername : null,
            }
          : null,
      user: typeof user === 'string' ? user : null,
    };
  }

  note(text: string): void {
    this.#transcript.add('note', text);
  }

  transcript(): ReturnType<SmtpSession['transcript']> {
    return this.#transcript.lines();
  }

  /** The library's error for a refusal of the handler: `send` puts the refusal itself on the wire. */
  refuse(error: unknown): Error & { responseCode: number } {
    const refusal = this.#world.refusal(error);
    this.#refusal = refusal;
    return Object.assign(new Error(refusal.message), { responseCode: refusal.code });
  }

  /** No pause before the greeting: a sandbox has no early talkers to punish. */
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const refusal = this.#refusal;
    this.#refusal = null;
    if (refusal === null) {
      super.send(code, data, context);
    } else {
      const status = refusal.status === null ? '' : `${refusal.status} `;
      super.send(refusal.code, `${status}${refusal.message}`, false);
    }
    this.#recordReply(
      refusal?.code ?? code,
      refusal?.message ?? data ?? '',
      refusal?.status ?? null,
      context,
    );
    if (refusal?.close === true) this.close();
  }

  #recordReply(
    code: number,
    data: string | string[],
    status: string | null,
    context: string | false | undefined,
  ): void {
    const enhanced = status ?? this._getEnhancedStatusCode(code, context);
    const prefix = enhanced === '' ? '' : `${enhanced} `;
    const lines = Array.isArray(data) ? data : [data];
    for (const [index, line] of lines.entries()) {
      this.#transcript.add('server', `${code}${index < lines.length - 1 ? '-' : ' '}${prefix}${line}`);
    }
  }

  /** The acceptance of a message has the code that servers give with a queue id. */
  override _getEnhancedStatusCode(code: number, context?: string | false): string {
    return context === 'DATA_OK' ? '2.0.0' : super._getEnhancedStatusCode(code, context);
  }

  override _onCommand(command: Buffer, callback?: Next): void {
    const text = command.toString();
    const name = (text.split(' ', 1)[0] ?? '').toUpperCase();
    const { line } = this._redactCredentials(name, text);
    if (name === 'MAIL') this.#transcript.beginTransaction();
    this.#transcript.add('client', line.replace('/* secured */', '…'));
    super._onCommand(command, callback);
  }

  /** The library gives the domain in Unicode; the envelope keeps it as it was sent. */
  override _parseAddressCommand(
    name: string,
    command: Buffer | string,
  ): ReturnType<SMTPConnection['_parseAddressCommand']> {
    const parsed = super._parseAddressCommand(name, command);
    if (parsed === false) return false;
    const sent = /<([^<>]*)>/.exec(command.toString())?.[1] ?? parsed.address;
    return { ...parsed, address: sent.replace(/^@[^\s,:@]+(?:,@[^\s,:@]+)*:/, '') };
  }

  override _createParser(): ExactStream {
    const parser = new ExactStream({ maxCommandLength: this._server.options.maxCommandLength });
    parser.oncommand = (command: Buffer, callback?: Next) => this._onCommand(command, callback);
    parser.on('error', (error: Error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }

  override handler_EHLO(command: Buffer, callback: Next): void {
    this.#ask(
      (handler) => handler.helo(this, heloName(command)),
      callback,
      () => super.handler_EHLO(command, callback),
    );
  }

  override handler_HELO(command: Buffer, callback: Next): void {
    this.#ask(
      (handler) => handler.helo(this, heloName(command)),
      callback,
      () => super.handler_HELO(command, callback),
    );
  }

  override handler_DATA(command: Buffer, callback: Next): void {
    // Without recipients the library refuses by itself.
    if (this.session.envelope.rcptTo.length === 0) super.handler_DATA(command, callback);
    else this.#askData(command, callback);
  }

  #askData(command: Buffer, callback: Next): void {
    this.#ask(
      (handler) => handler.data(this, envelopeOf(this.session.envelope)),
      callback,
      () => super.handler_DATA(command, callback),
    );
  }

  /** Asks the handler; goes on when it agrees, replies in its words when it does not. */
  #ask(question: (handler: SmtpHandler) => Promise<void>, refused: Next, agreed: Next): void {
    question(this.#world.handler).then(
      () => this._closed || agreed(),
      (error: unknown) => {
        if (this._closed) return;
        const { responseCode, message } = this.refuse(error);
        this.send(responseCode, message);
        refused();
      },
    );
  }

  /** Whether a message is being received or decided on, so that a closing server must wait. */
  get busy(): boolean {
    return this._handlerPending || Boolean(this._dataStream);
  }

  /** Says goodbye and lets go of the socket as soon as that is written. */
  dismiss(text: string): void {
    this.send(421, text);
    this._socket.destroySoon();
  }
}

const heloName = (command: Buffer): string => command.toString().trim().split(/\s+/)[1] ?? '';

interface LibraryAddress {
  readonly address: string;
  readonly args: false | Record<string, string | true>;
}

export interface LibraryEnvelope {
  readonly mailFrom: false | LibraryAddress;
  readonly rcptTo: readonly LibraryAddress[];
}

const pathOf = ({ address, args }: LibraryAddress) => ({ address, parameters: args === false ? {} : args });

/** The library's envelope in our words. */
export function envelopeOf({ mailFrom, rcptTo }: LibraryEnvelope) {
  return {
    from: mailFrom === false ? { address: '', parameters: {} } : pathOf(mailFrom),
    to: rcptTo.map(pathOf),
  };
}
