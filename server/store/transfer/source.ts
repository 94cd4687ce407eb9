/** Detects the format of the mail at a path: a Maildir, a folder of `.eml` files, an mbox, or one message. */
import { open, stat } from 'node:fs/promises';
import { readEml, readEmlFolder } from './eml.ts';
import type { MailSource } from './mail-item.ts';
import { isMaildir, readMaildir } from './maildir.ts';
import { readMbox } from './mbox.ts';

export type MailFormat = 'eml' | 'mbox' | 'maildir';

export const MAIL_FORMATS: readonly MailFormat[] = ['eml', 'mbox', 'maildir'];

/**
 * Opens the mail at a path in the detected format. Throws the error of the file system if the path does not
 * exist. Throws an error for a pipe or a device, because it cannot be read at any position.
 */
export async function openSource(path: string): Promise<MailSource> {
  const found = await stat(path);
  if (!found.isDirectory() && !found.isFile()) throw new Error('it is neither a file nor a directory');
  if (found.isDirectory()) {
    return (await isMaildir(path)) ? readMaildir(path) : readEmlFolder(path);
  }
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0);
    return buffer.toString('latin1', 0, bytesRead) === 'From ' ? readMbox(path) : readEml(path);
  } finally {
    await file.close();
  }
}
