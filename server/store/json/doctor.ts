/**
 * Examines a data directory, and repairs it on request. An examination changes nothing. A repair opens the
 * store, which repairs the directory as at every start, and then records that the loss of missing or changed
 * messages is accepted.
 */
import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { MessageId } from '../ids.ts';
import { DAMAGE, damageOf, isAccepted, type DamageNote } from './damage.ts';
import { EMPTY_DOCUMENT, type Document } from '../document/format.ts';
import { DocumentFile } from '../document/index.ts';
import { documentMailboxes } from '../document/state-document.ts';
import { isIncomplete, type FoundLog } from './lost-lines.ts';
import { lockOwner, lockProblem, type LockOwner } from './lock.ts';
import { Log } from '../log/index.ts';
import { NOTHING_READ } from '../log/replay.ts';
import { LOG_VERSION, MIGRATIONS } from './migrations.ts';
import { isInUse } from './open-journal.ts';
import { RawStore, type Inventory } from '../raw/raw-store.ts';
import { readDetail } from './read-detail.ts';
import { homelessMessages } from './recovery.ts';
import { StateReplay } from './state-replay.ts';
import { RESERVE, RESERVE_SIZE } from './reserve.ts';
import { wrongKinds } from './prepare-directory.ts';
import { openJsonStore } from './index.ts';
import { dropSegments, fileSource, SEARCH, segmentNames } from './search-segments.ts';
import { DamagedSegment, OtherVersion } from '../find/index/segment-file.ts';
import { StoredSegment } from '../find/index/stored-segment.ts';
import { ChangeRing } from '../model/change-ring.ts';
import type { MessageRecord } from '../model/mail.ts';
import { State } from '../model/state.ts';
import { storageReason } from '../storage-reason.ts';
import { StoreError } from '../store.ts';

export type ProblemKind =
  | 'wrong-kind'
  | 'lock-damaged'
  | 'reserve-damaged'
  | 'cache-damaged'
  | 'log-missing'
  | 'log-version'
  | 'log-torn'
  | 'log-damaged'
  | 'log-displaced'
  | 'log-incomplete'
  | 'log-behind'
  | 'document-missing'
  | 'document-damaged'
  | 'document-edited'
  | 'message-homeless'
  | 'file-missing'
  | 'file-changed'
  | 'file-unknown'
  | 'file-partial'
  | 'file-foreign'
  | 'file-displaced'
  | 'segment-damaged';

export interface Problem {
  readonly kind: ProblemKind;
  /** Description of the problem in one sentence. */
  readonly message: string;
  /** Examples of what the problem affects: a few message ids, file names or positions in the log. */
  readonly examples: readonly string[];
  /** Whether a repair can restore the data completely. If not, a repair records that the loss is accepted. */
  readonly repairable: boolean;
}

export interface DoctorReport {
  readonly directory: string;
  /**
   * The process that uses the directory; `null` if no process uses it. Files that this process is writing may
   * look incomplete.
   */
  readonly inUse: LockOwner | null;
  readonly messages: number;
  readonly accounts: number;
  /** Total size of the raw messages in octets. */
  readonly bytes: number;
  readonly problems: readonly Problem[];
  /** Number of messages whose bytes are lost and whose loss an earlier repair accepted. */
  readonly accepted: number;
  /** Texts for the operator about the repairs that were made, one line each; empty if nothing was repaired. */
  readonly repaired: readonly string[];
}

export interface DoctorOptions {
  readonly repair?: boolean;
  readonly onProgress?: (done: number, of: number) => void;
}

const EXAMPLES = 10;
/** Number of message files that are read at the same time. */
const AT_ONCE = 16;

interface Examination {
  readonly report: DoctorReport;
  /**
   * The damaged messages, each with a description of the damage. Messages whose loss an earlier repair
   * accepted are not included.
   */
  readonly damages: ReadonlyMap<MessageId, DamageNote>;
}

/**
 * Examines a data directory. Throws `StoreError`: `not-found` when the directory does not exist, `newer` when a
 * newer version wrote it, and `locked` or `unwritable` when a repair is not possible.
 */
export async function examine(directory: string, options: DoctorOptions = {}): Promise<DoctorReport> {
  if (!existsSync(directory)) throw new StoreError('not-found', `There is no directory ${directory}`);
  const { onProgress = () => undefined, repair = false } = options;
  const { report } = await examineDirectory(directory, onProgress);
  if (!repair || report.problems.length === 0) return report;
  // A damaged search index must be deleted here, because opening the store does not check the index completely.
  if (report.problems.some(({ kind }) => kind === 'cache-damaged')) dropSegments(directory);
  const store = await openJsonStore(directory, { onProgress, access: 'write', thorough: true });
  const repaired: string[] = [];
  try {
    repaired.push(...(await store.facts()).warnings);
    // The mail is examined again, because opening the store may have renamed files and added others.
    const { damages } = await examineMail(directory, onProgress);
    for (const [id, damage] of damages) await store.messages.annotate(id, DAMAGE, damage);
    if (damages.size > 0) repaired.push(`The loss of the bytes of ${damages.size} messages is accepted`);
  } finally {
    await store.close();
  }
  return { ...(await examineDirectory(directory, onProgress)).report, repaired };
}

