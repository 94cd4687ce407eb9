/** Supplies the octets of one message and calls `beforeEnd` before the message is ended. */
export class MessageOctets {
  readonly #message: Buffer;
  readonly #beforeEnd: () => Promise<void>;
  /** Whether the final dot may have been sent, which means that the server may have accepted the message. */
  ended = false;
  /**
   * The error with which `beforeEnd` rejected; after it, the end of the message is not sent. `null` if there was no
   * error.
   */
  withdrawal: Error | null = null;

  constructor(message: Buffer, beforeEnd: () => Promise<void>) {
    this.#message = message;
    this.#beforeEnd = beforeEnd;
  }

  async *read(): AsyncGenerator<Buffer> {
    yield this.#message;
    try {
      await this.#beforeEnd();
    } catch (error) {
      this.withdrawal = error as Error;
      throw error;
    }
    this.ended = true;
  }
}
