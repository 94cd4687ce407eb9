/**
 * Renames or copies damaged files. A damaged file is never deleted: it stays in the directory beside the file
 * that replaces it.
 */
import { existsSync } from 'node:fs';
import { copyFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const stamped = (file: string, time: number): string =>
  `${file}.damaged-${new Date(time).toISOString().replace(/[-:.]/g, '')}`;

/**
 * Returns an unused path for a damaged file, for example `db.json.damaged-20261130T022312000Z`. If two pieces of a
 * file are set aside within one millisecond, the name of the second contains the next millisecond.
 * @param now milliseconds since 1970
 */
export function damagedPath(file: string, now: number): string {
  let time = now;
  while (existsSync(stamped(file, time))) time++;
  return stamped(file, time);
}

/** Renames a damaged file, directory or link. Returns the new name without the directory. */
export async function setAside(file: string, now: number): Promise<string> {
  const aside = damagedPath(file, now);
  await rename(file, aside);
  return path.basename(aside);
}

/**
 * Copies a damaged file to a new name; the file itself stays in its place. Returns the new name without the
 * directory.
 */
export async function copyAside(file: string, now: number): Promise<string> {
  const aside = damagedPath(file, now);
  await copyFile(file, aside);
  return path.basename(aside);
}

/**
 * Writes octets that were removed from a damaged file to a new file in the same directory. Returns the name
 * of the new file.
 */
export async function keepBeside(file: string, octets: Buffer, now: number): Promise<string> {
  const aside = damagedPath(file, now);
  await writeFile(aside, octets, { mode: 0o600 });
  return path.basename(aside);
}
