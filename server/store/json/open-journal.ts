/**
 * Opens the journal of a data directory: reads the document `db.json` and the log, and repairs damaged data.
 */
import path from 'node:path';
import { commit } from '../engine/commit.ts';
import type { Seq } from '../ids.ts';
import type { Reports } from '../engine/reports.ts';
import { ChangeRing } from '../model/change-ring.ts';
import { State } from '../model/state.ts';
import { storageReason } from '../storage-reason.ts';
import { StoreError } from '../store.ts';
import type { Document } from '../document/format.ts';
import { DocumentFile } from '../document/index.ts';
import { documentMailboxes } from '../document/state-document.ts';
import { JsonJournal, TOLERATED } from './journal.ts';
import type { Lock } from './lock.ts';
import { encodeLine } from './entry-line.ts';
import { Log } from '../log/index.ts';
import { hasLost, settleLog } from './lost-lines.ts';
import { LOG_VERSION, MIGRATIONS } from './migrations.ts';
import type { JsonStoreOptions } from './options.ts';
import { RawStore } from '../raw/raw-store.ts';
import { planReconcile } from './reconcile.ts';
import { recover } from './recovery.ts';
import type { Reserve } from './reserve.ts';
import { PACK_AFTER } from './segment-mover.ts';
import { copyAside, keepBeside, setAside } from '../files/set-aside.ts';
import { StateReplay } from './state-replay.ts';
import { Storage } from './storage.ts';
import { SearchSegments } from './search-segments.ts';
import { withRoom } from './with-room.ts';

/**
 * Number of change numbers, and of UIDs in each mailbox, that are skipped if lines of the log are lost. The
 * lost lines cannot have used more numbers.
 */
const LOST_NUMBERS = 1_000_000;

/** A data directory, and the objects that the store needs to open it. */
export interface Use {
  readonly directory: string;
  readonly options: JsonStoreOptions;
  readonly reports: Reports;
  /** The lock of the directory and its `reserve` file; absent if the store only reads the directory. */
  readonly writing?: { readonly lock: Lock; readonly reserve: Reserve };
  /** The reason why the store only reads the directory, as a text for the operator. */
  readonly refusal: string;
}

export interface OpenedJournal {
  readonly state: State;
  readonly journal: JsonJournal;
  /** Whether the directory contains a document `db.json` that the store could read. */
  readonly hasDocument: boolean;
  readonly segments: SearchSegments;
  /** Closes all files of the journal; called when the store could not be opened. */
  readonly abandon: () => void;
}

/** The journal and its parts as they were loaded when the store was opened, before any repair. */
interface Loaded {
  readonly state: State;
  readonly log: Log;
  readonly replay: StateReplay;
  readonly document: FoundDocument;
  readonly raws: RawStore;
  readonly storage: Storage | string;
  readonly journal: JsonJournal;
  readonly segments: SearchSegments;
  readonly abandon: () => void;
}

/**
 * Opens the journal and repairs its data.
 * @param release function that unlocks the directory; called when the journal closes
 */
export async function openJournal(use: Use, release: () => Promise<void>): Promise<OpenedJournal> {
  const loaded = await load(use, release);
  const { state, journal, segments, document, abandon } = loaded;
  try {
    await repair(use, loaded);
    const hasDocument = document.document !== undefined;
    return { state, journal, segments, hasDocument, abandon };
  } catch (error) {
    abandon();
    throw error;
  }
}

/** Reads the document `db.json` and the log, and creates the state from them. */
async function load(use: Use, release: () => Promise<void>): Promise<Loaded> {
  const { directory, options, reports, writing, refusal } = use;
  const { fsync = false, tolerated = TOLERATED, packAfter = PACK_AFTER, migrations = MIGRATIONS } = options;
  const warn = (text: string): void => reports.add(text);
  const state = new State(
    new ChangeRing((error) => warn(`A listener of the store failed: ${String(error)}`)),
  );
  const document = await openDocument(use);
  const mailboxes = documentMailboxes(document.file.data);
  const replay = new StateReplay(state, { steps: migrations, mailboxes });
  const log = await Log.open(path.join(directory, 'messages.jsonl'), replay, {
    access: writing === undefined ? 'read' : 'write',
    ...(writing !== undefined && { create: (open) => withRoom(directory, writing.reserve, open) }),
  });
  replay.end();
  const segments = new SearchSegments(directory, () => writing !== undefined && log.isInPlace);
  const storage =
    writing === undefined
      ? refusal
      : new Storage({
          directory,
          ...writing,
          log,
          dropCaches: () => segments.drop(),
          report: warn,
          onRecovery: () => void journal.saveDocument(),
        });
  const raws = new RawStore(directory, {
    fsync,
    ownFiles: options.rawFiles ?? false,
    mayWrite: writing !== undefined,
    tolerated: options.tolerated,
  });
  const parts = {
    directory,
    state,
    log,
    document: document.file,
    raws,
    storage,
    fsync,
    tolerated,
    packAfter,
    warn,
    release,
  };
  const journal = new JsonJournal(parts);
  const abandon = (): void => {
    if (storage instanceof Storage) storage.close();
    raws.close();
    log.close();
  };
  return { state, log, replay, document, raws, storage, journal, segments, abandon };
}

