/** Reads a log line by line. The log is read in blocks, and other work can run between two blocks. */
import { open } from 'node:fs/promises';

/**
 * Number of octets in a block. A block contains the lines of a few hundred messages, which are processed in a
 * few milliseconds.
 */
const BLOCK = 1 << 19;
/**
 * Number of octets that are read for the first line. They suffice, because this line contains little more
 * than the version of the log's format.
 */
const FIRST_LINE = 1 << 12;
const LF = 10;

export interface RawLine {
  /** The line without its line ending. The buffer is valid until the next line is read. */
  readonly bytes: Buffer;
  readonly offset: number;
  /** Whether the line has a line ending. The last line of the file may have none. */
  readonly ended: boolean;
}

/** Returns the first line of a log without its line ending; only the first 4 KB of a longer line. */
export async function readFirstLine(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_LINE), 0, FIRST_LINE, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(LF);
    return buffer.subarray(0, end === -1 ? bytesRead : end);
  } finally {
    await file.close();
  }
}

/** Calls `take` with every line of the log, in the order of the log. */
export async function readLines(path: string, take: (line: RawLine) => void): Promise<void> {
  const file = await open(path, 'r');
  try {
    let buffer = Buffer.allocUnsafe(BLOCK * 2);
    let filled = 0;
    let base = 0;
    for (;;) {
      if (buffer.length - filled < BLOCK)
        buffer = Buffer.concat([buffer.subarray(0, filled)], filled + BLOCK * 2);
      const { bytesRead } = await file.read(buffer, filled, BLOCK, base + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
      const block = buffer.subarray(0, filled);
      let start = 0;
      for (let end = block.indexOf(LF); end !== -1; end = block.indexOf(LF, start)) {
        take({ bytes: block.subarray(start, end), offset: base + start, ended: true });
        start = end + 1;
      }
      buffer.copyWithin(0, start, filled);
      filled -= start;
      base += start;
    }
    if (filled > 0) take({ bytes: buffer.subarray(0, filled), offset: base, ended: false });
  } finally {
    await file.close();
  }
}
