/**
 * Responses on their way out: text and octets gathered into blocks, so that ten thousand small responses are a few
 * writes, and a big body goes out without being copied. Holds no memory between commands.
 */
import type { Connection } from '../../net/connection.ts';

/** Size of a block: what a socket takes at once. */
const BLOCK = 64 * 1024;
/** Octets from which a buffer is sent as it is instead of being copied into a block. */
const UNCOPIED = 16 * 1024;

export class ResponseWriter {
  readonly #connection: Connection;
  #block: Buffer | null = null;
  #used = 0;
  /** Settles when the socket has taken what was handed over; awaited by `flush`. */
  #written: Promise<void> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether something was handed to the socket since the last `ready` or `flush`: time to await one. */
  get handed(): boolean {
    return this.#written !== null;
  }

  /** Text, as UTF-8. */
  text(text: string): void {
    // An UTF-16 unit becomes at most three octets.
    if (text.length * 3 > BLOCK) {
      this.octets(Buffer.from(text));
      return;
    }
    if (this.#used + text.length * 3 > BLOCK) this.#send();
    this.#block ??= Buffer.allocUnsafeSlow(BLOCK);
    this.#used += this.#block.write(text, this.#used);
  }

  octets(octets: Buffer): void {
    if (octets.length >= UNCOPIED) {
      this.#send();
      this.#hand(octets);
      return;
    }
    if (this.#used + octets.length > BLOCK) this.#send();
    this.#block ??= Buffer.allocUnsafeSlow(BLOCK);
    octets.copy(this.#block, this.#used);
    this.#used += octets.length;
  }

  /**
   * Hands everything to the socket and waits until it wants more.
   *
   * @throws ConnectionClosed when the client is gone
   */
  async flush(): Promise<void> {
    this.#send();
    await this.ready();
  }

  /** Waits until the socket wants more, keeping back what does not fill a block. */
  async ready(): Promise<void> {
    const written = this.#written;
    this.#written = null;
    if (written !== null) await written;
  }

  #send(): void {
    if (this.#block === null || this.#used === 0) return;
    this.#hand(this.#block.subarray(0, this.#used));
    this.#used = 0;
    // A block that the kernel has taken is free again; one that waits must be left alone.
    if (this.#connection.pendingOctets > 0 || this.#connection.secure) this.#block = null;
  }

  #hand(octets: Buffer): void {
    const written = this.#connection.write(octets);
    // A failure is reported by the `flush` that follows; until then it must not count as unhandled.
    written.catch(() => undefined);
    this.#written = written;
  }

  /** Lets go of the block while the client is silent. */
  release(): void {
    if (this.#used === 0) this.#block = null;
  }
}