/** Compares the log, the document `db.json` and the message files with each other, and repairs differences. */
async function repair(use: Use, loaded: Loaded): Promise<void> {
  const { options, reports, writing } = use;
  const { state, log, replay, document, raws, storage, journal } = loaded;
  const { clock = Date.now, onProgress = () => undefined, random = Math.random } = options;
  const warn = (text: string): void => reports.add(text);
  const mend = () => mendLog(log, clock(), warn);
  await (storage instanceof Storage ? storage.write('removal', mend) : mend());
  const { version, displaced, gaps, removed } = replay;
  const found = { ...log.replayed, version, displaced, gaps };
  const { messages } = state;
  const inventory = await raws.inventory({ messages, thorough: options.thorough ?? false });
  const isStrange = inventory.strays.some(({ id }) => !removed.has(id));
  const isCut = isLogCut(state, document, warn);
  const isLost = isCut || hasLost(found, isStrange, writing?.lock);
  if (isLost) {
    state.skipTo((state.seq + LOST_NUMBERS) as Seq);
    state.skipUids(LOST_NUMBERS, Math.floor(clock() / 1000 + 1 + random() * LOST_NUMBERS));
  }
  if (document.document !== undefined) {
    await commit(state, journal, planReconcile(state, document.document, replay.documentSeq, clock()));
  }
  const parts = { state, journal, raws, inventory, clock, warn, removed, onProgress };
  await recover({ ...parts, mayWrite: writing !== undefined });
  await settleLog(journal, found, { file: log.path, isLost, now: clock(), warn });
}

/** Removes an incomplete last line of the log. Writes the first line of an empty log. */
async function mendLog(log: Log, now: number, warn: (text: string) => void): Promise<void> {
  await log.mendEnd(async (torn) => {
    const kept = await keepBeside(log.path, torn, now).then(
      (name) => `kept as ${name}`,
      (error: unknown) => `not kept: ${storageReason(error)}`,
    );
    warn(
      `The last line of the message log was incomplete and is removed, ${torn.length} octets, ${kept}: the process was killed, or the file was cut`,
    );
  });
  if (log.size === 0) await log.append([encodeLine([{ do: 'log', version: LOG_VERSION, seq: 0 as Seq }])]);
}

/**
 * Returns whether lines at the end of the log may be lost. This is the case if the document `db.json`
 * contains a later change than the log, or if there is no document to compare the log with.
 */
function isLogCut(
  state: State,
  { document, isMissing }: FoundDocument,
  warn: (text: string) => void,
): boolean {
  if (document === undefined) {
    if (!isInUse(state)) return false;
    if (isMissing) {
      warn('db.json is missing: accounts, mailboxes and records are restored from the message log');
    }
    return true;
  }
  if (document.seq <= state.seq) return false;
  warn('The message log ends before the last change in db.json: lines at its end are lost');
  return true;
}

/**
 * Returns whether the store contains a message or an account besides `all`. If so, an earlier start was
 * completed, and that start wrote the document `db.json`.
 */
export const isInUse = ({ messages, accounts }: State): boolean => messages.size > 0 || accounts.size > 1;

/** The document `db.json` as it was found when the store was opened. */
interface FoundDocument {
  readonly file: DocumentFile;
  /** The content of `db.json`; `undefined` if there is no valid document. */
  readonly document: Document | undefined;
  readonly isMissing: boolean;
}

/** Reads the document `db.json`; renames the file if its content is invalid. */
async function openDocument({ directory, options, reports, writing }: Use): Promise<FoundDocument> {
  const { clock = Date.now, fsync } = options;
  const name = path.join(directory, 'db.json');
  const file = new DocumentFile(name, fsync);
  const mayWrite = writing !== undefined;
  try {
    const condition = await file.read();
    if (condition === 'edited') {
      const kept = mayWrite ? `; it is kept as ${await copyAside(name, clock())}` : '';
      reports.add(`db.json differs from the written one: it counts as edited by hand${kept}`);
    }
    const isMissing = condition === 'missing';
    return { file, document: isMissing ? undefined : file.data, isMissing };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const aside = mayWrite ? ` and is set aside as ${await setAside(name, clock())}` : '';
    reports.add(`db.json is invalid${aside}: ${storageReason(error)}`);
    return { file, document: undefined, isMissing: false };
  }
}
