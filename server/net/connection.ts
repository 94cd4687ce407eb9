/**
 * The connection of one client, read and written by line protocols over a plain socket or a TLS socket.
 *
 * Invariants:
 * - Only one read may be pending. Writes may run at the same time as a read and as other writes; their bytes
 *   are sent in the order of the calls.
 * - A reader of many lines yields to the other connections every `SLICE` milliseconds.
 * - At most `BUFFER_LIMIT` octets (and one socket read) are buffered unread; then the socket is paused.
 * - The connection creates no timer: the idle timeout is the timeout of the socket, and Node stores the timeouts of
 *   all sockets in one list.
 * - Octets that were sent in clear text before a TLS handshake are never read after the handshake.
 *
 * Sockets should come from a server with `allowHalfOpen`, so that a client that sends everything and then
 * closes its half of the connection still receives its replies.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TLSSocket, type SecureContext } from 'node:tls';
import type { Socket } from 'node:net';
import type { TlsFacts } from '../message/envelope.ts';
import { ConnectionClosed, IdleTimeout, LineTooLong } from './connection-error.ts';
import type { HeldMessage } from './in-flight/index.ts';
import { ReadBuffer } from './read-buffer.ts';
import {
  beginsWithTls,
  handshakeReason,
  HELLO_IN_CLEAR,
  LEFT_AFTER_HANDSHAKE,
  type HandshakeFailure,
  type HandshakeWatch,
} from './tls/handshake.ts';

/** The number of unread octets above which the socket is paused: enough for a few pipelined commands. */
const BUFFER_LIMIT = 64 * 1024;
/** The number of octets of an overlong line that are discarded before the connection is closed. */
const DISCARD_LIMIT = 64 * 1024 * 1024;
/**
 * Maximum time for which one reader may read buffered lines before it yields to the other connections, in
 * milliseconds.
 */
const SLICE = 5;
/**
 * The number of octets from the start of an overlong line that `LineTooLong` contains: enough for the tag and the
 * command.
 */
const HEAD = 64;
/**
 * The number of octets from the end of an overlong line that `LineTooLong` contains: enough for the announcement
 * of an IMAP literal.
 */
const TAIL = 32;
/**
 * Maximum time that a closing connection waits for the client to close its half of the connection, in
 * milliseconds.
 */
const LINGER = 1_000;

const WRITTEN = Promise.resolve();

export interface ConnectionOptions {
  /**
   * Time without an octet in either direction after which a pending read fails, in milliseconds; 0 disables the
   * timeout.
   */
  readonly idleTimeout: number;
  /** The object that is notified of each failed TLS handshake; may be absent or `null`. */
  readonly handshakes?: HandshakeWatch | null;
}