/** Collects the problems that the examination of a data directory finds. */
class Problems {
  readonly list: Problem[] = [];

  /** Adds a problem to the list, unless `examples` is empty. */
  add(kind: ProblemKind, message: string, examples: readonly string[], repairable = true): void {
    if (examples.length === 0) return;
    this.list.push({ kind, message, examples: examples.slice(0, EXAMPLES), repairable });
  }
}

async function examineDirectory(
  directory: string,
  onProgress: (done: number, of: number) => void,
): Promise<Examination> {
  const inUse = (await lockOwner(directory)) ?? null;
  const mail = await examineMail(directory, onProgress);
  const problems = new Problems();
  const lock = inUse === null ? await lockProblem(directory) : null;
  if (lock !== null) problems.add('lock-damaged', `The lock is damaged: ${lock}`, ['lock']);
  await examineReserve(directory, problems);
  if (inUse === null) await examineCaches(directory, problems);
  const { report, damages } = mail;
  return { report: { ...report, inUse, problems: [...report.problems, ...problems.list] }, damages };
}

/**
 * Examines the files that contain the mail of a data directory. The search index, the lock file and the file
 * `reserve` are not examined here.
 */
async function examineMail(
  directory: string,
  onProgress: (done: number, of: number) => void,
): Promise<Examination> {
  const problems = new Problems();
  for (const { name, problem } of await wrongKinds(directory)) {
    problems.add('wrong-kind', `${name} cannot be used: ${problem}`, [path.join(directory, name)]);
  }
  const state = new State(new ChangeRing(() => undefined));
  const document = await examineDocument(path.join(directory, 'db.json'), problems);
  const file = path.join(directory, 'messages.jsonl');
  const mailboxes = documentMailboxes(document ?? EMPTY_DOCUMENT);
  const replay = new StateReplay(state, { steps: MIGRATIONS, mailboxes });
  const log = await Log.open(file, replay, { access: 'read' }).catch(unreadable);
  replay.end();
  const { version, displaced, gaps, removed } = replay;
  examineLog(file, { ...(log?.replayed ?? NOTHING_READ), version, displaced, gaps }, problems);
  if (document !== undefined && existsSync(file)) {
    const behind = document.seq > state.seq ? [`change ${state.seq} of ${document.seq}`] : [];
    problems.add('log-behind', 'The message log ends before the last change in db.json', behind);
  }
  if (document === undefined && !existsSync(path.join(directory, 'db.json')) && isInUse(state)) {
    problems.add('document-missing', 'db.json is missing beside a message log', [
      path.join(directory, 'db.json'),
    ]);
  }
  const ids = homelessMessages(state).map(({ id }) => id);
  problems.add('message-homeless', `${ids.length} messages have lost their mailboxes`, ids);
  const found = await examineFiles({ directory, state, log, removed }, problems, onProgress).finally(() =>
    log?.close(),
  );
  const { messages, accounts, bytes } = state;
  return {
    damages: found.damages,
    report: {
      directory,
      inUse: null,
      messages: messages.size,
      accounts: accounts.size,
      bytes,
      problems: problems.list,
      accepted: found.accepted,
      repaired: [],
    },
  };
}

/**
 * Handles an error that occurred when the log was read: ignores it, so that the log is treated as empty, but
 * rethrows a `StoreError`.
 */
function unreadable(error: unknown): undefined {
  if (error instanceof StoreError) throw error;
}

async function examineDocument(name: string, problems: Problems): Promise<Document | undefined> {
  const file = new DocumentFile(name);
  try {
    const condition = await file.read();
    problems.add(
      'document-edited',
      'db.json differs from the written one: it was edited by hand, or is damaged',
      condition === 'edited' ? [name] : [],
    );
    return condition === 'missing' ? undefined : file.data;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    problems.add('document-damaged', `db.json is invalid: ${storageReason(error)}`, [name]);
    return undefined;
  }
}

function examineLog(log: string, found: FoundLog, problems: Problems): void {
  if (!existsSync(log)) {
    problems.add('log-missing', 'The message log is missing', [log]);
    return;
  }
  const { version, torn, keep, damaged, displaced } = found;
  if (version !== LOG_VERSION) {
    const which = version === undefined ? 'has no version' : `is of version ${version}`;
    problems.add('log-version', `The message log ${which}; it will be rewritten`, [log]);
  }
  if (torn > 0) problems.add('log-torn', 'The last line of the message log is incomplete', [`octet ${keep}`]);
  if (displaced > 0) {
    problems.add('log-displaced', `${displaced} lines of the message log are duplicated or misplaced`, [log]);
  }
  if (isIncomplete(found)) problems.add('log-incomplete', 'Lines are missing from the message log', [log]);
  const offsets = damaged.map(({ offset }) => `octet ${offset}`);
  problems.add('log-damaged', `${offsets.length} lines of the message log are damaged`, offsets);
}

