/** Positions of messages and their notes in the log, and of the bytes of messages. */

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

/**
 * The place where the bytes of a message are stored: the number of a segment, and the offset of the message's record in
 * it. Segment 0 means that the message has a file of its own, or that the store is in memory.
 */
export interface RawPlace {
  readonly segment: number;
  readonly offset: number;
}

/** The place of a message that is not in a segment. */
export const OWN_FILE: RawPlace = { segment: 0, offset: 0 };

export const isSamePlace = (a: RawPlace, b: RawPlace): boolean =>
  a.segment === b.segment && a.offset === b.offset;
