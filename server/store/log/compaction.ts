/**
 * Compaction: rewrites the log with only the useful lines, in the background. The parts of the state are immutable,
 * so references to them are a snapshot. Lines appended during the compaction are copied after the snapshot; then a
 * rename replaces the old log.
 *
 * Appending to the log and applying to the state happen in the same turn of the event loop. So if a function blocks
 * appends from the start of a turn on, the state matches the log until it unblocks them.
 */
import { link, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { detailText, readDetailText, type DetailText } from '../model/entry.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { NotePosition, Position } from '../model/position.ts';
import type { State } from '../model/state.ts';
import type { StoredSummary } from '../model/stored-summary.ts';
import { StoreError, unwritable } from '../store.ts';
import { TimeSlice } from '../../async/time-slice.ts';
import type { LogAdapter } from './database.ts';
import { detailOf, encodeLine, isWhole, summaryOf } from './line.ts';
import { LogFile, type Log } from './log-file.ts';
import { LOG_VERSION } from './migrations.ts';
import { readNotes, withNotes } from './read-detail.ts';
import { accountLine, messageLine, takeSnapshot, type KeptMessage, type Snapshot } from './snapshot.ts';
import { syncDirectory } from '../files/sync-directory.ts';

/** Octets read and written at a time. */
const BLOCK = 1 << 18;
/** Maximum number of octets that are copied synchronously when the new log replaces the old one. */
const LAST_COPY = 1 << 16;

export interface CompactionParts {
  readonly adapter: LogAdapter;
  /** Resolves when the files of all messages that were removed so far are deleted. */
  readonly removed: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Whether acknowledged lines must be synced to the disk. */
  readonly fsync: boolean;
  /** Runs `work` while nothing is appended: reads continue, calls that change the store wait. */
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Compacts the log. @param keepOld name under which the old log is kept in the same directory */
export async function compact(state: State, parts: CompactionParts, keepOld?: string): Promise<void> {
  await nextTurn();
  const { adapter, removed, signal } = parts;
  const name = `${adapter.path}.part`;
  await rm(name, { force: true, recursive: true });
  signal.throwIfAborted();
  const target = new LogFile(name);
  try {
    const slice = new TimeSlice();
    const compaction = await parts.hold(async () => {
      const covered = adapter.log.size;
      const snapshot = await takeSnapshot(state, slice, signal);
      return new Compaction(state, parts, target, { snapshot, covered, slice });
    });
    await compaction.run();
    // Removals that only the old log records must be finished first; otherwise their files would look like messages
    // that the log has lost.
    await removed();
    if (keepOld !== undefined) await link(adapter.path, path.join(path.dirname(adapter.path), keepOld));
    await compaction.finish();
    await syncDirectory(path.dirname(adapter.path));
  } catch (error) {
    if (adapter.log !== target) {
      target.retire();
      await rm(name, { force: true });
    }
    throw error;
  }
}

class Compaction {
  readonly #state: State;
  readonly #parts: CompactionParts;
  readonly #old: Log;
  readonly #new: LogFile;
  readonly #snapshot: Snapshot;
  /** Octets of the old log that the snapshot covers. */
  readonly #cut: number;
  /** Octets of the old log that are copied or covered by the snapshot. */
  #copied: number;
  /** Offset in the new log of the lines that were appended after the snapshot. */
  #tail = 0;
  /** Offsets in the new log of the messages of the snapshot. */
  readonly #offsets: Float64Array;
  readonly #lengths: Float64Array;
  readonly #slice: TimeSlice;
  #buffered: Buffer[] = [];
  #bufferedSize = 0;
  #window: { offset: number; bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };

  constructor(
    state: State,
    parts: CompactionParts,
    target: LogFile,
    taken: { readonly snapshot: Snapshot; readonly covered: number; readonly slice: TimeSlice },
  ) {
    this.#state = state;
    this.#parts = parts;
    this.#old = parts.adapter.log;
    this.#new = target;
    this.#snapshot = taken.snapshot;
    this.#slice = taken.slice;
    this.#offsets = new Float64Array(this.#snapshot.records.length);
    this.#lengths = new Float64Array(this.#snapshot.records.length);
    this.#cut = taken.covered;
    this.#copied = this.#cut;
  }

  /** Writes the snapshot and copies most of the lines that were appended in the meantime. */
  async run(): Promise<void> {
    const { seq, entries, history } = this.#snapshot;
    await this.#write(encodeLine([{ do: 'log', version: LOG_VERSION, seq }]));
    for (const account of this.#snapshot.accounts()) await this.#write(encodeLine(accountLine(account, seq)));
    for (const entry of entries) await this.#write(encodeLine([entry]));
    let written = 0;
    for (const message of this.#snapshot.messages()) {
      const { summary, detail } = await this.#read(message);
      const line = messageLine(message, summary, detail);
      this.#offsets[written] = this.#new.size + this.#bufferedSize;
      this.#lengths[written++] = line.length - 1;
      await this.#write(line);
    }
    for (const some of history) await this.#write(encodeLine([some]));
    await this.#flush();
    this.#tail = this.#new.size;
    while (this.#old.size - this.#copied > LAST_COPY) await this.#copySome();
    await this.#new.sync();
  }

  /** Copies the remaining lines and replaces the old log with the new one. */
  async finish(): Promise<void> {
    while (this.#old.size - this.#copied > LAST_COPY) await this.#copySome();
    // From here on, no `await`: no line can be appended in between.
    this.#new.append(this.#old.readNow(this.#copied, this.#old.size - this.#copied));
    if (this.#parts.fsync) this.#new.syncNow();
    if (!this.#old.isInPlace) throw unwritable('the message log is not where it was');
    this.#new.moveTo(this.#parts.adapter.path);
    this.#move();
    this.#parts.adapter.log = this.#new;
  }

  /**
   * Sets the new position of every message record. It runs synchronously for 100,000 messages and more, so it is a
   * plain loop over arrays.
   */
  #move(): void {
    this.#snapshot.records.forEach((record, i) => {
      record.offset = this.#offsets[i] ?? 0;
      record.length = this.#lengths[i] ?? 0;
      if (record.notes.length > 0) record.notes = this.#movedNotes(record);
    });
    // Messages added after the snapshot are at the end of the new log.
    for (const record of this.#state.arrivals.descending()) {
      if (record.seq <= this.#snapshot.seq) break;
      record.offset += this.#tail - this.#cut;
      if (record.notes.length > 0) record.notes = this.#movedNotes(record);
    }
  }

  /**
   * Returns the new positions of the notes added after the snapshot. Earlier notes are part of the message's new
   * line.
   */
  #movedNotes({ notes }: MessageRecord): readonly NotePosition[] {
    const by = this.#tail - this.#cut;
    return notes
      .filter(({ offset }) => offset >= this.#cut)
      .map((note) => ({ ...note, offset: note.offset + by }));
  }

  async #write(line: Buffer): Promise<void> {
    this.#buffered.push(line);
    this.#bufferedSize += line.length;
    if (this.#bufferedSize >= BLOCK) await this.#flush();
    if (!this.#slice.over) return;
    await this.#slice.rest();
    this.#parts.signal.throwIfAborted();
  }

  async #flush(): Promise<void> {
    if (this.#bufferedSize > 0) {
      await this.#new.appendLater(Buffer.concat(this.#buffered, this.#bufferedSize));
    }
    this.#buffered = [];
    this.#bufferedSize = 0;
  }

  async #copySome(): Promise<void> {
    this.#parts.signal.throwIfAborted();
    const length = Math.min(BLOCK, this.#old.size - this.#copied);
    await this.#new.appendLater(await this.#old.read({ offset: this.#copied, length }));
    this.#copied += length;
    await nextTurn();
  }

  /**
   * Reads the summary and the detail of a message from the old log, with the notes that were added later merged in.
   */
  async #read(message: KeptMessage): Promise<{ summary: StoredSummary; detail: DetailText }> {
    const { id } = message.record;
    const line = await this.#line(message);
    const whole = isWhole(line);
    const text = whole ? detailOf(line, id) : undefined;
    const summary = whole ? summaryOf(line, id) : undefined;
    if (text === undefined || summary === undefined)
      throw new StoreError('io', `the line of message ${id} is damaged`);
    if (message.notes.length === 0) return { summary, detail: text };
    const detail = readDetailText(text);
    const late = await readNotes(this.#old, id, message.notes);
    const notes = withNotes(detail.notes, late);
    return { summary, detail: detailText({ ...detail, notes }) };
  }

  /**
   * Returns a line of the old log. Lines are requested in their order in the log, so that one block contains many of
   * them.
   */
  async #line({ offset, length }: Position): Promise<Buffer> {
    const inside =
      offset >= this.#window.offset && offset + length <= this.#window.offset + this.#window.bytes.length;
    if (!inside) {
      const bytes = await this.#old.read({ offset, length: Math.max(BLOCK, length) });
      this.#window = { offset, bytes };
    }
    const start = offset - this.#window.offset;
    return this.#window.bytes.subarray(start, start + length);
  }
}
