/** A file system of some megabytes for one test. Mounting needs root and Linux. */
import { execFileSync, spawnSync } from 'node:child_process';
import { statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './program.ts';

/** Mounts a file system in memory and returns its directory; `null` where mounting is not permitted. */
export function mountSmallDisk(megabytes = 6): string | null {
  const directory = temporaryDirectory();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
  if (status !== 0) return null;
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return directory;
}

/** Fills the disk to its last block. Returns the file that takes up the room. */
export function fillDisk(disk: string, name = 'filler'): string {
  const filler = path.join(disk, name);
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  return filler;
}
