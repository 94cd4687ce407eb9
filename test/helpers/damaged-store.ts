/** A store on disk whose raw files can be made unreadable, as on a failing disk. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openJsonStore } from '../../server/store/json/index.ts';
import type { Store } from '../../server/store/store.ts';
import { temporaryDirectory } from './program.ts';

export interface DamagedStore {
  readonly store: Store;
  /** Makes every read of the bytes of a stored message fail from now on. */
  damage(): void;
}

/**
 * Returns the function `break` of dialogue scripts, which damages the disk or closes the store. In sent text, it
 * results in no octets.
 */
export function breaker(store: Store, disk: DamagedStore | null): (what?: string) => string {
  return (what) => {
    if (what === 'store') void store.close();
    else if (what === 'disk' && disk !== null) disk.damage();
    else throw new Error(`{break ${what ?? ''}} needs store, or disk and @disk`);
    return '';
  };
}

/**
 * Opens the store in a temporary folder.
 * @param clock returns the current time in milliseconds since the epoch
 */
export async function openDamagedStore(clock: () => number): Promise<DamagedStore> {
  const directory = temporaryDirectory();
  return {
    store: await openJsonStore(directory, { clock, rawFiles: true }),
    damage() {
      const raw = path.join(directory, 'raw');
      for (const name of readdirSync(raw, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.eml')) continue;
        rmSync(path.join(raw, name));
        mkdirSync(path.join(raw, name));
      }
    },
  };
}
