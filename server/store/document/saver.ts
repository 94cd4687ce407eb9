/** Saves the document in the background, a short time after a change, so that a burst of changes causes one write. */
import type { State } from '../model/state.ts';
import { storageReason } from '../storage-reason.ts';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { DocumentFile } from './index.ts';

/** Milliseconds from a change to the save. */
const DELAY = 1000;
/**
 * Limits the time spent on a large document: the next delay is at least this many times the duration of the save.
 */
const SHARE = 20;

export interface DocumentSaverParts {
  readonly file: DocumentFile;
  readonly state: State;
  /** Whether the file may be written at the moment. */
  readonly mayWrite: () => boolean;
  /** Receives a text for the operator when a save failed. */
  readonly warn: (text: string) => void;
}

export class DocumentSaver {
  readonly #parts: DocumentSaverParts;
  readonly #queue = new SerialQueue();
  #timer: NodeJS.Timeout | undefined;
  #delay = DELAY;
  /** The reason why the last save failed; `null` after a success. */
  #failure: string | null = null;

  constructor(parts: DocumentSaverParts) {
    this.#parts = parts;
  }

  /** Schedules a save. Must be called after each change of an account, a mailbox or a record. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.save(), this.#delay).unref();
  }

  /** Saves the document now. A failure is reported to the operator and does not reject. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#queue.run(async () => {
      const started = performance.now();
      await this.#save();
      this.#delay = Math.max(DELAY, SHARE * (performance.now() - started));
    });
  }

  async #save(): Promise<void> {
    const { file, state, mayWrite, warn } = this.#parts;
    if (!mayWrite()) return;
    try {
      await file.save(state);
      this.#failure = null;
    } catch (error) {
      const failure = storageReason(error);
      if (failure !== this.#failure) warn(`db.json cannot be written: ${failure}`);
      this.#failure = failure;
    }
  }
}
