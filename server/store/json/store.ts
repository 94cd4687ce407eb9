/**
 * A store in a data directory: `db.json`, `messages.jsonl`, `raw/`, `search.index`, `lock`, `reserve`. A 250 that follows
 * `add` is safe from a killed process; with `fsync` from a power cut as well. Nothing damaged keeps it from opening.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commit } from '../engine/commit.ts';
import { openEngine } from '../engine/index.ts';
import type { Seq } from '../ids.ts';
import type { StoreOptions } from '../options.ts';
import { indexState, storeSearch } from '../list/store-search.ts';
import { makeDirectory } from '../make-directory.ts';
import { Reports } from '../reports.ts';
import { ChangeRing } from '../state/change-ring.ts';
import { State } from '../state/state.ts';
import { isDiskFull, refusesWrites, storageReason } from '../storage-reason.ts';
import { StoreError, type Store } from '../store.ts';
import { openDatabase, type LogAdapter } from './database.ts';
import { documentMailboxes, readDocument, type Document } from './document.ts';
import { JsonJournal, TOLERATED } from './journal.ts';
import { encodeLine } from './line.ts';
import { currentBoot, lockOwner, takeLock, type Lock } from './lock.ts';
import { LogFile, MemoryTailLog } from './log-file.ts';
import { LOG_VERSION, MIGRATIONS, type Migrations } from './migrations.ts';
import { RawFiles } from './raw-files.ts';
import { planReconcile } from './reconcile.ts';
import { recover } from './recovery.ts';
import type { Replayed } from './replay.ts';
import { Reserve } from './reserve.ts';
import { readSearchFile, SearchFile } from './search-file.ts';
import { copyAside, damagedName, keepBeside, prepareDirectory, setAside } from './set-aside.ts';
import { Storage } from './storage.ts';
import { TextCache } from './text-cache.ts';

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

/** What a log may have given out and lost, at most: numbers of changes, UIDs of a mailbox. */
const LOST_NUMBERS = 1_000_000;

/** How a directory is used. */
interface Use {
  readonly directory: string;
  readonly options: JsonStoreOptions;
  readonly reports: Reports;
  /** Absent where the directory is only read. */
  readonly writing?: { readonly lock: Lock; readonly reserve: Reserve };
  /** Why the directory is only read. */
  readonly refusal: string;
}

/** Throws `StoreError` (`locked`, `newer`, or `unwritable` with `access: 'write'`), or what the file system reports. */
export async function openJsonStore(directory: string, options: JsonStoreOptions = {}): Promise<Store> {
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
    await prepareDirectory(directory, clock(), (text) => use.reports.add(text));
    return await open({ ...use, writing: { lock, reserve }, refusal: '' }, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openReading(use: Use): Promise<Store> {
  const owner = await lockOwner(use.directory);
  if (owner !== undefined) {
    const who = `process ${owner.pid} on ${owner.host}, since ${owner.start}`;
    throw new StoreError('locked', `${use.directory} is in use by another Restante (${who})`);
  }
  return open(use, async () => undefined);
}

/** Repeats the work with the room of the reserve, then of the caches, as long as the disk is full. */
async function withRoom<T>(directory: string, reserve: Reserve, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDiskFull(error) || !(reserve.release(true) || dropCaches(directory))) throw error;
    }
  }
}

function dropCaches(directory: string): boolean {
  const caches = readdirSync(directory).filter((name) => name.startsWith('search.'));
  for (const name of caches) rmSync(path.join(directory, name), { force: true, recursive: true });
  return caches.length > 0;
}

async function open(use: Use, release: () => Promise<void>): Promise<Store> {
  const { directory, options, reports, writing } = use;
  const opened = await openJournal(use, release);
  const { state, journal } = opened;
  try {
    const file = path.join(directory, 'search.index');
    const index = await indexState(state, journal, await readSearchFile(file));
    const mayWrite = (): boolean => writing !== undefined && opened.isInPlace();
    const saver = new SearchFile(file, index, () => state.seq, mayWrite);
    const search = storeSearch(index, () => saver.close());
    await journal.opened();
    return await openEngine({ state, journal, reports, search }, options);
  } catch (error) {
    opened.abandon();
    throw error;
  }
}

interface OpenedJournal {
  readonly state: State;
  readonly journal: JsonJournal;
  /** Whether files may be replaced by their path. */
  readonly isInPlace: () => boolean;
  /** Lets go of everything after a start that failed. */
  readonly abandon: () => void;
}

