/** Types for the positions of lines in the log, which store messages and notes. */

/**
 * Position of a line in the log: its offset and its length in octets. Only the journal, which writes the log,
 * interprets these numbers.
 */
export interface Position {
  readonly offset: number;
  readonly length: number;
}

export const NOWHERE: Position = { offset: 0, length: 0 };

/**
 * Position of the log line that stores a note, for a note that was added after its message was stored; with
 * the key of the note.
 */
export interface NotePosition extends Position {
  readonly key: string;
}
