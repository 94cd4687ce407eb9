/** The rows that a change needs in memory, so that the engine can plan the change. */
import type { AccountName, MailboxId, MessageId, Uid } from '../ids.ts';

export interface Need {
  /** Accounts that are loaded with all their mailboxes. The account `all` is always loaded. */
  readonly accounts?: readonly AccountName[];
  /** Mailboxes that are loaded, with their accounts. */
  readonly mailboxes?: readonly MailboxId[];
  /** Messages that are loaded with all their placements in mailboxes. */
  readonly messages?: readonly MessageId[];
  /** UIDs in a mailbox: the messages with these UIDs are loaded with all their placements in mailboxes. */
  readonly placements?: { readonly mailbox: MailboxId; readonly uids: readonly Uid[] };
  /**
   * An account, and optionally the name of one of its mailboxes: all messages in the account or in this mailbox are
   * loaded with all their placements in mailboxes.
   */
  readonly contents?: { readonly account: AccountName; readonly name?: string };
  /** The number of the oldest messages of the store that are loaded. */
  readonly oldest?: number;
  /** For each of these accounts, the given number of the oldest messages in its INBOX is loaded. */
  readonly oldestOf?: readonly { readonly account: AccountName; readonly count: number }[];
  readonly records?: readonly { readonly collection: string; readonly key: string }[];
  /** Flags whose original spelling, in which the store first received them, is loaded. */
  readonly flags?: readonly string[];
}

type Lists = {
  [K in keyof Need]-?: NonNullable<Need[K]> extends readonly (infer E)[] ? E[] : NonNullable<Need[K]>[];
};

/** The combined needs of several changes, whose rows are loaded together. */
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
