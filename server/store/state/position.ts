/** Positions of entries and notes in the log. */

/** Where an entry stands in the log; what it means is the journal's affair. */
export interface Position {
  readonly offset: number;
  readonly length: number;
}

export const NOWHERE: Position = { offset: 0, length: 0 };

/** Where the log has a note that came after the message. */
export interface NotePosition extends Position {
  readonly key: string;
}
