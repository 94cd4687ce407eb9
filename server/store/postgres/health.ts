/**
 * Whether the database answers, and whether it can be written. A database that can only be read (its disk is full, or
 * it is a standby) is tried again regularly, because no mail arrives that would show that it can be written again.
 */
import type { StoreError } from '../store.ts';

/** Time between two attempts to write, in milliseconds. */
const RETRY = 1000;

export interface HealthParts {
  /** Writes one line about a change of the database's state, for the operator. */
  readonly report: (line: string) => void;
  /** The function that is called when the database answers again. */
  readonly answersAgain: () => void;
  /** Performs a write that changes no data, to find out whether the database can be written. */
  readonly tryToWrite: () => Promise<unknown>;
}

export class Health {
  readonly #parts: HealthParts;
  #unavailable: StoreError | null = null;
  #unwritable: StoreError | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /** The reason why no mail can be stored; `null` while it can be stored. */
  get refusal(): string | null {
    return (this.#unavailable ?? this.#unwritable)?.message ?? null;
  }

  /** Records the error `unavailable` or `unwritable` of a statement. */
  failed(error: StoreError): void {
    const before = this.refusal;
    if (error.code === 'unwritable') {
      this.#unwritable = error;
      this.#schedule();
    } else {
      this.#unavailable = error;
    }
    if (before === null) this.#parts.report(`No mail is accepted: ${error.message}`);
  }

  /** Records that the database answered a statement. */
  answered(): void {
    if (this.#unavailable === null) return;
    this.#unavailable = null;
    if (this.#unwritable === null) this.#parts.report('The database answers again');
    this.#parts.answersAgain();
  }

  /** Records that the database completed a transaction. */
  wrote(): void {
    this.answered();
    if (this.#unwritable === null) return;
    this.#unwritable = null;
    this.#parts.report('The database can be written again');
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#try();
    }, RETRY).unref();
  }

  async #try(): Promise<void> {
    if (this.#unwritable === null) return;
    try {
      await this.#parts.tryToWrite();
      this.wrote();
    } catch {
      // The class `Database` has already reported the error to the method `failed`.
      this.#schedule();
    }
  }
}
