/**
 * Writes the content of a compacted log: the entries that recreate the state. Each message is one line, which
 * includes all later changes of the message. The parts of the state are immutable, so references to them are
 * a snapshot.
 *
 * A change is appended to the log and applied to the state in the same turn of the event loop. Therefore, if
 * appends are paused at the start of a turn, the state contains exactly the changes in the log.
 */
import { TimeSlice } from '../../async/time-slice.ts';
import type { Rewrite, RewriteTarget } from '../log/compaction.ts';
import { isWhole } from '../log/line.ts';
import { detailText, readDetailText, type DetailText } from '../model/entry.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { State } from '../model/state.ts';
import { withNotes } from '../model/stored-message.ts';
import type { StoredSummary } from '../model/stored-summary.ts';
import type { NotePosition, Position } from '../position.ts';
import { StoreError } from '../store.ts';
import { detailOf, encodeLine, summaryOf } from './entry-line.ts';
import { LOG_VERSION } from './migrations.ts';
import { readNotes, type LineSource } from './read-detail.ts';
import { accountLine, messageLine, takeSnapshot, type KeptMessage, type Snapshot } from './snapshot.ts';

/** Number of octets of the old log that are read at once. */
const BLOCK = 1 << 18;

/** Takes a snapshot of the state. The state must not change until the promise resolves. */
export async function rewriteState(state: State, signal: AbortSignal): Promise<Rewrite> {
  return new StateRewrite(state, await takeSnapshot(state, new TimeSlice(), signal));
}

class StateRewrite implements Rewrite {
  readonly #state: State;
  readonly #snapshot: Snapshot;
  /**
   * Offsets of the message lines in the new log, in the order of the messages in the snapshot. `#lengths`
   * contains the lengths of these lines.
   */
  readonly #offsets: Float64Array;
  readonly #lengths: Float64Array;

  constructor(state: State, snapshot: Snapshot) {
    this.#state = state;
    this.#snapshot = snapshot;
    this.#offsets = new Float64Array(snapshot.records.length);
    this.#lengths = new Float64Array(snapshot.records.length);
  }

  async write(target: RewriteTarget): Promise<void> {
    const { seq, accounts, entries, messages, history } = this.#snapshot;
    await target.write(encodeLine([{ do: 'log', version: LOG_VERSION, seq }]));
    for (const account of accounts()) await target.write(encodeLine(accountLine(account, seq)));
    for (const entry of entries) await target.write(encodeLine([entry]));
    const old = new OldLines(target);
    let written = 0;
    for (const message of messages()) {
      const { summary, detail } = await readMessage(old, message);
      const line = messageLine(message, summary, detail);
      this.#offsets[written] = await target.write(line);
      this.#lengths[written++] = line.length - 1;
    }
    for (const some of history) await target.write(encodeLine([some]));
  }

  /**
   * Sets the position in the new log for every message in memory. There may be more than 100,000 messages,
   * and no other code may run meanwhile. Therefore the method is a simple loop over arrays.
   */
  moved(from: number, by: number): void {
    this.#snapshot.records.forEach((record, i) => {
      record.offset = this.#offsets[i] ?? 0;
      record.length = this.#lengths[i] ?? 0;
      if (record.notes.length > 0) record.notes = movedNotes(record, from, by);
    });
    // For messages that were added after the snapshot, the offsets change by `by`, because their lines were
    // copied unchanged to the end of the new log.
    for (const record of this.#state.arrivals.descending()) {
      if (record.seq <= this.#snapshot.seq) break;
      record.offset += by;
      if (record.notes.length > 0) record.notes = movedNotes(record, from, by);
    }
  }
}

/**
 * Returns the new positions of the notes that were added after the snapshot. Earlier notes need no position,
 * because they are part of the message's new line.
 */
const movedNotes = ({ notes }: MessageRecord, from: number, by: number): readonly NotePosition[] =>
  notes.filter(({ offset }) => offset >= from).map((note) => ({ ...note, offset: note.offset + by }));

/**
 * Reads the summary and the detail of a message from the old log. The detail includes the notes that were
 * added later.
 */
async function readMessage(
  old: OldLines,
  message: KeptMessage,
): Promise<{ summary: StoredSummary; detail: DetailText }> {
  const { id } = message.record;
  const line = await old.next(message);
  const whole = isWhole(line);
  const text = whole ? detailOf(line, id) : undefined;
  const summary = whole ? summaryOf(line, id) : undefined;
  if (text === undefined || summary === undefined)
    throw new StoreError('io', `the line of message ${id} is damaged`);
  if (message.notes.length === 0) return { summary, detail: text };
  const detail = readDetailText(text);
  const late = await readNotes(old, id, message.notes);
  const notes = withNotes(detail.notes, late);
  return { summary, detail: detailText({ ...detail, notes }) };
}

/**
 * Reads lines of the old log. Message lines are requested in the order in which they are stored, so they are
 * read in blocks that contain many lines.
 */
class OldLines implements LineSource {
  readonly #log: LineSource;
  #block: { readonly offset: number; readonly bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };

  constructor(log: LineSource) {
    this.#log = log;
  }

  async next({ offset, length }: Position): Promise<Buffer> {
    const { bytes, offset: start } = this.#block;
    if (offset < start || offset + length > start + bytes.length) {
      this.#block = { offset, bytes: await this.#log.read({ offset, length: Math.max(BLOCK, length) }) };
    }
    return this.#block.bytes.subarray(offset - this.#block.offset, offset - this.#block.offset + length);
  }

  /** Reads a single line, which may be anywhere in the log. */
  read(position: Position): Promise<Buffer> {
    return this.#log.read(position);
  }
}
