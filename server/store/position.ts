/** Positions of messages and their notes in the log. */

/** Position of a line in the log: its offset and its length. Only the journal interprets these numbers. */
export interface Position {
  readonly offset: number;
  readonly length: number;
}

export const NOWHERE: Position = { offset: 0, length: 0 };

/** Position of a note that was added after its message, with the key of the note. */
export interface NotePosition extends Position {
  readonly key: string;
}
