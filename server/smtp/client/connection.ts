/** nodemailer's SMTPConnection, with what it leaves out: SMTPUTF8 for headers, and BDAT. */
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

type Answered = (error: Error | null, response?: string) => void;

/** What of nodemailer's connection is used beyond its documented interface. */
interface Internals {
  _sendCommand(this: SMTPConnection, command: string, shown?: string): void;
  _createSendStream(this: SMTPConnection, callback: Answered): Writable;
  _actionSMTPStream(this: SMTPConnection, response: string, callback: Answered): void;
}
const internals = SMTPConnection.prototype as unknown as Internals;

/** The octets of a message as one chunk, and an empty last one behind it: until that, the server must not take it. */
class ChunkStream extends Writable {
  readonly #connection: Connection;
  readonly #answered: Answered;
  /** The first refusal: what is answered to the chunks behind it only follows from it. */
  #refusal: string | null = null;
  outByteCount = 0;

  constructor(connection: Connection, answered: Answered) {
    super();
    this.#connection = connection;
    this.#answered = answered;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.outByteCount += chunk.length;
    this.#connection.sendChunk(`BDAT ${chunk.length}`, chunk, (reply) => {
      if (!reply.startsWith('2')) this.#refusal ??= reply;
    });
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#connection.sendChunk('BDAT 0 LAST', Buffer.alloc(0), (reply) => {
      internals._actionSMTPStream.call(this.#connection, this.#refusal ?? reply, this.#answered);
    });
    done();
  }
}

export class Connection extends SMTPConnection {
  /** The library's: what is done with each reply that is to come, oldest first. */
  declare _responseActions: ((reply: string) => void)[];
  /**
   * nodemailer announces SMTPUTF8 for the addresses of an envelope only, but a header in UTF-8 needs it too (RFC 6531
   * §3.4), and no option says so.
   */
  smtpUtf8 = false;
  /** Send the message with BDAT and BODY=BINARYMIME (RFC 3030), octet by octet as it is. */
  binary = false;

  _sendCommand(command: string, shown?: string): void {
    let sent = command;
    if (command.startsWith('MAIL FROM:')) {
      if (this.smtpUtf8 && !command.includes(' SMTPUTF8')) sent += ' SMTPUTF8';
      if (this.binary) sent += ' BODY=BINARYMIME';
    }
    // nodemailer goes on to the message when DATA is answered. BDAT needs no such command, so NOOP is in its place.
    if (this.binary && command === 'DATA') sent = 'NOOP';
    internals._sendCommand.call(this, sent, shown);
  }

  _createSendStream(callback: Answered): Writable {
    return this.binary ? new ChunkStream(this, callback) : internals._createSendStream.call(this, callback);
  }

  /** Sends a command with a chunk behind it. */
  sendChunk(command: string, chunk: Buffer, answered: (reply: string) => void): void {
    this._responseActions.push(answered);
    this._sendCommand(command);
    const socket: Socket | false | null = this._socket;
    if (chunk.length > 0 && socket) socket.write(chunk);
  }
}
