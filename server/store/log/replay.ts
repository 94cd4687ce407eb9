/**
 * Reads the log into the state. A torn last line is cut off and a damaged line in the middle is skipped; both are
 * reported, and the store works with the remaining lines.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { MailboxId, MessageId, Seq } from '../ids.ts';
import type { Change } from '../changes.ts';
import { newerVersion, StoreError } from '../store.ts';
import { apply } from '../model/apply/index.ts';
import type { Entry, LogEntry, MailboxEntry } from '../model/entry.ts';
import { NOWHERE, type Position } from '../model/position.ts';
import { NumberSet } from './number-set.ts';
import type { State } from '../model/state.ts';
import { decodeLine, isWhole, LINE_START } from './line.ts';
import { readLines, type RawLine } from './line-reader.ts';
import { LOG_VERSION, migrate, type Migrations } from './migrations.ts';

/** Octets at the end of the log from which the change feed is filled: it stores 16,384 changes. */
const FEED_TAIL = 64 << 20;
export interface Replayed {
  /** Version of the log; `undefined` without a readable first line. */
  version: number | undefined;
  /** Octets of the log up to a torn last line: the log is truncated there. */
  keep: number;
  /** Positions of the damaged lines. */
  readonly damaged: Position[];
  /** Number of lines that occur twice, or after lines that were written later. */
  displaced: number;
  /** Whether the last line is intact except for its missing line ending. */
  unended: boolean;
  /** Octets of the torn last line. */
  torn: number;
  /** Messages that are removed according to the log: their files are not restored. */
  readonly removed: Set<MessageId>;
  /** Seq of the last change to accounts, mailboxes or records. */
  documentSeq: number;
  lines: number;
}

export interface ReplayOptions {
  readonly steps: Migrations;
  /** Mailboxes of `db.json`, for entries whose mailbox is missing because its own entry was lost. */
  readonly mailboxes: ReadonlyMap<MailboxId, MailboxEntry>;
}

/** Whether an entry causes changes; `seq` is then the number of its first change. */
function tells(entry: Entry): boolean {
  if (entry.do === 'account' || entry.do === 'mailbox') return entry.change !== null;
  if (entry.do === 'subscribe') return entry.mailbox !== undefined;
  if (entry.do === 'record') return entry.kept !== true;
  return !SILENT.has(entry.do);
}

const SILENT = new Set(['keep', 'history', 'recent']);
const DOCUMENT = new Set(['account', 'account-gone', 'mailbox', 'mailbox-gone', 'subscribe', 'record']);

const nothingRead = (): Replayed => ({
  version: undefined,
  keep: 0,
  damaged: [],
  displaced: 0,
  unended: false,
  torn: 0,
  removed: new Set(),
  documentSeq: 0,
  lines: 0,
});

/** The result for a log that does not exist. */
export const NOTHING_READ: Replayed = nothingRead();

export async function replay(path: string, state: State, options: ReplayOptions): Promise<Replayed> {
  const replayed = nothingRead();
  if (!existsSync(path)) return replayed;
  const reader = new Replay(state, options, replayed, (await stat(path)).size);
  await readLines(path, (line) => reader.take(line));
  reader.end();
  return replayed;
}

class Replay {
  readonly #state: State;
  readonly #options: ReplayOptions;
  readonly #replayed: Replayed;
  readonly #tail: number;
  /** Seqs of all changes that were read. */
  readonly #seen = new NumberSet();
  #highest = 0;
  /** Whether a change was read that compaction did not write. */
  #hasChanges = false;

  constructor(state: State, options: ReplayOptions, replayed: Replayed, size: number) {
    this.#tail = size - FEED_TAIL;
    this.#state = state;
    this.#options = options;
    this.#replayed = replayed;
  }

  take({ bytes, offset, ended }: RawLine): void {
    const replayed = this.#replayed;
    replayed.lines++;
    if (isWhole(bytes) && this.#read(bytes, { offset, length: bytes.length })) {
      replayed.unended = !ended;
    } else if (!ended) {
      // The line was never acknowledged, because a line and its line ending are written together.
      replayed.torn = bytes.length;
      this.#salvage(bytes, offset);
      return;
    } else if (bytes.length > 0) {
      replayed.damaged.push({ offset, length: bytes.length });
      this.#salvage(bytes, offset);
    }
    replayed.keep = offset + bytes.length + (ended ? 1 : 0);
  }