async function openJournal(use: Use, release: () => Promise<void>): Promise<OpenedJournal> {
  const { directory, options, reports, writing, refusal } = use;
  const { clock = Date.now, fsync = false, tolerated = TOLERATED, migrations = MIGRATIONS } = options;
  const { onProgress = () => undefined, random = Math.random } = options;
  const warn = (text: string): void => reports.add(text);
  const state = new State(
    new ChangeRing((error) => warn(`A listener of the store failed: ${String(error)}`)),
  );
  const document = await openDocument(directory, clock(), writing !== undefined, warn);
  const openLog = (file: string) => (writing === undefined ? new MemoryTailLog(file) : new LogFile(file));
  const { db, adapter } = openDatabase(
    path.join(directory, 'messages.jsonl'),
    state,
    { steps: migrations },
    openLog,
  );
  adapter.mailboxes = documentMailboxes(document);
  await db.read();
  const texts = writing === undefined ? TextCache.none(directory) : await TextCache.open(directory);
  const storage =
    writing === undefined
      ? refusal
      : new Storage({
          directory,
          ...writing,
          log: () => adapter.log,
          dropCaches: () => texts.drop(),
          report: warn,
          onRecovery: () => void journal.writeDocument(),
        });
  const raws = new RawFiles(directory, fsync);
  const journal = new JsonJournal({
    directory,
    db,
    adapter,
    raws,
    texts,
    storage,
    fsync,
    tolerated,
    warn,
    release,
  });
  const abandon = (): void => {
    if (storage instanceof Storage) storage.close();
    texts.close(false);
    adapter.log.retire();
  };
  try {
    const { replayed } = adapter;
    const mend = () => mendEnd(adapter, replayed, clock(), warn);
    await (storage instanceof Storage ? storage.write('removal', mend) : mend());
    const inventory = await raws.inventory((id) => state.messages.has(id));
    const isStrange = inventory.unknown.some((id) => !replayed.removed.has(id));
    const isAhead = (document?.seq ?? 0) > state.seq;
    const isLost = isAhead || hasLost(replayed, isStrange, writing?.lock);
    if (isAhead)
      warn('The message log ends before the last change that db.json shows: lines at its end are lost');
    if (isLost) {
      state.skipTo((state.seq + LOST_NUMBERS) as Seq);
      state.skipUids(LOST_NUMBERS, Math.floor(clock() / 1000 + 1 + random() * LOST_NUMBERS));
    }
    if (document !== undefined) {
      await commit(state, journal, planReconcile(state, document, replayed.documentSeq, clock()));
    }
    const parts = { state, journal, raws, inventory, clock, warn, removed: replayed.removed, onProgress };
    await recover({ ...parts, mayWrite: writing !== undefined });
    await settleLog(journal, replayed, { isLost, now: clock(), warn });
    return { state, journal, abandon, isInPlace: () => adapter.log.isInPlace };
  } catch (error) {
    abandon();
    throw error;
  }
}

/** Whether the log may have lost lines that were acknowledged. @param isStrange whether there are files that it does not name */
function hasLost(
  { damaged, displaced, torn }: Replayed,
  isStrange: boolean,
  lock: Lock | undefined,
): boolean {
  if (damaged.length + displaced > 0) return true;
  const wasClosed = lock?.taken === undefined;
  // What a killed process has handed to the kernel is there; after a power cut it need not be.
  const wasKilled = !wasClosed && lock.taken.boot === currentBoot();
  return !wasKilled && (!wasClosed || torn > 0 || isStrange);
}

/** Rewrites a log that is damaged, of another version, or does not tell which numbers are left out. */
async function settleLog(
  journal: JsonJournal,
  { damaged, displaced, version, lines }: Replayed,
  { isLost, now, warn }: { isLost: boolean; now: number; warn: (text: string) => void },
): Promise<void> {
  if (damaged.length + displaced > 0) {
    const kept = damagedName('messages.jsonl', now);
    if (displaced > 0) {
      warn(
        `${displaced} lines of the message log are there twice, or in the wrong place; the log as it was: ${kept}`,
      );
    }
    if (damaged.length > 0) {
      const where = damaged.slice(0, 5).map(({ offset }) => offset);
      warn(
        `${damaged.length === 1 ? 'One line' : `${damaged.length} lines`} of the message log damaged and left out, ` +
          `at octet ${where.join(', ')}; the log as it was: ${kept}`,
      );
    }
    await journal.compact(kept);
  } else if (isLost || (version !== LOG_VERSION && lines > 0)) {
    await journal.compact();
  }
}

/** Leaves the log so that the next line begins where a line begins. */
async function mendEnd(
  adapter: LogAdapter,
  replayed: Replayed,
  now: number,
  warn: (text: string) => void,
): Promise<void> {
  const { log } = adapter;
  if (replayed.torn > 0 && log.size > replayed.keep) {
    const octets = await log.read({ offset: replayed.keep, length: replayed.torn });
    const kept = await keepBeside(log.path, octets, now).then(
      (name) => `kept as ${name}`,
      (error: unknown) => `not kept: ${storageReason(error)}`,
    );
    log.truncate(replayed.keep);
    warn(
      `The last line of the message log was torn and is cut off, ${replayed.torn} octets, ${kept}: the process was killed, or the file was cut`,
    );
  } else if (replayed.unended && !endsWithLine(log.readNow(log.size - 1, 1))) {
    log.append(Buffer.from('\n'));
  }
  if (log.size === 0) log.append(encodeLine([{ do: 'log', version: LOG_VERSION, seq: 0 as Seq }]));
}

const endsWithLine = (last: Buffer): boolean => last[0] === 10;

/** The document; one that cannot be understood is set aside. */
async function openDocument(
  directory: string,
  now: number,
  mayWrite: boolean,
  warn: (text: string) => void,
): Promise<Document | undefined> {
  const file = path.join(directory, 'db.json');
  try {
    const found = await readDocument(file);
    if (found?.isEdited === true) {
      const kept = mayWrite ? `; it is kept as ${await copyAside(file, now)}` : '';
      warn(`db.json is not as it was written: it is taken as edited by hand${kept}`);
    }
    return found?.document;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const aside = mayWrite ? ` and is set aside as ${await setAside(file, now)}` : '';
    warn(`db.json cannot be understood${aside}: ${storageReason(error)}`);
    return undefined;
  }
}
