/**
 * Examines a data directory without a store running on it, and repairs what can be repaired: what a start would
 * mend anyway, with a report. Examining changes nothing.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { documentMailboxes, readDocument, type Document } from './json/document.ts';
import { lockOwner, type LockOwner } from './json/lock.ts';
import { LOG_VERSION, MIGRATIONS } from './json/migrations.ts';
import { RawFiles } from './json/raw-files.ts';
import { replay, type Replayed } from './json/replay.ts';
import { openJsonStore } from './json/store.ts';
import { ChangeRing } from './state/change-ring.ts';
import { State } from './state/state.ts';
import { StoreError } from './store.ts';

export type ProblemKind =
  | 'log-missing'
  | 'log-version'
  | 'log-torn'
  | 'log-damaged'
  | 'document-damaged'
  | 'message-homeless'
  | 'file-missing'
  | 'file-changed'
  | 'file-unknown'
  | 'file-partial';

export interface Problem {
  readonly kind: ProblemKind;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What it is about: ids, files, octets of the log; at most `EXAMPLES`. */
  readonly examples: readonly string[];
  /** Whether `repair` mends it; if not, something is lost. */
  readonly repairable: boolean;
}

export interface DoctorReport {
  readonly directory: string;
  /** Who uses the directory; what is half written then may look torn. */
  readonly inUse: LockOwner | null;
  readonly messages: number;
  readonly accounts: number;
  /** Octets of raw messages. */
  readonly bytes: number;
  readonly problems: readonly Problem[];
  /** What a repair said it did. */
  readonly repaired: readonly string[];
}

export interface DoctorOptions {
  readonly repair?: boolean;
  readonly onProgress?: (done: number, of: number) => void;
}

const EXAMPLES = 10;
/** Files looked at at a time. */
const AT_ONCE = 64;

/** Throws `StoreError('not-found')` when there is no such directory, `locked` when a repair finds it in use. */
export async function examine(directory: string, options: DoctorOptions = {}): Promise<DoctorReport> {
  if (!existsSync(directory)) throw new StoreError('not-found', `There is no directory ${directory}`);
  const { onProgress = () => undefined, repair = false } = options;
  const found = await look(directory, onProgress);
  if (!repair || found.problems.length === 0) return found;
  const store = await openJsonStore(directory, { onProgress });
  const { warnings } = await store.facts();
  await store.close();
  return { ...(await look(directory, onProgress)), repaired: warnings };
}

async function look(
  directory: string,
  onProgress: (done: number, of: number) => void,
): Promise<DoctorReport> {
  const inUse = (await lockOwner(directory)) ?? null;
  const problems: Problem[] = [];
  const note = (
    kind: ProblemKind,
    message: string,
    examples: readonly string[],
    repairable: boolean,
  ): void => {
    if (examples.length > 0)
      problems.push({ kind, message, examples: examples.slice(0, EXAMPLES), repairable });
  };
  const state = new State(new ChangeRing(() => undefined));
  const document = await lookAtDocument(path.join(directory, 'db.json'), note);
  const log = path.join(directory, 'messages.jsonl');
  const replayed = await replay(log, state, { steps: MIGRATIONS, mailboxes: documentMailboxes(document) });
  lookAtLog(log, replayed, note);
  const homeless = [...state.messages.values()].filter(({ places }) => places.length === 0);
  const ids = homeless.map(({ id }) => id);
  note('message-homeless', `${ids.length} messages have lost their mailboxes`, ids, true);
  await lookAtFiles(directory, state, replayed, note, onProgress);
  const { messages, accounts, bytes } = state;
  return {
    directory,
    inUse,
    messages: messages.size,
    accounts: accounts.size,
    bytes,
    problems,
    repaired: [],
  };
}

type Note = (kind: ProblemKind, message: string, examples: readonly string[], repairable: boolean) => void;

async function lookAtDocument(file: string, note: Note): Promise<Document | undefined> {
  try {
    return await readDocument(file);
  } catch (error) {
    note('document-damaged', `db.json cannot be understood: ${String(error)}`, [file], true);
    return undefined;
  }
}

function lookAtLog(log: string, replayed: Replayed, note: Note): void {
  if (!existsSync(log)) {
    note('log-missing', 'There is no message log', [log], true);
    return;
  }
  if (replayed.version !== LOG_VERSION) {
    const version = replayed.version === undefined ? 'has no version' : `is of version ${replayed.version}`;
    note('log-version', `The message log ${version}; it will be rewritten`, [log], true);
  }
  if (replayed.torn > 0) {
    note('log-torn', 'The last line of the message log is torn', [`octet ${replayed.keep}`], true);
  }
  const offsets = replayed.damaged.map(({ offset }) => `octet ${offset}`);
  note('log-damaged', `${offsets.length} lines of the message log are damaged`, offsets, true);
}

async function lookAtFiles(
  directory: string,
  state: State,
  replayed: Replayed,
  note: Note,
  onProgress: (done: number, of: number) => void,
): Promise<void> {
  const raws = new RawFiles(directory, false);
  const { unknown, partial } = await raws.inventory((id) => state.messages.has(id));
  const missing: string[] = [];
  const changed: string[] = [];
  const records = [...state.messages.values()];
  for (let from = 0; from < records.length; from += AT_ONCE) {
    onProgress(from, records.length);
    const some = records.slice(from, from + AT_ONCE).map(async ({ id, size }) => {
      const file = await stat(raws.pathOf(id)).catch(() => undefined);
      if (file === undefined) missing.push(id);
      else if (file.size !== size) changed.push(id);
    });
    await Promise.all(some);
  }
  note('file-missing', `The files of ${missing.length} messages are missing`, missing, false);
  note(
    'file-changed',
    `The files of ${changed.length} messages have another size than was received`,
    changed,
    false,
  );
  const lost = unknown.filter((id) => !replayed.removed.has(id));
  note('file-unknown', `${lost.length} files belong to no message of the log`, lost, true);
  note(
    'file-partial',
    `${partial.length} files were being written when the process was killed`,
    partial,
    true,
  );
}