export class Connection {
  /** The address and port of the client, as `address:port`. */
  readonly peer: string;
  #socket: Socket;
  #idleTimeout: number;
  readonly #handshakes: HandshakeWatch | null;
  /** Whether the client has sent any octet on the current socket. */
  #heard = false;
  /** Whether the server, and not the client, ended the connection. */
  #ours = false;
  #shaking = false;
  /** The first error that the socket reported; `null` if it reported none. */
  #error: Error | null = null;
  #input = new ReadBuffer();
  /** Resolves the pending read when octets arrive or the connection ends; `null` when no read is pending. */
  #wake: (() => void) | null = null;
  /**
   * The time when the reader last waited for octets. After `SLICE` milliseconds without such a wait the reader
   * yields, so that a client that pipelines without end does not block the other connections.
   */
  #since = performance.now();
  /** The callbacks of the writes that wait until the socket has sent its buffered octets. */
  readonly #drains: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #ended = false;
  #closed = false;
  #timedOut = false;
  readonly #onClose: (() => void)[] = [];

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#idleTimeout = options.idleTimeout;
    this.#handshakes = options.handshakes ?? null;
    this.peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    socket.setNoDelay(true);
    this.#attach();
  }

  /** Whether the connection is encrypted now. */
  get secure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /** The parameters of the TLS connection; `null` for a connection in clear text. */
  get tls(): TlsFacts | null {
    if (!(this.#socket instanceof TLSSocket)) return null;
    const { servername } = this.#socket as TLSSocket & { servername?: string | false };
    return {
      protocol: this.#socket.getProtocol() ?? 'unknown',
      cipher: (this.#socket.getCipher() as { name: string } | undefined)?.name ?? 'unknown',
      servername: typeof servername === 'string' ? servername : null,
    };
  }

  /** Whether the connection is closed: reads return the end of the stream, and writes fail. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The number of octets passed to `write` that the socket has not sent yet. */
  get pendingOctets(): number {
    return this.#socket.writableLength;
  }

  /** Calls `listener` once when the connection is closed, or immediately if it is already closed. */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.push(listener);
  }

  setIdleTimeout(milliseconds: number): void {
    this.#idleTimeout = milliseconds;
    this.#socket.setTimeout(milliseconds);
  }

  /**
   * Returns the next line without its CRLF or LF, or `null` at the end of the stream (an unfinished line is
   * dropped).
   *
   * @param maxOctets limit on the length of the line, without its line ending
   * @throws LineTooLong when the line is longer; the next read begins after that line
   * @throws IdleTimeout when no octet was sent or received during the idle timeout
   */
  async readLine(maxOctets: number): Promise<Buffer | null> {
    if (performance.now() - this.#since > SLICE) {
      await nextTurn();
      this.#since = performance.now();
    }
    for (;;) {
      const line = this.#input.takeLine();
      if (line !== null) {
        if (line.length > maxOctets) throw tooLong(maxOctets, line, line);
        return line;
      }
      if (this.#input.length > maxOctets + 1) return this.#refuseLine(maxOctets);
      if (!(await this.#more())) return null;
    }
  }

  /**
   * Returns exactly `count` octets.
   *
   * @throws ConnectionClosed when the stream ends before `count` octets
   */
  async readBytes(count: number): Promise<Buffer> {
    while (this.#input.length < count) {
      if (!(await this.#more())) throw new ConnectionClosed();
    }
    return this.#input.take(count);
  }

  /**
   * Reads exactly `count` octets into a message that is being received; the octets count towards the memory limit
   * of all such messages.
   * @throws ConnectionClosed when the stream ends before `count` octets
   */
  async readInto(message: HeldMessage, count: number): Promise<void> {
    for (let left = count; left > 0;) {
      if (this.#input.length === 0 && !(await this.#more())) throw new ConnectionClosed();
      const piece = this.#input.take(Math.min(left, this.#input.length));
      left -= piece.length;
      await message.add(piece);
    }
  }

  /**
   * Reads `count` octets and discards them. Throws `ConnectionClosed` when the stream ends before `count`
   * octets.
   */
  async discard(count: number): Promise<void> {
    let left = count;
    for (;;) {
      left -= this.#input.drop(left);
      if (left === 0) return;
      if (!(await this.#more())) throw new ConnectionClosed();
    }
  }

  /**
   * Sends octets (text as UTF-8). Resolves at once unless the socket's buffer is full; in that case resolves
   * when the buffered octets have been sent.
   *
   * @throws ConnectionClosed when the connection is closed before the call or during the wait
   */
  write(data: Buffer | string): Promise<void> {
    if (this.#closed || this.#socket.writableEnded) return Promise.reject(new ConnectionClosed());
    // The kernel often accepts all octets at once: in that case nothing is buffered and there is nothing to
    // wait for, even if `write` returned false.
    if (this.#socket.write(data) || this.#socket.writableLength === 0) return WRITTEN;
    return new Promise((resolve, reject) => this.#drains.push({ resolve, reject }));
  }

  /**
   * Sends `goAhead` in clear text and performs a TLS handshake as the server on the same connection. Octets
   * that the client sent after the command that requested TLS are discarded.
   *
   * @throws ConnectionClosed when the handshake fails, after closing the connection
   */
  async startTls(secureContext: SecureContext, goAhead: string): Promise<void> {
    const plain = this.#socket;
    plain.pause();
    this.#input = new ReadBuffer();
    await this.write(goAhead);
    this.#detach();
    this.#heard = false;
    this.#shaking = true;
    // Half-open connections are not allowed during the handshake: a client that disconnects then would remain half
    // connected.
    plain.allowHalfOpen = false;
    const secured = new TLSSocket(plain, { isServer: true, secureContext });
    this.#socket = secured;
    this.#attach();
    await new Promise<void>((resolve, reject) => {
      secured.once('secure', resolve);
      this.onClose(() => reject(new ConnectionClosed()));
    });
    this.#shaking = false;
    secured.allowHalfOpen = true;
  }

  /**
   * Sends the pending octets, then closes the connection. The client has `LINGER` milliseconds to close its
   * half of the connection.
   */
  close(): void {
    if (this.#closed) return;
    const socket = this.#socket;
    this.#ours ||= !this.#ended;
    this.#ended = true;
    this.#wakeUp();
    socket.end();
    socket.removeAllListeners('data');
    socket.resume();
    socket.setTimeout(LINGER, () => socket.destroy());
    socket.once('end', () => socket.destroySoon());
  }

  /** Closes the connection at once, without sending pending octets. */
  destroy(): void {
    this.#ours ||= !this.#ended;
    this.#socket.destroy();
  }

  async #refuseLine(maxOctets: number): Promise<never> {
    const head = this.#input.peek(HEAD);
    let dropped = 0;
    for (;;) {
      const line = this.#input.takeLine();
      if (line !== null) throw tooLong(maxOctets, head, line);
      dropped += this.#input.drop(Math.max(0, this.#input.length - TAIL));
      if (dropped > DISCARD_LIMIT) this.destroy();
      if (!(await this.#more())) throw new ConnectionClosed();
    }
  }

  /**
   * Waits for octets from the client. Returns false at the end of the stream. Throws `IdleTimeout` when no octet was
   * sent or received during the idle timeout.
   */
  async #more(): Promise<boolean> {
    if (this.#ended || this.#closed) return false;
    if (this.#wake !== null) throw new Error('A connection has one reader at a time');
    const before = this.#input.length;
    if (this.#socket.isPaused()) this.#socket.resume();
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#since = performance.now();
    if (this.#timedOut) {
      this.#timedOut = false;
      throw new IdleTimeout();
    }
    return this.#input.length > before;
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  readonly #receive = (chunk: Buffer): void => {
    if (!this.#heard && !this.secure && beginsWithTls(chunk)) {
      this.#reportHandshake(HELLO_IN_CLEAR);
      this.destroy();
      return;
    }
    this.#heard = true;
    this.#input.push(chunk);
    if (this.#wake === null && this.#input.length > BUFFER_LIMIT) this.#socket.pause();
    this.#wakeUp();
  };

  readonly #end = (): void => {
    this.#ended = true;
    this.#wakeUp();
  };

  readonly #drain = (): void => {
    for (const { resolve } of this.#drains.splice(0)) resolve();
  };

  readonly #timeout = (): void => {
    if (this.#wake !== null) {
      this.#timedOut = true;
      this.#wakeUp();
    } else if (this.#drains.length > 0) {
      this.destroy();
    } else {
      this.#socket.setTimeout(this.#idleTimeout);
    }
  };

  readonly #gone = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    if (this.#shaking) this.#reportHandshake(handshakeReason(this.#error));
    else if (this.secure && !this.#heard && !this.#ours) this.#reportHandshake(LEFT_AFTER_HANDSHAKE);
    this.#wakeUp();
    for (const { reject } of this.#drains.splice(0)) reject(new ConnectionClosed());
    for (const listener of this.#onClose.splice(0)) listener();
  };

  /**
   * Stores the first error of the socket. The socket emits `close` after every error, and `#gone` then ends the
   * reads and writes.
   */
  readonly #failed = (error: Error): void => {
    this.#error ??= error;
  };

  #reportHandshake(reason: Omit<HandshakeFailure, 'peer'>): void {
    this.#handshakes?.handshakeFailed({ peer: this.peer, ...reason });
  }

  #attach(): void {
    this.#socket
      .on('data', this.#receive)
      .on('end', this.#end)
      .on('drain', this.#drain)
      .on('timeout', this.#timeout)
      .on('error', this.#failed)
      .on('close', this.#gone);
    this.#socket.setTimeout(this.#idleTimeout);
  }

  #detach(): void {
    this.#socket
      .off('data', this.#receive)
      .off('end', this.#end)
      .off('drain', this.#drain)
      .off('timeout', this.#timeout)
      .setTimeout(0);
  }
}

function tooLong(limit: number, start: Buffer, end: Buffer): LineTooLong {
  return new LineTooLong(limit, start.subarray(0, HEAD), end.subarray(-TAIL));
}
