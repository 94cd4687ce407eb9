/** Options of a store in a data directory. */
import type { StoreOptions } from '../options.ts';
import type { Migrations } from './migrations.ts';

export interface JsonStoreOptions extends StoreOptions {
  /** Whether adding a message waits until the message is synced to the disk. */
  readonly fsync?: boolean;
  /**
   * Number of octets of useless lines (about removed or changed data) that never cause a compaction of the
   * log.
   */
  readonly tolerated?: number;
  /**
   * Function that receives the progress while the store reads and repairs its files when it is opened.
   * @param done number of octets or files processed so far
   * @param of total number of octets or files
   */
  readonly onProgress?: (done: number, of: number) => void;
  /** The steps that convert log entries of older versions to the current version. */
  readonly migrations?: Migrations;
  /**
   * Access to the data directory. With `write`, opening fails if the directory is not writable. With `read`,
   * the store changes nothing in the directory and needs no lock. When absent, the store writes to the
   * directory if possible; otherwise it only reads the directory and does not accept mail.
   */
  readonly access?: 'read' | 'write';
}