  end(): void {
    if (this.#state.seq < this.#highest) this.#state.skipTo(this.#highest as Seq);
  }

  /** Finds intact lines inside a damaged line: the line ending before them was lost. */
  #salvage(bytes: Buffer, offset: number): void {
    for (let at = bytes.indexOf(LINE_START, 1); at !== -1; at = bytes.indexOf(LINE_START, at + 1)) {
      const next = bytes.indexOf(LINE_START, at + 1);
      const line = bytes.subarray(at, next === -1 ? undefined : next);
      // One octet may have replaced the line ending.
      const length = [line.length, line.length - 1].find((candidate) => isWhole(line.subarray(0, candidate)));
      if (length !== undefined) this.#read(line.subarray(0, length), { offset: offset + at, length });
    }
  }

  /**
   * Applies a line and returns true; returns false for a line with a correct checksum but invalid content, which
   * counts as damage.
   */
  #read(bytes: Buffer, position: Position): boolean {
    try {
      for (const entry of decodeLine(bytes)) {
        if (entry.do === 'log') this.#begin(entry);
        else this.#apply(entry, position);
      }
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return false;
    }
    return true;
  }

  #begin({ version, seq }: LogEntry): void {
    if (version > LOG_VERSION) {
      throw newerVersion(`its message log has version ${version}, this Restante reads up to ${LOG_VERSION}`);
    }
    if (this.#replayed.version !== undefined) this.#replayed.displaced++;
    this.#replayed.version ??= version;
    if (seq < this.#state.seq) return;
    this.#state.ring.restart(seq);
    this.#highest = Math.max(this.#highest, seq);
  }

  #apply(read: Entry, position: Position): void {
    const { steps } = this.#options;
    const entry = migrate(read, this.#replayed.version ?? LOG_VERSION, LOG_VERSION, steps);
    if (entry === undefined) return;
    this.#heal(entry);
    if (this.#isRepeated(entry)) this.#replayed.displaced++;
    else if (tells(entry) && entry.seq <= this.#highest) this.#applyDisplaced(entry, position);
    else if (entry.do === 'history' && this.#hasChanges) this.#replayed.displaced++;
    else this.#applyNext(entry, position);
  }

  /** Applies an entry that has its place after all entries read before. */
  #applyNext(entry: Entry, position: Position): void {
    const { ring } = this.#state;
    if (tells(entry) && entry.seq > ring.seq + 1) this.#state.skipTo((entry.seq - 1) as Seq);
    const changes = apply(this.#state, entry, position);
    this.#count(entry, changes);
    // A gap in the numbers means that the entry changed objects whose own, earlier entry was lost.
    const gap = entry.do !== 'history' && changes.some(({ seq }, i) => seq !== ring.seq + 1 + i);
    if (position.offset < this.#tail) ring.pass(changes);
    else ring.record(changes);
    if (gap) for (const mailbox of this.#state.mailboxes.values()) mailbox.forgetHistory(ring.seq);
    if (DOCUMENT.has(entry.do)) this.#replayed.documentSeq = Math.max(this.#replayed.documentSeq, entry.seq);
    this.#noteRemoved(changes);
  }

  /** Whether an entry stores a message that was already read or removed: it is skipped, because ids are unique. */
  #isRepeated(entry: Entry): boolean {
    return (entry.do === 'add' || entry.do === 'keep') && this.#isKnown(entry.message.id);
  }

  #isKnown(id: MessageId): boolean {
    return this.#state.messages.has(id) || this.#replayed.removed.has(id);
  }

  /** Applies an entry that is after later ones in the log, unless it was already applied. */
  #applyDisplaced(entry: Entry, position: Position): void {
    this.#replayed.displaced++;
    if (this.#seen.has(entry.seq)) return;
    const changes = apply(this.#state, entry, position);
    this.#count(entry, changes);
    this.#noteRemoved(changes);
    for (const mailbox of this.#state.mailboxes.values()) mailbox.forgetHistory(this.#state.seq);
  }

  #count(entry: Entry, changes: readonly Change[]): void {
    if (!tells(entry)) return;
    this.#hasChanges = true;
    const last = Math.max(entry.seq, ...changes.slice(-1).map(({ seq }) => seq));
    this.#seen.add(entry.seq, last);
    this.#highest = Math.max(this.#highest, last);
  }

  #noteRemoved(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'message-removed') this.#replayed.removed.add(change.message);
    }
  }

  /** Creates the mailboxes that an entry names if they are missing because their own entry was lost. */
  #heal(entry: Entry): void {
    if (entry.do === 'add' || entry.do === 'keep')
      for (const place of entry.places) this.#healMailbox(place.mailbox);
    if (entry.do === 'place') for (const item of entry.items) this.#healMailbox(item.mailbox);
  }

  #healMailbox(id: MailboxId): void {
    if (this.#state.mailboxes.has(id)) return;
    const lost = this.#options.mailboxes.get(id);
    if (lost === undefined || this.#state.accounts.get(lost.account)?.mailbox(lost.name) !== undefined)
      return;
    apply(this.#state, lost, NOWHERE);
  }
}
