/** Options of a store in a data directory. */
import type { StoreOptions } from '../options.ts';
import type { Migrations } from './migrations.ts';

export interface JsonStoreOptions extends StoreOptions {
  /** Whether adding a message waits until the message is synced to the disk. */
  readonly fsync?: boolean;
  /**
   * Size in octets of the useless lines (about removed or changed data) that the log may contain before it is
   * compacted, and of the removed messages that segments may contain before their live messages are moved.
   */
  readonly tolerated?: number;
  /** Milliseconds between the last change of the segments and the compression of full segments. */
  readonly packAfter?: number;
  /**
   * Function that receives the progress while the store reads and repairs its files when it is opened.
   * @param done number of octets or files processed so far
   * @param of total number of octets or files
   */
  readonly onProgress?: (done: number, of: number) => void;
  /** Whether each new message gets a file of its own, `raw/ab/<id>.eml`. */
  readonly rawFiles?: boolean;
  /** Whether the start compares all segments with the log, and not only those parts that the log does not mention. */
  readonly thorough?: boolean;
  /** The steps that convert log entries of older versions to the current version. */
  readonly migrations?: Migrations;
  /**
   * Access to the data directory. With `write`, opening fails if the directory is not writable. With `read`,
   * the store changes nothing in the directory and needs no lock. When absent, the store writes to the
   * directory if possible; otherwise it only reads the directory and does not accept mail.
   */
  readonly access?: 'read' | 'write';
}
