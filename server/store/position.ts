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

/** Position of the log line that stores a note which was added to a message later, and the key of this note. */
export interface NotePosition extends Position {
  readonly key: string;
}
