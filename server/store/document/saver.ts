/**
 * Saves the document `db.json` in the background, a short time after a change, so that a burst of changes
 * causes only one write.
 */
import type { State } from '../model/state.ts';
import { storageReason } from '../storage-reason.ts';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { DocumentFile } from './index.ts';

/** Time from a change to the save of the document, in milliseconds. */
const DELAY = 1000;
/**
 * Minimum delay before the next save, as a multiple of the duration of the last save. Saving a large document
 * therefore takes only a small share of the time.
 */
const SHARE = 20;

export interface DocumentSaverParts {
  readonly file: DocumentFile;
  readonly state: State;
  /** Returns whether the document may currently be written. */
  readonly mayWrite: () => boolean;
  /** Receives a warning for the operator when a save failed. */
  readonly warn: (text: string) => void;
}

export class DocumentSaver {
  readonly #parts: DocumentSaverParts;
  readonly #queue = new SerialQueue();
  #timer: NodeJS.Timeout | undefined;
  #delay = DELAY;
  /** The reason why the last save failed; `null` after a successful save. */
  #failure: string | null = null;

  constructor(parts: DocumentSaverParts) {
    this.#parts = parts;
  }

  /** Schedules a save of the document. Must be called after each change of an account, a mailbox or a record. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.save(), this.#delay).unref();
  }

  /** Saves the document now. A failure is reported to the operator; the promise does not reject. */
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
