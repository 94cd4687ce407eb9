/** Imports mail into a store, and exports mail from it. */
import type { AccountName, MailboxId } from '../ids.ts';
import type { Query } from '../find/language/ast.ts';
import { StoreError, type Store, type Target } from '../store.ts';
import { writeEml } from './eml.ts';
import { isProblem, type MailItem, type MailProblem, type MailSource } from './mail-item.ts';
import { writeMaildir } from './maildir.ts';
import { writeMbox } from './mbox.ts';
import type { MailFormat } from './source.ts';

/** Number of messages that are requested from the store at once during an export. */
const PAGE = 200;

export interface ImportReport {
  readonly imported: number;
  /** Messages that could not be read or stored, with the reasons. */
  readonly problems: readonly MailProblem[];
}

/** Imports all messages of a source into an account; the folders of a Maildir become mailboxes of the account. */
export async function importMail(
  store: Store,
  source: MailSource,
  account: AccountName,
  onProgress: (imported: number) => void = () => undefined,
): Promise<ImportReport> {
  const problems: MailProblem[] = [];
  let imported = 0;
  for await (const item of source) {
    if (isProblem(item)) {
      problems.push(item);
      continue;
    }
    try {
      await importItem(store, item, account);
      onProgress(++imported);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'closed') throw error;
      problems.push({ source: item.source, problem: error.message });
    }
  }
  return { imported, problems };
}

async function importItem(store: Store, item: MailItem, account: AccountName): Promise<void> {
  const { raw, receivedAt, flags, from, folder, tags } = item;
  const target: Target =
    folder === null ? { account, flags } : { mailbox: await mailboxFor(store, account, folder), flags };
  await store.messages.add({
    raw,
    envelope: { from: { address: from ?? '', parameters: {} }, to: [] },
    origin: { kind: 'import', session: null, peer: null, helo: null, tls: null, user: null },
    targets: [target],
    ...(receivedAt !== null && { receivedAt }),
    ...(tags !== undefined && { tags }),
  });
}

async function mailboxFor(store: Store, account: AccountName, folder: string): Promise<MailboxId> {
  const known = await store.mailboxes.find(account, folder);
  if (known !== undefined) return known.id;
  await store.accounts.open(account);
  return ((await store.mailboxes.find(account, folder)) ?? (await store.mailboxes.create(account, folder)))
    .id;
}

/**
 * Iterates over the messages of an account's INBOX, oldest first. A message whose bytes are missing is passed to
 * `onProblem`.
 */
export async function* exportItems(
  store: Store,
  account: AccountName,
  query: Query | undefined,
  onProblem: (problem: MailProblem) => void,
): AsyncGenerator<MailItem> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['messages']['list']>> = await store.messages.list({
      account,
      limit: PAGE,
      order: 'oldest',
      ...(query !== undefined && { query }),
      ...(cursor !== null && { cursor }),
    });
    for (const { summary, seen, flagged } of page.messages) {
      const raw = await store.messages.raw(summary.id);
      const source = summary.id;
      if (raw === undefined) onProblem({ source, problem: 'its bytes are missing' });
      const flags = [...(seen ? ['\\Seen'] : []), ...(flagged ? ['\\Flagged'] : [])];
      const { receivedAt, envelope } = summary;
      if (raw !== undefined) yield { source, raw, receivedAt, flags, from: envelope.from, folder: null };
    }
    cursor = page.next;
  } while (cursor !== null);
}

/**
 * Writes messages to a new file or folder, or into an existing folder; an existing file is an error. Returns the
 * number of written messages.
 */
export function writeMail(path: string, format: MailFormat, items: AsyncIterable<MailItem>): Promise<number> {
  switch (format) {
    case 'eml':
      return writeEml(path, items);
    case 'mbox':
      return writeMbox(path, items);
    case 'maildir':
      return writeMaildir(path, items);
  }
}
