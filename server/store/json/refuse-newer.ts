/** Refuses a data directory that a newer version of Restante wrote, before any file in it is changed. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DocumentFile } from '../document/index.ts';
import { isWhole } from '../log/line.ts';
import { readFirstLine } from '../log/line-reader.ts';
import { StoreError } from '../store.ts';
import { decodeLine } from './entry-line.ts';
import { assertReadable } from './migrations.ts';

/**
 * Throws `StoreError('newer')` if a newer version of Restante wrote a file of the directory. Missing and
 * damaged files are not an error here; they are repaired when the store is opened.
 */
export async function refuseNewer(directory: string): Promise<void> {
  await assertOurs(path.join(directory, 'db.json'), (file) => new DocumentFile(file).read());
  await assertOurs(path.join(directory, 'messages.jsonl'), async (file) => {
    const line = await readFirstLine(file);
    if (!isWhole(line)) return;
    for (const entry of decodeLine(line)) if (entry.do === 'log') assertReadable(entry.version);
  });
}

/**
 * Runs a function that reads a file in order to find its version. Rejects only with a `StoreError`; other
 * errors are ignored.
 */
async function assertOurs(file: string, read: (file: string) => Promise<unknown>): Promise<void> {
  try {
    // Only regular files are read, because reading a named pipe, for example, might never end.
    if ((await stat(file)).isFile()) await read(file);
  } catch (error) {
    if (error instanceof StoreError) throw error;
  }
}
