/** How reading from or writing to a connection fails. */

/** The peer is gone, or we closed: nothing more can be read or written. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';

  constructor() {
    super('The connection is closed');
  }
}

/** Nothing was said for the idle timeout. The connection still stands, so a farewell can be sent. */
export class IdleTimeout extends Error {
  override readonly name = 'IdleTimeout';

  constructor() {
    super('The connection was idle for too long');
  }
}

/** A line was longer than allowed. It has been read to its end and thrown away. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
  readonly limit: number;
  /** The first few octets of the line: whose it is and what it asked. */
  readonly head: Buffer;
  /** The last few octets of the line: an IMAP literal may have been announced there. */
  readonly tail: Buffer;

  constructor(limit: number, head: Buffer, tail: Buffer) {
    super(`The line is longer than ${limit} octets`);
    this.limit = limit;
    this.head = Buffer.from(head);
    this.tail = Buffer.from(tail);
  }
}