interface FoundFiles {
  readonly damages: ReadonlyMap<MessageId, DamageNote>;
  readonly accepted: number;
}

/** The data that the examination read from the directory before it examines the message files. */
interface Examined {
  readonly directory: string;
  readonly state: State;
  /** The opened log; `undefined` if the log cannot be read. */
  readonly log: Log | undefined;
  readonly removed: ReadonlySet<MessageId>;
}

async function examineFiles(
  { directory, state, log, removed }: Examined,
  problems: Problems,
  onProgress: (done: number, of: number) => void,
): Promise<FoundFiles> {
  const raws = new RawStore(directory, { fsync: false, mayWrite: false });
  const inventory = await raws.inventory({ messages: state.messages, thorough: true });
  for (const { ref, raw } of inventory.displaced) {
    const record = state.messages.get(ref.id);
    if (record !== undefined) record.raw = raw;
  }
  const found = await examineMessages(log, raws, [...state.messages.values()], onProgress);
  raws.close();
  const idsOf = (kind: DamageNote['found']): MessageId[] =>
    [...found.damages].flatMap(([id, damage]) => (damage.found === kind ? [id] : []));
  const missing = idsOf('missing');
  problems.add('file-missing', `The bytes of ${missing.length} messages are missing`, missing, false);
  const changed = idsOf('changed');
  problems.add(
    'file-changed',
    `The bytes of ${changed.length} messages differ from the received messages`,
    changed,
    false,
  );
  reportInventory(inventory, removed, problems);
  return found;
}

function reportInventory(
  { strays, displaced, torn, partial, foreign, damaged }: Inventory,
  removed: ReadonlySet<MessageId>,
  problems: Problems,
): void {
  const lost = strays.flatMap(({ id }) => (removed.has(id) ? [] : [id]));
  problems.add('file-unknown', `${lost.length} messages of raw/ are not in the log`, lost);
  const moved = displaced.map(({ ref }) => ref.id);
  problems.add(
    'file-displaced',
    `${moved.length} messages are at another place in raw/ than in the log`,
    moved,
  );
  problems.add('file-foreign', `${foreign.length} entries of raw/ are not files and are ignored`, foreign);
  const incomplete = [...partial, ...torn.map(({ segment, offset }) => `${segment.path}, octet ${offset}`)];
  problems.add(
    'file-partial',
    `${incomplete.length} messages were being written when the process was killed`,
    incomplete,
  );
  for (const { segment, problem } of damaged) {
    problems.add('segment-damaged', `A segment is damaged: ${problem}`, [segment.path]);
  }
}

/** Reads the file of every message and compares it with the log. */
async function examineMessages(
  log: Log | undefined,
  raws: RawStore,
  records: readonly MessageRecord[],
  onProgress: (done: number, of: number) => void,
): Promise<FoundFiles> {
  const damages = new Map<MessageId, DamageNote>();
  let accepted = 0;
  for (let from = 0; from < records.length; from += AT_ONCE) {
    onProgress(from, records.length);
    const some = records.slice(from, from + AT_ONCE).map(async (record) => {
      const damage = damageOf(record, await raws.read(record).catch(() => undefined));
      if (damage === null) return;
      const detail = log && (await readDetail(log, record).catch(() => null));
      if (isAccepted(damage, detail?.notes[DAMAGE])) accepted++;
      else damages.set(record.id, damage);
    });
    await Promise.all(some);
  }
  return { damages, accepted };
}

/**
 * Examines the `reserve` file, which keeps space free on the disk. A missing file is not a problem, because
 * the next start creates it.
 */
async function examineReserve(directory: string, problems: Problems): Promise<void> {
  const found = await lstat(path.join(directory, RESERVE)).catch(() => undefined);
  if (found === undefined || (found.isFile() && found.size === RESERVE_SIZE)) return;
  const what = found.isFile() ? `has ${found.size} octets of ${RESERVE_SIZE}` : 'is not a file';
  problems.add('reserve-damaged', `The reserve for a full disk ${what}`, [RESERVE]);
}

async function examineCaches(directory: string, problems: Problems): Promise<void> {
  const segments = path.join(directory, SEARCH);
  for (const name of await segmentNames(segments)) {
    const problem = await segmentProblem(path.join(segments, name));
    if (problem === null) continue;
    problems.add('cache-damaged', `The search index is damaged: ${problem}`, [path.join(SEARCH, name)]);
  }
}

async function segmentProblem(file: string): Promise<string | null> {
  try {
    const segment = await StoredSegment.open(await fileSource(file));
    await segment.check().finally(() => segment.close());
    return null;
  } catch (error) {
    if (error instanceof OtherVersion) return null;
    return error instanceof DamagedSegment ? error.message : storageReason(error);
  }
}
