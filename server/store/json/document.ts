/**
 * `db.json`: accounts that somebody opened or minted, their mailboxes, and the keyed records, for people to read,
 * and to edit while nothing runs. The log has it all as well; the document mends what the log has lost.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { AccountName, MailboxId } from '../ids.ts';
import type { AccountState } from '../state/account-state.ts';
import type { MailboxEntry } from '../state/entry.ts';
import type { State } from '../state/state.ts';
import type { MailboxRole } from '../store.ts';
import { TimeSlice } from '../time-slice.ts';

const VERSION = 1;

export interface AccountDocument {
  readonly name: AccountName;
  readonly createdAt: number;
  readonly opened: boolean;
  readonly minted: boolean;
  readonly password: string | null;
  readonly mailboxes: readonly {
    readonly id: MailboxId;
    readonly name: string;
    readonly role: MailboxRole | null;
    readonly uidValidity: number;
  }[];
  readonly subscriptions: readonly string[];
}

export interface Document {
  readonly version: number;
  /** Seq of the state that it shows. */
  readonly seq: number;
  readonly accounts: readonly AccountDocument[];
  readonly records: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const accountDocument = (account: AccountState): AccountDocument => ({
  name: account.name,
  createdAt: account.createdAt,
  opened: account.opened,
  minted: account.minted,
  password: account.password,
  mailboxes: [...account.mailboxes()].map(({ id, name, role, uidValidity }) => ({
    id,
    name,
    role,
    uidValidity,
  })),
  subscriptions: [...account.subscriptions],
});

/** Writes it anew under another name, then puts it in its place. */
export async function writeDocument(path: string, state: State): Promise<void> {
  const slice = new TimeSlice();
  const seq = state.seq;
  const accounts: string[] = [];
  for (const account of [...state.accounts.values()]) {
    if (slice.over) await slice.rest();
    if (!account.forgettable) accounts.push(`    ${JSON.stringify(accountDocument(account))}`);
  }
  const collections = [...state.records].map(([collection, records]) => {
    const lines = [...records].map(
      ([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    return `    ${JSON.stringify(collection)}: {\n${lines.join(',\n')}\n    }`;
  });
  const text = [
    `{\n  "version": ${VERSION},\n  "seq": ${seq},\n  "accounts": [`,
    accounts.join(',\n'),
    `  ],\n  "records": {`,
    collections.join(',\n'),
    `  }\n}\n`,
  ].join('\n');
  await writeFile(`${path}.part`, text, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

/** The document; `undefined` when there is none; throws when it cannot be understood. */
export async function readDocument(path: string): Promise<Document | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const document = JSON.parse(text) as Document;
  if (document.version !== VERSION) throw new Error(`version ${String(document.version)} is not known`);
  const readable =
    Number.isSafeInteger(document.seq) &&
    Array.isArray(document.accounts) &&
    typeof document.records === 'object' &&
    document.accounts.every(({ name, mailboxes }) => typeof name === 'string' && Array.isArray(mailboxes));
  if (!readable) throw new Error('seq, accounts or records are not what they should be');
  return document;
}

/** The mailboxes of a document as the entries that would make them. */
export function documentMailboxes(document: Document | undefined): Map<MailboxId, MailboxEntry> {
  const entries = new Map<MailboxId, MailboxEntry>();
  for (const account of document?.accounts ?? []) {
    for (const { id, name, role, uidValidity } of account.mailboxes) {
      const facts = {
        account: account.name,
        at: account.createdAt,
        seq: 0 as MailboxEntry['seq'],
        change: null,
      };
      entries.set(id, { do: 'mailbox', mailbox: id, name, role, uidValidity, ...facts });
    }
  }
  return entries;
}
