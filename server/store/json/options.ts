/** Options of a store in a data directory. */
import type { StoreOptions } from '../options.ts';
import type { Migrations } from './migrations.ts';

export interface JsonStoreOptions extends StoreOptions {
  /** Resolve `add` only when the disk has it. */
  readonly fsync?: boolean;
  /** Octets of useless lines that the log may hold before it is compacted. */
  readonly tolerated?: number;
  /** Called during long recovery work. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Steps from older versions of the log. */
  readonly migrations?: Migrations;
  /**
   * `write` fails where the directory cannot be written; `read` changes nothing in it, and needs no lock. By default the
   * directory is written if that is possible, and read otherwise: the store then takes no mail.
   */
  readonly access?: 'read' | 'write';
}
