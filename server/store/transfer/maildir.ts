/**
 * Reads and writes Maildir and Maildir++: one file for each message in `cur` and `new`, flags in the file name,
 * folders as `.Name.Sub`.
 */
import { readdir, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../files/make-directory.ts';
import { returnPath, withCrlf, type MailItem, type MailProblem } from './mail-item.ts';
import { readMessageFile } from './message-file.ts';

/**
 * The letters for flags in the info part (the end) of a Maildir file name, in the required alphabetical
 * order.
 */
const LETTERS: readonly (readonly [letter: string, flag: string])[] = [
  ['D', '\\Draft'],
  ['F', '\\Flagged'],
  ['P', '$Forwarded'],
  ['R', '\\Answered'],
  ['S', '\\Seen'],
  ['T', '\\Deleted'],
];

/**
 * Returns the IMAP flags in a Maildir file name. They are after a `:`, or after a `;` or `!` on systems whose
 * file names cannot contain `:`.
 */
function flagsOf(name: string): string[] {
  const letters = /[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? '';
  return LETTERS.flatMap(([letter, flag]) => (letters.includes(letter) ? [flag] : []));
}

/** Returns whether a directory has the structure of a Maildir. */
export async function isMaildir(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch((): string[] => []);
  return names.includes('cur') && names.includes('new');
}

export async function* readMaildir(directory: string): AsyncGenerator<MailItem | MailProblem> {
  yield* readFolder(directory, null);
  for (const name of (await readdir(directory)).sort()) {
    const below = path.join(directory, name);
    if (name.startsWith('.') && name.length > 1 && (await isMaildir(below))) {
      yield* readFolder(below, name.slice(1).replaceAll('.', '/'));
    }
  }
}

async function* readFolder(directory: string, folder: string | null): AsyncGenerator<MailItem | MailProblem> {
  for (const part of ['cur', 'new']) {
    const names = await readdir(path.join(directory, part)).catch(() => []);
    for (const name of names.filter((each) => !each.startsWith('.')).sort()) {
      const file = path.join(directory, part, name);
      try {
        const { bytes, mtimeMs } = await readMessageFile(file);
        const raw = withCrlf(bytes);
        const flags = part === 'cur' ? flagsOf(name) : [];
        yield { source: file, raw, receivedAt: Math.floor(mtimeMs), flags, from: returnPath(raw), folder };
      } catch (error) {
        yield { source: file, problem: error instanceof Error ? error.message : String(error) };
      }
    }
  }
}

/**
 * Writes messages with unchanged bytes as a Maildir; their folders become Maildir++ folders. Returns the number
 * of messages.
 */
export async function writeMaildir(directory: string, items: AsyncIterable<MailItem>): Promise<number> {
  const made = new Set<string>();
  let count = 0;
  for await (const { raw, receivedAt, flags, folder } of items) {
    const below = folder === null ? directory : path.join(directory, `.${folderName(folder)}`);
    if (!made.has(below)) {
      for (const part of ['cur', 'new', 'tmp']) await makeDirectory(path.join(below, part));
      made.add(below);
    }
    const letters = LETTERS.filter(([, flag]) => flags.includes(flag)).map(([letter]) => letter);
    const seconds = Math.floor((receivedAt ?? 0) / 1000);
    const unique = `${seconds}.M${String(++count).padStart(6, '0')}P${process.pid}.restante`;
    const temporary = path.join(below, 'tmp', unique);
    await writeFile(temporary, raw, { flag: 'wx' });
    if (receivedAt !== null) await utimes(temporary, receivedAt / 1000, receivedAt / 1000);
    await rename(temporary, path.join(below, 'cur', `${unique}:2,${letters.join('')}`));
  }
  return count;
}

/**
 * Returns the directory name for a folder. Levels are separated by dots; characters that could lead out of
 * the Maildir are removed.
 */
const folderName = (folder: string): string =>
  folder
    .split('/')
    .map((level) => level.replace(/[./\\\0]/g, '_'))
    .join('.');
