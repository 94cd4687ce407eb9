/**
 * Reads the detail of a message from the log: its stored data other than summary and bytes, including notes
 * that were added later.
 */
import { readDetailText, type MessageDetail } from '../model/entry.ts';
import type { MessageRecord } from '../model/mail.ts';
import { withNotes } from '../model/stored-message.ts';
import type { NotePosition, Position } from '../position.ts';
import { StoreError } from '../store.ts';
import { isWhole } from '../log/line.ts';
import { detailOf, notesOf, type Note } from './entry-line.ts';

/** Reads lines of the log by their positions. */
export interface LineSource {
  read(position: Position): Promise<Buffer>;
}

type Record = Pick<MessageRecord, 'id' | 'offset' | 'length' | 'notes'>;

export async function readDetail(log: LineSource, record: Record): Promise<MessageDetail> {
  const { id, notes } = record;
  // All lines are requested in the same turn of the event loop: the line of the message and the lines of its
  // notes. Between two turns, a compaction of the log could change their positions.
  const [line, late] = await Promise.all([log.read(record), readNotes(log, id, notes)]);
  const text = isWhole(line) ? detailOf(line, id) : undefined;
  if (text === undefined) throw new StoreError('io', `The log has no message ${id} where it should be`);
  const detail = readDetailText(text);
  return notes.length === 0 ? detail : { ...detail, notes: withNotes(detail.notes, late) };
}

/** Returns the notes that were added to a message after it was stored, in the order in which they were added. */
export async function readNotes(
  log: LineSource,
  id: string,
  notes: readonly NotePosition[],
): Promise<readonly Note[]> {
  const lines = await Promise.all(notes.map((position) => log.read(position)));
  return lines.flatMap((line) => (isWhole(line) ? notesOf(line, id) : []));
}
