/**
 * Writes responses to the connection. Small texts and octets are collected in blocks, so that ten thousand
 * small responses need few writes; large bodies are sent without a copy. Between commands, the writer holds no
 * buffer.
 */
import type { Connection } from '../../net/connection.ts';

/** Size of a block in octets: about as much as a socket accepts at once. */
const BLOCK = 64 * 1024;
/** The minimum size in octets from which a buffer is sent without being copied into a block. */
const UNCOPIED = 16 * 1024;

export class ResponseWriter {
  readonly #connection: Connection;
  #block: Buffer | null = null;
  #used = 0;
  /** Settles when the socket has accepted the written octets; `flush` waits for this promise. */
  #written: Promise<void> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Whether octets were written to the socket since the last `ready` or `flush`. In this case, the caller
   * should await `ready`.
   */
  get handed(): boolean {
    return this.#written !== null;
  }

  /** Writes text as UTF-8. */
  text(text: string): void {
    // A UTF-16 code unit becomes at most three octets in UTF-8.
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
   * Writes everything to the socket and waits until the socket accepts more octets.
   *
   * @throws ConnectionClosed if the client has disconnected
   */
  async flush(): Promise<void> {
    this.#send();
    await this.ready();
  }

  /** Waits until the socket accepts more octets. Octets that do not fill a block stay in the block. */
  async ready(): Promise<void> {
    const written = this.#written;
    this.#written = null;
    if (written !== null) await written;
  }

  #send(): void {
    if (this.#block === null || this.#used === 0) return;
    this.#hand(this.#block.subarray(0, this.#used));
    this.#used = 0;
    // A block that the kernel has already accepted can be reused; a block that is still queued in the socket
    // must not be changed.
    if (this.#connection.pendingOctets > 0 || this.#connection.secure) this.#block = null;
  }

  #hand(octets: Buffer): void {
    const written = this.#connection.write(octets);
    // The next `flush` reports the failure; until then, Node must not treat the rejection as unhandled.
    written.catch(() => undefined);
    this.#written = written;
  }

  /** Releases the memory of the block until the next response. */
  release(): void {
    if (this.#used === 0) this.#block = null;
  }
}
