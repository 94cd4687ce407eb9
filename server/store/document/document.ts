/**
 * `db.json`: the accounts that a user opened or that a call created, their mailboxes, and the keyed records. Users
 * can read the document, and edit it while the store is closed. The log contains the same data; the document
 * restores what is lost from the log.
 */
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AccountName, MailboxId } from '../ids.ts';
import type { AccountState } from '../model/mail.ts';
import type { MailboxEntry } from '../model/entry.ts';
import type { State } from '../model/state.ts';
import { errorCode } from '../storage-reason.ts';
import { newerVersion, type MailboxRole } from '../store.ts';
import { TimeSlice } from '../../async/time-slice.ts';
import { replaceFile } from '../files/replace-file.ts';

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
  /** Seq of the state that the document contains. */
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

/** Writes the document to a temporary file and renames that file. */
export async function writeDocument(path: string, state: State, sync: boolean): Promise<void> {
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
  const covered = [
    `  "seq": ${seq},\n  "accounts": [`,
    accounts.join(',\n'),
    `  ],\n  "records": {`,
    collections.join(',\n'),
    `  }\n}\n`,
  ].join('\n');
  await replaceFile(path, [`${headOf(VERSION, covered)}${covered}`], sync);
}

/** Returns the lines of the document before the part that the checksum covers. */
const headOf = (version: number, covered: string): string =>
  `{\n  "version": ${version},\n  "sum": "${crc32(covered).toString(16).padStart(8, '0')}",\n`;

export interface ReadDocument {
  readonly document: Document;
  /**
   * Whether the document differs from the written one: it was edited by hand, or damaged without becoming invalid.
   */
  readonly isEdited: boolean;
}

/**
 * Reads the document; returns `undefined` if the file does not exist. Throws when the document is invalid, and
 * `StoreError('newer')` when it is intact and of a newer version.
 */
export async function readDocument(path: string): Promise<ReadDocument | undefined> {
  let octets: Buffer;
  try {
    octets = await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
  const document = JSON.parse(text) as { readonly version?: unknown; readonly sum?: unknown } | null;
  const isWhole = text.startsWith(headOf(Number(document?.version), text.slice(HEAD_LENGTH)));
  if (isWhole && Number(document?.version) > VERSION) {
    throw newerVersion(
      `its db.json has version ${String(document?.version)}, this Restante reads ${VERSION}`,
    );
  }
  if (document?.version !== VERSION) throw new Error(`version ${String(document?.version)} is unknown`);
  if (!isDocument(document)) throw new Error('seq, accounts or records are invalid');
  // Earlier versions wrote no checksum.
  return { document, isEdited: !isWhole && document.sum !== undefined };
}

/** Length of the head for a version number with one digit. */
const HEAD_LENGTH = headOf(VERSION, '').length;

/** Upper limits of valid numbers; a document with a higher number is damaged. */
const LARGEST_SEQ = 2 ** 48;
const LARGEST_UID_VALIDITY = 0xffff_0000;

type Fields<T> = { readonly [K in keyof T]?: unknown };

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function isDocument(value: object): value is Document & { readonly sum?: unknown } {
  const { seq, accounts, records } = value as Fields<Document>;
  return (
    Number.isSafeInteger(seq) &&
    Number(seq) >= 0 &&
    Number(seq) < LARGEST_SEQ &&
    Array.isArray(accounts) &&
    accounts.every(isAccount) &&
    isObject(records) &&
    Object.values(records).every(isObject)
  );
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isAccount(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, createdAt, opened, minted, password, mailboxes, subscriptions } =
    value as Fields<AccountDocument>;
  return (
    typeof name === 'string' &&
    name !== '' &&
    typeof createdAt === 'number' &&
    typeof opened === 'boolean' &&
    typeof minted === 'boolean' &&
    (password === null || typeof password === 'string') &&
    Array.isArray(mailboxes) &&
    mailboxes.every(isMailbox) &&
    isTexts(subscriptions)
  );
}

const ROLES: ReadonlySet<unknown> = new Set<MailboxRole | null>([
  'inbox',
  'sent',
  'drafts',
  'trash',
  'junk',
  'archive',
  null,
]);

function isMailbox(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, name, role, uidValidity } = value as Fields<AccountDocument['mailboxes'][number]>;
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    name !== '' &&
    ROLES.has(role) &&
    Number.isInteger(uidValidity) &&
    Number(uidValidity) > 0 &&
    Number(uidValidity) < LARGEST_UID_VALIDITY
  );
}

/** Returns the mailboxes of a document as the entries that would create them. */
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
