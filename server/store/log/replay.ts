/** Reads a log from its start: passes on every intact line, and notes the damage. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Position } from '../position.ts';
import { isWhole, LINE_START } from './line.ts';
import { readLines, type RawLine } from './line-reader.ts';

/** Receives the intact lines of a log, in order. */
export interface LineReceiver {
  /** Called before the first line. @param size the size of the log in octets */
  begin(size: number): void;
  /**
   * Receives a line without its line ending; the buffer is valid until the method returns. Returns false for a line
   * whose content is invalid, which then counts as damaged. An error that it throws ends the replay.
   */
  take(line: Buffer, position: Position): boolean;
}

/** The condition of a log. */
export interface Replayed {
  /** Number of lines, the damaged ones included. */
  readonly lines: number;
  /** Positions of the damaged lines. */
  readonly damaged: readonly Position[];
  /** Octets of the log up to a torn last line. */
  readonly keep: number;
  /** Octets of the torn last line; 0 if the last line is intact. */
  readonly torn: number;
  /** Whether the last line was not torn but lacks its line ending. */
  readonly unended: boolean;
}

/** The condition of a log that does not exist. */
export const NOTHING_READ: Replayed = { lines: 0, damaged: [], keep: 0, torn: 0, unended: false };

/** Reads a log in time slices. Throws the error of the file system, or of the receiver. */
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
        // The line was never acknowledged, because a line and its line ending are written together.
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
 * Finds intact lines inside a damaged line: the line endings between them were lost. Returns the number of the lines
 * that were found.
 */
function salvage(bytes: Buffer, offset: number, receiver: LineReceiver): number {
  let found = 0;
  for (let at = bytes.indexOf(LINE_START); at !== -1; at = bytes.indexOf(LINE_START, at + 1)) {
    const next = bytes.indexOf(LINE_START, at + 1);
    const line = bytes.subarray(at, next === -1 ? undefined : next);
    // One octet may have replaced the line ending.
    const length = [line.length, line.length - 1].find((candidate) => isWhole(line.subarray(0, candidate)));
    if (length === undefined) continue;
    if (receiver.take(line.subarray(0, length), { offset: offset + at, length })) found++;
  }
  return found;
}
