/**
 * The content and the text format of the document `db.json`. The text is JSON with one account or one record
 * in each line, which users can read and edit, and with a checksum of all lines below the checksum.
 */
import { crc32 } from 'node:zlib';
import { TimeSlice } from '../../async/time-slice.ts';
import type { AccountName, MailboxId } from '../ids.ts';
import { newerVersion, type MailboxRole } from '../store.ts';

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
  /** Number (seq) of the last change of the store that the document contains. */
  readonly seq: number;
  readonly accounts: readonly AccountDocument[];
  readonly records: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const EMPTY_DOCUMENT: Document = { seq: 0, accounts: [], records: {} };

/**
 * Returns the text of a document. Works in short time slices, because a document of many accounts would block
 * the event loop.
 */
export async function encodeDocument({ seq, accounts, records }: Document): Promise<string> {
  const slice = new TimeSlice();
  const lines: string[] = [];
  for (const account of accounts) {
    if (slice.over) await slice.rest();
    lines.push(`    ${JSON.stringify(account)}`);
  }
  const collections = Object.entries(records).map(([collection, values]) => {
    const members = Object.entries(values).map(
      ([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    return `    ${JSON.stringify(collection)}: {\n${members.join(',\n')}\n    }`;
  });
  const covered = [
    `  "seq": ${seq},\n  "accounts": [`,
    lines.join(',\n'),
    `  ],\n  "records": {`,
    collections.join(',\n'),
    `  }\n}\n`,
  ].join('\n');
  return `${headOf(VERSION, covered)}${covered}`;
}

/** Returns the first lines of the document, which the checksum does not cover. */
const headOf = (version: number, covered: string): string =>
  `{\n  "version": ${version},\n  "sum": "${crc32(covered).toString(16).padStart(8, '0')}",\n`;

/**
 * Length in characters of the first lines of the document, which the checksum does not cover; valid for a version
 * number with one digit.
 */
const HEAD_LENGTH = headOf(VERSION, '').length;

export interface DecodedDocument {
  readonly document: Document;
  /**
   * Whether the file was changed since the program wrote it: it was edited by hand, or damaged but still
   * valid JSON.
   */
  readonly isEdited: boolean;
}

/**
 * Reads the text of a document. Throws `StoreError('newer')` for an intact document of a newer version, and another
 * error for an invalid document.
 */
export function decodeDocument(octets: Uint8Array): DecodedDocument {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
  const { version, sum, ...document } = (JSON.parse(text) ?? {}) as Fields<StoredDocument>;
  const isWhole = text.startsWith(headOf(Number(version), text.slice(HEAD_LENGTH)));
  if (isWhole && Number(version) > VERSION) {
    throw newerVersion(`its db.json has version ${String(version)}, this Restante reads up to ${VERSION}`);
  }
  if (version !== VERSION) throw new Error(`version ${String(version)} is unknown`);
  if (!isDocument(document)) throw new Error('seq, accounts or records are invalid');
  // A document without a checksum is not regarded as edited, because the first releases wrote no checksum.
  return { document, isEdited: !isWhole && sum !== undefined };
}

interface StoredDocument extends Document {
  readonly version: number;
  readonly sum: string;
}

/**
 * Upper limits of the change number and the UIDVALIDITY in a document. A document with a higher number is
 * damaged.
 */
const LARGEST_SEQ = 2 ** 48;
const LARGEST_UID_VALIDITY = 0xffff_0000;

type Fields<T> = { readonly [K in keyof T]?: unknown };

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function isDocument(value: Fields<Document>): value is Document {
  const { seq, accounts, records } = value;
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
