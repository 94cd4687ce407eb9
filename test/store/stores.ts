/** Opens stores for tests; they are closed and removed when the running test ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { accountName, type AccountName, type MailboxId, type Uid } from '../../server/store/ids.ts';
import type { JsonStoreOptions } from '../../server/store/json/options.ts';
import { openJsonStore } from '../../server/store/json/index.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import type { MailboxInfo, Store } from '../../server/store/store.ts';
import type { OpenStore } from './conformance.ts';

export const alice = accountName('alice@example.test');
export const bob = accountName('bob@example.test');

/** The path of the worker that prepares messages, as `npm test` has built it. */
export const builtThread = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'job-worker.js');

export const uids = (...numbers: number[]): Uid[] => numbers as Uid[];

export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'restante-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

export const openMemory: OpenStore = async (options) => {
  const store = await openMemoryStore(options);
  onTestFinished(() => store.close());
  return store;
};

/** Opens a directory. A caller that closes the store may open the directory again. */
export async function openIn(directory: string, options: JsonStoreOptions = {}): Promise<Store> {
  const store = await openJsonStore(directory, options);
  onTestFinished(() => store.close());
  return store;
}

export const openJson: OpenStore = (options) => openIn(temporaryDirectory(), options);

/** Returns the mailbox with this name, which must exist. */
export async function mailboxOf(store: Store, account: AccountName, name = 'INBOX'): Promise<MailboxInfo> {
  const mailbox = await store.mailboxes.find(account, name);
  if (mailbox === undefined) throw new Error(`${account} has no ${name}`);
  return mailbox;
}

/** Returns the UIDs and flags of a mailbox, such as `1:\Seen`. */
export async function contents(store: Store, mailbox: MailboxId): Promise<string[]> {
  return (await store.placements.list(mailbox)).map(({ uid, flags }) => `${uid}:${flags.join(' ')}`);
}
