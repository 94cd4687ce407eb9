/** The octets of one message on their way out, with a word before the final dot. */
export class MessageOctets {
  readonly #message: Buffer;
  readonly #beforeEnd: () => Promise<void>;
  /** Whether the final dot may have been sent. */
  ended = false;
  /** Why the message was not ended. */
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
