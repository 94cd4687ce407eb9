/** Positions of entries and notes in the log. */

/** Position of an entry in the log. Only the journal interprets the numbers. */
export interface Position {
  readonly offset: number;
  readonly length: number;
}

export const NOWHERE: Position = { offset: 0, length: 0 };

/** Position of a note that was added after the message, with the key of the note. */
export interface NotePosition extends Position {
  readonly key: string;
}
