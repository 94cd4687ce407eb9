/**
 * A store in a data directory: `db.json`, `messages.jsonl`, `raw/`, `search.index`, `lock`. A 250 that follows `add` is safe from a
 * killed process; with `fsync` from a power cut as well. Nothing damaged keeps it from opening.
 */
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { commit } from '../commit.ts';
import { StoreEngine } from '../engine.ts';
import type { Seq } from '../ids.ts';
import type { StoreOptions } from '../options.ts';
import { indexState, storeSearch } from '../list/store-search.ts';
import { makeDirectory } from '../make-directory.ts';
import { ChangeRing } from '../state/change-ring.ts';
import { State } from '../state/state.ts';
import type { Store } from '../store.ts';
import { openDatabase, type LogAdapter } from './database.ts';
import { documentMailboxes, readDocument, type Document } from './document.ts';
import { JsonJournal, TOLERATED } from './journal.ts';
import { encodeLine } from './line.ts';
import { takeLock } from './lock.ts';
import { LOG_VERSION, MIGRATIONS, type Migrations } from './migrations.ts';
import { RawFiles } from './raw-files.ts';
import { planReconcile } from './reconcile.ts';
import { recover } from './recovery.ts';
import type { Replayed } from './replay.ts';
import { readSearchFile, SearchFile } from './search-file.ts';
import { TextCache } from './text-cache.ts';

export interface JsonStoreOptions extends StoreOptions {
  /** Resolve `add` only when the disk has it. */
  readonly fsync?: boolean;
  /** Octets of useless lines that the log may hold before it is compacted. */
  readonly tolerated?: number;
  /** Hears of long recovery work. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Steps from older versions of the log. */
  readonly migrations?: Migrations;
}

const stamp = (now: number): string => new Date(now).toISOString().replace(/[:.]/g, '');

/** Throws `StoreError('locked')` when another process uses the directory, or what the file system says. */
export async function openJsonStore(directory: string, options: JsonStoreOptions = {}): Promise<Store> {
  const { clock = Date.now, random = Math.random } = options;
  await makeDirectory(directory, 0o700);
  const lock = await takeLock(directory, clock, random);
  try {
    const warnings: string[] = [];
    const { state, journal } = await openJournal(directory, options, warnings, () => lock.release());
    const file = path.join(directory, 'search.index');
    const index = await indexState(state, journal, await readSearchFile(file));
    const saver = new SearchFile(file, index, () => state.seq);
    const search = storeSearch(index, () => saver.close());
    return await new StoreEngine(state, journal, options, { warnings, search }).open();
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openJournal(
  directory: string,
  options: JsonStoreOptions,
  warnings: string[],
  release: () => Promise<void>,
): Promise<{ state: State; journal: JsonJournal }> {
  const { clock = Date.now, fsync = false, tolerated = TOLERATED, migrations = MIGRATIONS } = options;
  const { onProgress = () => undefined } = options;
  const warn = (text: string): void => void warnings.push(text);
  const state = new State(
    new ChangeRing((error) => warn(`A listener of the store failed: ${String(error)}`)),
  );
  const document = await openDocument(path.join(directory, 'db.json'), clock(), warn);
  const { db, adapter } = openDatabase(path.join(directory, 'messages.jsonl'), state, { steps: migrations });
  adapter.mailboxes = documentMailboxes(document);
  await db.read();
  const { replayed } = adapter;
  mendEnd(adapter, replayed, warn);
  const raws = new RawFiles(directory, fsync);
  const texts = await TextCache.open(directory);
  const journal = new JsonJournal({ directory, db, adapter, raws, texts, fsync, tolerated, warn, release });
  if (document !== undefined) {
    await commit(state, journal, planReconcile(state, document, replayed.documentSeq, clock()));
  }
  await recover({ state, journal, raws, clock, warn, removed: replayed.removed, onProgress });
  if (replayed.damaged.length > 0) {
    const kept = `messages.damaged-${stamp(clock())}.jsonl`;
    const lines = replayed.damaged.length === 1 ? 'One line' : `${replayed.damaged.length} lines`;
    const where = replayed.damaged.slice(0, 5).map(({ offset }) => offset);
    warn(
      `${lines} of the message log damaged and left out, at octet ${where.join(', ')}; the log as it was: ${kept}`,
    );
    await journal.compact(kept);
  } else if (replayed.version !== LOG_VERSION && replayed.lines > 0) {
    await journal.compact();
  }
  return { state, journal };
}

/** Leaves the log so that the next line begins where a line begins. */
function mendEnd(adapter: LogAdapter, replayed: Replayed, warn: (text: string) => void): void {
  const { log } = adapter;
  if (replayed.torn > 0) {
    log.truncate(replayed.keep);
    warn(
      `The last line of the message log was torn and is cut off, ${replayed.torn} octets: the process was killed`,
    );
  } else if (replayed.unended) {
    log.append(Buffer.from('\n'));
  }
  if (log.size === 0) log.append(encodeLine([{ do: 'log', version: LOG_VERSION, seq: 0 as Seq }]));
}

/** The document; one that cannot be understood is set aside. */
async function openDocument(
  file: string,
  now: number,
  warn: (text: string) => void,
): Promise<Document | undefined> {
  try {
    return await readDocument(file);
  } catch (error) {
    const aside = `db.damaged-${stamp(now)}.json`;
    await rename(file, path.join(path.dirname(file), aside));
    warn(`db.json cannot be understood and is set aside as ${aside}: ${String(error)}`);
    return undefined;
  }
}
