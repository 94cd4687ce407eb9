/** Options of a store in a data directory. */
import type { StoreOptions } from '../options.ts';
import type { Migrations } from './migrations.ts';

export interface JsonStoreOptions extends StoreOptions {
  /** Whether `add` resolves only when the message is synced to the disk. */
  readonly fsync?: boolean;
  /** Octets of useless lines that the log may hold before it is compacted. */
  readonly tolerated?: number;
  /** Called repeatedly during a long recovery at start. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Steps that convert entries of older log versions. */
  readonly migrations?: Migrations;
  /**
   * With `write`, opening fails if the directory is not writable. With `read`, the store changes nothing in the
   * directory and needs no lock. By default the store writes to the directory if possible; otherwise it only reads
   * it and does not accept mail.
   */
  readonly access?: 'read' | 'write';
}
