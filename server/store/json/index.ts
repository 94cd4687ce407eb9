/**
 * A store in a data directory, which contains `db.json`, `messages.jsonl`, `raw/`, `search/`, `lock` and
 * `reserve`. Once `add` has resolved, the message survives a kill of the process, and with the option `fsync`
 * also a power failure. The store opens even if files are damaged.
 */
import { existsSync } from 'node:fs';
import { openEngine } from '../engine/index.ts';
import { openStoreSearch } from '../find/pages/store-search.ts';
import { makeDirectory } from '../files/make-directory.ts';
import { Reports } from '../engine/reports.ts';
import { refusesWrites, storageReason } from '../storage-reason.ts';
import { StoreError, type Store } from '../store.ts';
import { lockedError, lockOwner, takeLock } from './lock.ts';
import { openJournal, type Use } from './open-journal.ts';
import type { JsonStoreOptions } from './options.ts';
import { refuseNewer } from './refuse-newer.ts';
import { Reserve } from './reserve.ts';
import { prepareDirectory } from './prepare-directory.ts';
import { withRoom } from './with-room.ts';

/**
 * Opens the store of a data directory. Throws `StoreError('locked')`, `StoreError('newer')` or the error of
 * the file system; with the option `access: 'write'` also `StoreError('unwritable')`.
 */
export async function openJsonStore(directory: string, options: JsonStoreOptions = {}): Promise<Store> {
  await refuseNewer(directory);
  const reports = new Reports(options.report);
  const use = { directory, options, reports };
  if (options.access === 'read') return openReading({ ...use, refusal: 'it was opened to be read only' });
  try {
    return await openWriting(use);
  } catch (error) {
    const cause = error instanceof StoreError ? error.cause : error;
    if (options.access === 'write' || !refusesWrites(cause) || !existsSync(directory)) throw error;
    const refusal = `${storageReason(cause)}; Restante must be started again when it can be written`;
    reports.add(`${directory} is only read: ${refusal}`);
    return openReading({ ...use, refusal });
  }
}

async function openWriting(use: Pick<Use, 'directory' | 'options' | 'reports'>): Promise<Store> {
  const { directory, options } = use;
  const { clock = Date.now, random = Math.random } = options;
  await makeDirectory(directory, 0o700);
  const reserve = new Reserve(directory);
  const lock = await withRoom(directory, reserve, () => takeLock(directory, clock, random));
  try {
    const warn = (text: string): void => use.reports.add(text);
    await withRoom(directory, reserve, () => prepareDirectory(directory, clock(), warn));
    return await open({ ...use, writing: { lock, reserve }, refusal: '' }, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openReading(use: Use): Promise<Store> {
  const owner = await lockOwner(use.directory);
  if (owner !== undefined) throw lockedError(use.directory, owner);
  return open(use, async () => undefined);
}

async function open(use: Use, release: () => Promise<void>): Promise<Store> {
  const { options, reports } = use;
  const opened = await openJournal(use, release);
  const { state, journal, segments } = opened;
  try {
    const report = (line: string): void => reports.add(line);
    const search = openStoreSearch({
      state,
      reader: journal,
      home: segments,
      threads: options.threads,
      report,
    });
    await journal.opened();
    const store = await openEngine({ state, journal, reports, search }, options);
    // The document `db.json` is written at the first start. Therefore, if it is missing at a later start, it
    // was lost.
    if (!opened.hasDocument) await journal.saveDocument();
    return store;
  } catch (error) {
    opened.abandon();
    throw error;
  }
}
