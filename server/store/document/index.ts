/**
 * The document `db.json` (a lowdb document) contains the accounts that a user opened or an API call created,
 * their mailboxes, and the records. Users can read the document, and edit it while the store is closed. The log
 * contains the same data; if data is lost from the log, it is restored from the document.
 */
import { Low } from 'lowdb';
import type { State } from '../model/state.ts';
import { AtomicFile, type Condition } from './atomic-file.ts';
import { EMPTY_DOCUMENT, type Document } from './format.ts';
import { documentOf } from './state-document.ts';

export class DocumentFile {
  readonly #adapter: AtomicFile;
  readonly #db: Low<Document>;

  /**
   * Creates the document object for the file at a path.
   * @param sync whether a save waits until the document is on the disk (fsync)
   */
  constructor(path: string, sync = false) {
    this.#adapter = new AtomicFile(path, sync);
    this.#db = new Low(this.#adapter, EMPTY_DOCUMENT);
  }

  /**
   * Reads the document from its file. Returns whether the file is missing, unchanged or edited. Throws
   * `StoreError('newer')` for a document of a newer version, and another error when the document is invalid or
   * cannot be read.
   */
  async read(): Promise<Condition> {
    await this.#db.read();
    return this.#adapter.condition;
  }

  /** The document that was read or saved last; an empty document before the first read or save. */
  get data(): Document {
    return this.#db.data;
  }

  /**
   * Writes the accounts, mailboxes and records of `state` to the file. Must not run during another save. Throws
   * the error of the file system.
   */
  async save(state: State): Promise<void> {
    this.#db.data = await documentOf(state);
    await this.#db.write();
  }
}
