/** Reads a log from its start: passes every intact line to a receiver, and records where lines are damaged. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Position } from '../position.ts';
import { isWhole, LINE_START } from './line.ts';
import { readLines, type RawLine } from './line-reader.ts';

/** Receives the intact lines of a log, in the order of the log. */
export interface LineReceiver {
  /**
   * Prepares the receiver for a log; called before the first line of the log.
   * @param size the size of the log in octets
   */
  begin(size: number): void;
  /**
   * Receives a line without its line ending. The buffer is valid until the method returns. Returns false if
   * the content of the line is invalid; the line is then recorded as damaged. An error that the method throws
   * ends the reading of the log.
   */
  take(line: Buffer, position: Position): boolean;
}

/** The result of reading a log: the number of its lines, and its damage. */
export interface Replayed {
  /** Number of lines, including the damaged lines. */
  readonly lines: number;
  /** Positions of the damaged lines in the log. */
  readonly damaged: readonly Position[];
  /** Number of octets before the last line if that line is incomplete; else the size of the log. */
  readonly keep: number;
  /** Number of octets of an incomplete last line; 0 if the last line is intact. */
  readonly torn: number;
  /** Whether the last line is complete except for its missing line ending. */
  readonly unended: boolean;
}

/** The result for a log that does not exist. */
export const NOTHING_READ: Replayed = { lines: 0, damaged: [], keep: 0, torn: 0, unended: false };

/**
 * Reads a log from start to end, and passes the lines to `receiver`. Throws the error of the file system or
 * of the receiver.
 */
export async function replay(path: string, receiver: LineReceiver): Promise<Replayed> {
  if (!existsSync(path)) return NOTHING_READ;
  receiver.begin((await stat(path)).size);
  const replayed = { lines: 0, damaged: [] as Position[], keep: 0, torn: 0, unended: false };
  await readLines(path, ({ bytes, offset, ended }: RawLine) => {
    replayed.lines++;
    const position = { offset, length: bytes.length };
    const isRead = isWhole(bytes) && receiver.take(bytes, position);
    if (!isRead) {
      const salvaged = isWhole(bytes) ? 0 : salvage(bytes, offset, receiver);
      if (!ended && salvaged === 0) {
        // The changes in an incomplete last line were never acknowledged, because a line is written together
        // with its line ending.
        replayed.torn = bytes.length;
        return;
      }
      if (bytes.length > 0) replayed.damaged.push(position);
    }
    replayed.unended = !ended;
    replayed.keep = offset + bytes.length + (ended ? 1 : 0);
  });
  return replayed;
}

/**
 * Finds intact lines inside a damaged line. A damaged line may contain several lines if the line endings
 * between them were lost. Returns the number of intact lines.
 */
function salvage(bytes: Buffer, offset: number, receiver: LineReceiver): number {
  let found = 0;
  for (let at = bytes.indexOf(LINE_START); at !== -1; at = bytes.indexOf(LINE_START, at + 1)) {
    const next = bytes.indexOf(LINE_START, at + 1);
    const line = bytes.subarray(at, next === -1 ? undefined : next);
    // If the line ending between two lines was replaced by another octet, the first line ends one octet
    // earlier.
    const length = [line.length, line.length - 1].find((candidate) => isWhole(line.subarray(0, candidate)));
    if (length === undefined) continue;
    if (receiver.take(line.subarray(0, length), { offset: offset + at, length })) found++;
  }
  return found;
}
