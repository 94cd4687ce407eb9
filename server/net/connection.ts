/**
 * One client's connection, as line protocols read and write it, over a plain or a TLS socket.
 *
 * Invariants:
 * - One reader at a time; writers may overlap it and each other, and their bytes go out in call order.
 * - A reader of many lines lets everybody else have a turn every `SLICE`.
 * - At most `BUFFER_LIMIT` octets (and one socket read) wait unread: then the socket is paused.
 * - Nothing here owns a timer: the idle timeout is the socket's, which Node keeps in one list for all sockets.
 * - Octets that were sent in clear before a TLS handshake are never read after it.
 *
 * Sockets should come from a server with `allowHalfOpen`, so that a client that sends everything and then
 * closes its half still gets its answers.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TLSSocket, type SecureContext } from 'node:tls';
import type { Socket } from 'node:net';
import type { TlsFacts } from '../message/envelope.ts';
import { ConnectionClosed, IdleTimeout, LineTooLong } from './connection-error.ts';
import type { HeldMessage } from './in-flight.ts';
import { ReadBuffer } from './read-buffer.ts';
import {
  beginsWithTls,
  handshakeReason,
  HELLO_IN_CLEAR,
  LEFT_AFTER_HANDSHAKE,
  type HandshakeFailure,
  type HandshakeWatch,
} from './tls/handshake.ts';

/** Unread octets above which the socket is paused: a few pipelined commands, not a flood. */
const BUFFER_LIMIT = 64 * 1024;
/** Octets of an overlong line thrown away before the peer is held to be no client of ours. */
const DISCARD_LIMIT = 64 * 1024 * 1024;
/** Milliseconds for which lines that are there already are given out in a row, before others have their turn. */
const SLICE = 5;
/** Start and end of an overlong line that `LineTooLong` shows: enough for a command and a literal's announcement. */
const HEAD = 64;
const TAIL = 32;
/** Milliseconds that a closing connection waits for the peer to close its half. */
const LINGER = 1_000;

const WRITTEN = Promise.resolve();

export interface ConnectionOptions {
  /** Milliseconds without an octet in either direction after which a pending read fails; 0 for never. */
  readonly idleTimeout: number;
  /** Is notified where the client fails at TLS; absent where nobody wants to know. */
  readonly handshakes?: HandshakeWatch | null;
}

export class Connection {
  /** Peer as `address:port`. */
  readonly peer: string;
  #socket: Socket;
  #idleTimeout: number;
  readonly #handshakes: HandshakeWatch | null;
  /** Whether the client sent anything on the socket as it is now, and whether the server ended the connection. */
  #heard = false;
  #ours = false;
  #shaking = false;
  /** Why the socket failed, where it said so. */
  #error: Error | null = null;
  #input = new ReadBuffer();
  /** Wakes the pending read when octets arrive or the connection ends. */
  #wake: (() => void) | null = null;
  /** When the reader last waited, so that whoever pipelines without end keeps nobody else waiting. */
  #since = performance.now();
  /** Settles the writes that wait for the socket to drain. */
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

  /** Whether what is said now is encrypted. */
  get secure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /** What TLS negotiated; `null` in clear. */
  get tls(): TlsFacts | null {
    if (!(this.#socket instanceof TLSSocket)) return null;
    const { servername } = this.#socket as TLSSocket & { servername?: string | false };
    return {
      protocol: this.#socket.getProtocol() ?? 'unknown',
      cipher: (this.#socket.getCipher() as { name: string } | undefined)?.name ?? 'unknown',
      servername: typeof servername === 'string' ? servername : null,
    };
  }

  /** Whether the connection is gone: reads find the end, writes fail. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Octets accepted by `write` that the socket has not taken yet. */
  get pendingOctets(): number {
    return this.#socket.writableLength;
  }

  /** Calls `listener` once, when the connection is gone (at once if it is). */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.push(listener);
  }

  setIdleTimeout(milliseconds: number): void {
    this.#idleTimeout = milliseconds;
    this.#socket.setTimeout(milliseconds);
  }

  /**
   * The next line without its CRLF or LF; `null` at the end of the stream (an unfinished line is dropped).
   *
   * @param maxOctets limit on the line without its ending
   * @throws LineTooLong when it is longer; the next read begins after it
   * @throws IdleTimeout when nothing happened for the idle timeout
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
   * Exactly `count` octets.
   *
   * @throws ConnectionClosed when the stream ends before
   */
  async readBytes(count: number): Promise<Buffer> {
    while (this.#input.length < count) {
      if (!(await this.#more())) throw new ConnectionClosed();
    }
    return this.#input.take(count);
  }

  /**
   * Exactly `count` octets into a message, so that they count among the octets in flight.
   *
   * @throws ConnectionClosed when the stream ends before
   */
  async readInto(message: HeldMessage, count: number): Promise<void> {
    for (let left = count; left > 0;) {
      if (this.#input.length === 0 && !(await this.#more())) throw new ConnectionClosed();
      const piece = this.#input.take(Math.min(left, this.#input.length));
      left -= piece.length;
      await message.add(piece);
    }
  }

  /** Reads `count` octets and forgets them. */
  async discard(count: number): Promise<void> {
    let left = count;
    for (;;) {
      left -= this.#input.drop(left);
      if (left === 0) return;
      if (!(await this.#more())) throw new ConnectionClosed();
    }
  }

  /**
   * Sends octets (text as UTF-8). Resolves when the socket wants more: at once unless it is behind.
   *
   * @throws ConnectionClosed when the connection is gone, before or while waiting
   */
  write(data: Buffer | string): Promise<void> {
    if (this.#closed || this.#socket.writableEnded) return Promise.reject(new ConnectionClosed());
    // The kernel often takes all at once: then there is nothing to wait for, whatever the stream's mark says.
    if (this.#socket.write(data) || this.#socket.writableLength === 0) return WRITTEN;
    return new Promise((resolve, reject) => this.#drains.push({ resolve, reject }));
  }

  /**
   * Answers `goAhead` in clear and becomes a TLS server on the same connection. Whatever the peer sent after
   * the command that asked for TLS is thrown away.
   *
   * @throws ConnectionClosed when the handshake fails: the connection is gone then
   */
  async startTls(secureContext: SecureContext, goAhead: string): Promise<void> {
    const plain = this.#socket;
    plain.pause();
    this.#input = new ReadBuffer();
    await this.write(goAhead);
    this.#detach();
    this.#heard = false;
    this.#shaking = true;
    // A client that leaves during the handshake would stay half connected.
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

  /** Sends what is written, then closes; the peer has a moment to close its half. */
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

  /** Drops the connection at once. */
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

  /** Waits for octets; false at the end of the stream. */
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

  /** An error is always followed by `close`, which says all that a reader or writer needs to know. */
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
