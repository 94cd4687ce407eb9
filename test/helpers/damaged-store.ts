/** A store on disk whose raw files can be made unreadable, as a failing disk makes them. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openJsonStore } from '../../server/store/json/store.ts';
import type { Store } from '../../server/store/store.ts';
import { temporaryDirectory } from './program.ts';

export interface DamagedStore {
  readonly store: Store;
  /** From now on reading the bytes of any message that is there fails. */
  damage(): void;
}

/** The function of dialogue scripts that breaks one or the other; it stands for no octets. */
export function breaker(store: Store, disk: DamagedStore | null): (what?: string) => string {
  return (what) => {
    if (what === 'store') void store.close();
    else if (what === 'disk' && disk !== null) disk.damage();
    else throw new Error(`{break ${what ?? ''}} needs store, or disk and @disk`);
    return '';
  };
}

/** @param clock milliseconds since the epoch */
export async function openDamagedStore(clock: () => number): Promise<DamagedStore> {
  const directory = temporaryDirectory();
  return {
    store: await openJsonStore(directory, { clock }),
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
