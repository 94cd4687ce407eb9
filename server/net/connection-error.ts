/** The errors that reading from and writing to a connection can throw. */

/** Thrown when the client or this server has closed the connection, so that nothing more can be read or written. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';

  constructor() {
    super('The connection is closed');
  }
}

/**
 * Thrown when neither the client nor the server sent an octet during the idle timeout. The connection is still
 * open, so the server can send a last reply.
 */
export class IdleTimeout extends Error {
  override readonly name = 'IdleTimeout';

  constructor() {
    super('The connection was idle for too long');
  }
}

/** Thrown when a line is longer than the limit. The line has been read to its end and discarded. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
  readonly limit: number;
  /** The first octets of the line that is too long, which contain the tag and the command. */
  readonly head: Buffer;
  /** The last octets of the line that is too long, which may announce an IMAP literal. */
  readonly tail: Buffer;

  constructor(limit: number, head: Buffer, tail: Buffer) {
    super(`The line is longer than ${limit} octets`);
    this.limit = limit;
    this.head = Buffer.from(head);
    this.tail = Buffer.from(tail);
  }
}
