/** Converts between the store's state in memory and the document `db.json`. */
import { TimeSlice } from '../../async/time-slice.ts';
import type { MailboxId } from '../ids.ts';
import type { MailboxEntry } from '../model/entry.ts';
import type { AccountState } from '../model/mail.ts';
import type { State } from '../model/state.ts';
import type { AccountDocument, Document } from './format.ts';

/**
 * Returns the accounts, mailboxes and records of the state as a document. Works in short time slices, because
 * many accounts would block the event loop.
 */
export async function documentOf(state: State): Promise<Document> {
  const slice = new TimeSlice();
  // The document has the seq (change number) of the state before the first time slice. Changes that happen
  // between two time slices may be in the document or not; the log contains all of them, with a higher seq.
  const { seq } = state;
  const accounts: AccountDocument[] = [];
  for (const account of [...state.accounts.values()]) {
    if (slice.over) await slice.rest();
    if (!account.forgettable) accounts.push(accountDocument(account));
  }
  const records = Object.fromEntries(
    [...state.records].map(([collection, values]) => [collection, Object.fromEntries(values)]),
  );
  return { seq, accounts, records };
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

/** Returns the log entries that create the mailboxes of a document, by mailbox id. */
export function documentMailboxes({ accounts }: Document): Map<MailboxId, MailboxEntry> {
  const entries = new Map<MailboxId, MailboxEntry>();
  for (const account of accounts) {
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
