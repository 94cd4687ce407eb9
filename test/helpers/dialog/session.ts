/** One connection of a dialogue: sends octets, reads lines and octets, each with a timeout. */
import net from 'node:net';
import tls from 'node:tls';
import { PATIENCE } from '../patience.ts';

export class DialogueEnd extends Error {
  override readonly name = 'DialogueEnd';
}

export class DialogSession {
  #socket: net.Socket;
  #buffer = Buffer.alloc(0);
  #ended: string | null = null;
  #wake: (() => void) | null = null;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async connect(endpoint: {
    readonly host: string;
    readonly port: number;
    readonly secure?: boolean;
  }): Promise<DialogSession> {
    const socket =
      endpoint.secure === true
        ? tls.connect({ host: endpoint.host, port: endpoint.port, rejectUnauthorized: false })
        : net.connect(endpoint.port, endpoint.host);
    socket.setNoDelay(true);
    const ready = endpoint.secure === true ? 'secureConnect' : 'connect';
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once(ready, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    return new DialogSession(socket);
  }

  #listen(): void {
    const socket = this.#socket;
    const wake = (): void => {
      const call = this.#wake;
      this.#wake = null;
      call?.();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      wake();
    });
    const ended = (how: string) => (): void => {
      this.#ended ??= how;
      wake();
    };
    socket.on('end', ended('the server closed the connection'));
    socket.on('error', (error) => ended(`the connection failed: ${error.message}`)());
    socket.on('close', ended('the connection is closed'));
  }

  send(octets: Buffer): void {
    this.#socket.write(octets);
  }

  /**
   * Resolves with the first value of `ready` that is not undefined; rejects with `DialogueEnd` at the timeout or when
   * the connection ends.
   */
  async #until<T>(ready: () => T | undefined): Promise<T> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const value = ready();
      if (value !== undefined) return value;
      if (this.#ended !== null) throw new DialogueEnd(`(${this.#ended})`);
      const left = deadline - Date.now();
      if (left <= 0) throw new DialogueEnd(`(nothing within ${PATIENCE / 1000} s)`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Resolves with the next line without its CRLF, one character for each octet; a bare LF is part of a line. */
  line(): Promise<string> {
    return this.#until(() => {
      const end = this.#buffer.indexOf('\r\n');
      if (end === -1) return undefined;
      const line = this.#buffer.toString('latin1', 0, end);
      this.#buffer = this.#buffer.subarray(end + 2);
      return line;
    });
  }

  octets(count: number): Promise<string> {
    return this.#until(() => {
      if (this.#buffer.length < count) return undefined;
      const octets = this.#buffer.toString('latin1', 0, count);
      this.#buffer = this.#buffer.subarray(count);
      return octets;
    });
  }

  /** The received octets that no step has read yet. */
  get unread(): string {
    return this.#buffer.toString('latin1');
  }

  /** Resolves when the server has ended the connection; rejects at the timeout. */
  async ended(): Promise<void> {
    await this.#until(() => (this.#ended === null ? undefined : true));
  }

  async startTls(): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close');
    const secure = tls.connect({ socket: plain, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
      secure.once('close', () => reject(new DialogueEnd('(the connection closed during the handshake)')));
    });
    secure.removeAllListeners('error').removeAllListeners('close');
    this.#socket = secure;
    this.#listen();
  }

  close(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.on('error', () => undefined);
    this.#socket.destroy();
  }
}
