/** Mounts a file system of a few megabytes for one test; this requires root and Linux. */
import { execFileSync, spawnSync } from 'node:child_process';
import { statfsSync, writeFileSync } from 'node:fs';
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

/** Fills the file system to its last block; returns the path of the file that uses the space. */
export function fillDisk(disk: string, name = 'filler'): string {
  const filler = path.join(disk, name);
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  return filler;
}
