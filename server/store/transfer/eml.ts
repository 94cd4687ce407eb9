/**
 * Reads and writes messages as separate `.eml` files, in a folder and its subfolders. The bytes of the messages
 * are not changed.
 */
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../files/make-directory.ts';
import { returnPath, type MailItem, type MailProblem } from './mail-item.ts';
import { readMessageFile } from './message-file.ts';

export async function* readEml(file: string): AsyncGenerator<MailItem | MailProblem> {
  try {
    const { bytes: raw, mtimeMs } = await readMessageFile(file);
    yield {
      source: file,
      raw,
      receivedAt: Math.floor(mtimeMs),
      flags: [],
      from: returnPath(raw),
      folder: null,
    };
  } catch (error) {
    yield { source: file, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Iterates over all `.eml` files in a folder and its subfolders, by name. */
export async function* readEmlFolder(folder: string): AsyncGenerator<MailItem | MailProblem> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((each) => /\.eml$/i.test(each)).sort())
    yield* readEml(path.join(folder, name));
}

/**
 * Writes each message to a file `NNNNNN-id.eml`, whose modification time is the time of receipt of the
 * message. Returns the number of messages.
 */
export async function writeEml(folder: string, items: AsyncIterable<MailItem>): Promise<number> {
  await makeDirectory(folder);
  let count = 0;
  for await (const { raw, receivedAt } of items) {
    const file = path.join(folder, `${String(++count).padStart(6, '0')}.eml`);
    await writeFile(file, raw, { flag: 'wx' });
    if (receivedAt !== null) await utimes(file, receivedAt / 1000, receivedAt / 1000);
  }
  return count;
}
