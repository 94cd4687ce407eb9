/**
 * Renames or copies damaged files. A damaged file is never deleted: it stays in the directory beside the file
 * that replaces it.
 */
import { copyFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Returns the new name of a damaged file, for example `db.json.damaged-20261130T022312000Z`. */
export const damagedName = (name: string, now: number): string =>
  `${name}.damaged-${new Date(now).toISOString().replace(/[-:.]/g, '')}`;

/** Renames a damaged file, directory or link. Returns the new name without the directory. */
export async function setAside(file: string, now: number): Promise<string> {
  const aside = damagedName(file, now);
  await rename(file, aside);
  return path.basename(aside);
}

/**
 * Copies a damaged file to a new name; the file itself stays in its place. Returns the new name without the
 * directory.
 */
export async function copyAside(file: string, now: number): Promise<string> {
  const aside = damagedName(file, now);
  await copyFile(file, aside);
  return path.basename(aside);
}

/**
 * Writes octets that were removed from a damaged file to a new file in the same directory. Returns the name
 * of the new file.
 */
export async function keepBeside(file: string, octets: Buffer, now: number): Promise<string> {
  const aside = damagedName(file, now);
  await writeFile(aside, octets, { mode: 0o600 });
  return path.basename(aside);
}
