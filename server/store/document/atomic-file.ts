/**
 * Reads and writes the document `db.json` as an adapter of lowdb. After a crash during a write, the file has
 * either its old or its new content: the text is written to a temporary file, which is then renamed.
 */
import type { Adapter } from 'lowdb';
import { readFile } from 'node:fs/promises';
import { replaceFile } from '../files/replace-file.ts';
import { errorCode } from '../storage-reason.ts';
import { decodeDocument, encodeDocument, type Document } from './format.ts';

/**
 * Condition of the file at the last `read`: missing, unchanged since the program wrote it, or changed by someone
 * else but still valid.
 */
export type Condition = 'missing' | 'as-written' | 'edited';

export class AtomicFile implements Adapter<Document> {
  readonly #path: string;
  readonly #sync: boolean;
  condition: Condition = 'missing';

  /**
   * Creates an adapter for the file at a path.
   * @param sync whether a write waits until the text and the new file name are on the disk (fsync)
   */
  constructor(path: string, sync: boolean) {
    this.#path = path;
    this.#sync = sync;
  }

  /**
   * Returns the document; `null` if the file does not exist. Throws `StoreError('newer')` for a document of a
   * newer version, and another error when the document is invalid or cannot be read.
   */
  async read(): Promise<Document | null> {
    let octets: Buffer;
    try {
      octets = await readFile(this.#path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      this.condition = 'missing';
      return null;
    }
    const { document, isEdited } = decodeDocument(octets);
    this.condition = isEdited ? 'edited' : 'as-written';
    return document;
  }

  async write(document: Document): Promise<void> {
    await replaceFile(this.#path, [await encodeDocument(document)], this.#sync);
  }
}
