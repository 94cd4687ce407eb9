/** Mounts a file system of a few megabytes for one test; this requires root and Linux. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './program.ts';

/** Mounts a file system in memory and returns its folder; returns `null` if mounting is not permitted. */
export function mountSmallDisk(megabytes = 6): string | null {
  const directory = temporaryDirectory();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
  if (status !== 0) return null;
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return directory;
}

/**
 * Fills the file system to its last block; returns the path of the file that uses the space. The server may write or
 * delete files of its own at the same time, so the file grows until a write fails, not by a size computed before.
 */
export function fillDisk(disk: string, name = 'filler'): string {
  const filler = path.join(disk, name);
  const file = openSync(filler, 'a');
  try {
    for (const size of [1 << 20, 1 << 12]) {
      const octets = Buffer.alloc(size);
      while (isWritten(file, octets));
    }
  } finally {
    closeSync(file);
  }
  return filler;
}

/** Appends octets to a file. Returns false if the disk has no space for all of them; then some may be written. */
function isWritten(file: number, octets: Buffer): boolean {
  try {
    return writeSync(file, octets) === octets.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
