/** nodemailer's SMTPConnection, extended with SMTPUTF8 for headers and with BDAT. */
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

type Answered = (error: Error | null, response?: string) => void;

/** The undocumented members of nodemailer's connection class that this module uses. */
interface Internals {
  _sendCommand(this: SMTPConnection, command: string, shown?: string): void;
  _createSendStream(this: SMTPConnection, callback: Answered): Writable;
  _actionSMTPStream(this: SMTPConnection, response: string, callback: Answered): void;
}
const internals = SMTPConnection.prototype as unknown as Internals;

/**
 * Sends the octets of a message as one BDAT chunk, followed by an empty last chunk. The server cannot accept
 * the message before it receives that last chunk.
 */
class ChunkStream extends Writable {
  readonly #connection: Connection;
  readonly #answered: Answered;
  /**
   * The server's first refusal of a chunk. Refusals of later chunks are ignored, because they are only consequences
   * of the first refusal.
   */
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
  /** Member of nodemailer's class: the callbacks for the replies that are still expected, oldest first. */
  declare _responseActions: ((reply: string) => void)[];
  /**
   * Whether MAIL announces SMTPUTF8. nodemailer announces it only if an address of the envelope requires it,
   * but a header in UTF-8 requires it too (RFC 6531 §3.4), and nodemailer has no option for that.
   */
  smtpUtf8 = false;
  /** Whether the message is sent with BDAT and BODY=BINARYMIME (RFC 3030), with its octets unchanged. */
  binary = false;

  _sendCommand(command: string, shown?: string): void {
    let sent = command;
    if (command.startsWith('MAIL FROM:')) {
      if (this.smtpUtf8 && !command.includes(' SMTPUTF8')) sent += ' SMTPUTF8';
      if (this.binary) sent += ' BODY=BINARYMIME';
    }
    // nodemailer sends the message after the reply to DATA. BDAT needs no such command, so NOOP is sent in
    // place of DATA.
    if (this.binary && command === 'DATA') sent = 'NOOP';
    internals._sendCommand.call(this, sent, shown);
  }

  _createSendStream(callback: Answered): Writable {
    return this.binary ? new ChunkStream(this, callback) : internals._createSendStream.call(this, callback);
  }

  /**
   * Sends the command BDAT, directly followed by a chunk of the message. Calls `answered` with the server's reply
   * to the chunk.
   */
  sendChunk(command: string, chunk: Buffer, answered: (reply: string) => void): void {
    this._responseActions.push(answered);
    this._sendCommand(command);
    const socket: Socket | false | null = this._socket;
    if (chunk.length > 0 && socket) socket.write(chunk);
  }
}
