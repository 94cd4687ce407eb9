/** Reads a log from its start: passes every intact line to a receiver, and records where lines are damaged. */
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
   * Receives a line without its line ending; the buffer is valid until the method returns. Returns false for a
   * line whose content is invalid, which is then recorded as damaged. An error that the method throws ends the
   * replay.
   */
  take(line: Buffer, position: Position): boolean;
}

/** The condition of a log file: its number of lines and its damage. */
export interface Replayed {
  /** Number of lines, including the damaged ones. */
  readonly lines: number;
  /** Positions of the damaged lines in the log. */
  readonly damaged: readonly Position[];
  /** Number of octets before an incomplete last line; the size of the log if the last line is complete. */
  readonly keep: number;
  /** Number of octets of an incomplete last line; 0 if the last line is intact. */
  readonly torn: number;
  /** Whether the last line is complete except for its missing line ending. */
  readonly unended: boolean;
}

/** The condition that is reported for a log that does not exist. */
export const NOTHING_READ: Replayed = { lines: 0, damaged: [], keep: 0, torn: 0, unended: false };

/** Reads a log in time slices. Throws the error of the file system or of the receiver. */
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
        // An incomplete last line was never acknowledged, because a line and its line ending are written
        // together.
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
 * Finds intact lines inside a damaged line, which exist if the line endings between them were lost. Returns the
 * number of lines found.
 */
function salvage(bytes: Buffer, offset: number, receiver: LineReceiver): number {
  let found = 0;
  for (let at = bytes.indexOf(LINE_START); at !== -1; at = bytes.indexOf(LINE_START, at + 1)) {
    const next = bytes.indexOf(LINE_START, at + 1);
    const line = bytes.subarray(at, next === -1 ? undefined : next);
    // Damage may have replaced the line ending by one other octet; in this case the intact line is one octet
    // shorter.
    const length = [line.length, line.length - 1].find((candidate) => isWhole(line.subarray(0, candidate)));
    if (length === undefined) continue;
    if (receiver.take(line.subarray(0, length), { offset: offset + at, length })) found++;
  }
  return found;
}
