/** The rows that a change needs in memory, so that the engine can plan it. */
import type { AccountName, MailboxId, MessageId, Uid } from '../ids.ts';

export interface Need {
  /** Accounts with all their mailboxes. The account `all` is always loaded. */
  readonly accounts?: readonly AccountName[];
  /** Mailboxes, with their accounts. */
  readonly mailboxes?: readonly MailboxId[];
  /** Messages with all their placements. */
  readonly messages?: readonly MessageId[];
  /** Messages with these UIDs in a mailbox, with all their placements. */
  readonly placements?: { readonly mailbox: MailboxId; readonly uids: readonly Uid[] };
  /** All messages of an account's mailboxes, or of its mailbox with a name, with all their placements. */
  readonly contents?: { readonly account: AccountName; readonly name?: string };
  /** The messages that arrived first. */
  readonly oldest?: number;
  /** For each of these accounts, the first messages of its INBOX. */
  readonly oldestOf?: readonly { readonly account: AccountName; readonly count: number }[];
  readonly records?: readonly { readonly collection: string; readonly key: string }[];
  /** Flags whose first spelling is needed. */
  readonly flags?: readonly string[];
}

type Lists = {
  [K in keyof Need]-?: NonNullable<Need[K]> extends readonly (infer E)[] ? E[] : NonNullable<Need[K]>[];
};

/** The rows that several changes need together. */
export type Needs = Omit<Lists, 'oldest'> & { oldest: number };

export function combine(needs: readonly Need[]): Needs {
  const all: Needs = {
    accounts: [],
    mailboxes: [],
    messages: [],
    placements: [],
    contents: [],
    oldest: 0,
    oldestOf: [],
    records: [],
    flags: [],
  };
  for (const need of needs) {
    all.accounts.push(...(need.accounts ?? []));
    all.mailboxes.push(...(need.mailboxes ?? []));
    all.messages.push(...(need.messages ?? []));
    if (need.placements !== undefined) all.placements.push(need.placements);
    if (need.contents !== undefined) all.contents.push(need.contents);
    all.oldest = Math.max(all.oldest, need.oldest ?? 0);
    all.oldestOf.push(...(need.oldestOf ?? []));
    all.records.push(...(need.records ?? []));
    all.flags.push(...(need.flags ?? []));
  }
  return all;
}
