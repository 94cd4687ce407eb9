/** Detects an endless GIF animation: several frames, and a NETSCAPE2.0 block (GIF89a) that repeats them for ever. */

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const APPLICATION = 0xff;

/** Returns the size in octets of a colour table, from the flags of its descriptor. */
const tableSize = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));

/** Returns the index in the GIF file after a chain of sub-blocks that starts at `start`. */
function afterBlocks(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== 0) at += (bytes[at] ?? 0) + 1;
  return at + 1;
}

/**
 * Returns the number of repetitions that the NETSCAPE2.0 block at offset `at` requests, where 0 means for
 * ever; `null` if the block has another type.
 */
function loopsAt(bytes: Buffer, at: number): number | null {
  const isLoop = bytes[at + 1] === APPLICATION && bytes.toString('latin1', at + 3, at + 14) === 'NETSCAPE2.0';
  return isLoop && at + 18 <= bytes.length ? bytes.readUInt16LE(at + 16) : null;
}

export function isEndlessGif(bytes: Buffer): boolean {
  if (!/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return false;
  let frames = 0;
  let endless = false;
  let at = 13 + tableSize(bytes[10] ?? 0);
  while (at < bytes.length) {
    if (bytes[at] === EXTENSION) {
      endless ||= loopsAt(bytes, at) === 0;
      at = afterBlocks(bytes, at + 2);
    } else if (bytes[at] === IMAGE) {
      frames++;
      at = afterBlocks(bytes, at + 11 + tableSize(bytes[at + 9] ?? 0));
    } else break;
    if (endless && frames > 1) return true;
  }
  return false;
}
