/** Applies log entries that change mailboxes to the state. */
import type { Change } from '../../changes.ts';
import type { MailboxEntry, MailboxGoneEntry, RecentEntry, SubscribeEntry } from '../entry.ts';
import type { State } from '../state.ts';

export function mailbox(state: State, entry: MailboxEntry): readonly Change[] {
  const { role, uidValidity, name } = entry;
  const account = state.accounts.get(entry.account) ?? state.addAccount(entry.account, entry.at);
  const known = state.mailboxes.get(entry.mailbox);
  if (known !== undefined) {
    if (known.name !== name || known.uidValidity !== uidValidity || known.account !== account) {
      state.retire(known.account.name, known.name, known.uidValidity);
    }
    known.account.detach(known);
    Object.assign(known, { account, name, role, uidValidity });
    account.attach(known);
    known.touch(entry.seq);
  } else {
    const facts = { name, role, uidValidity, modseq: entry.kept?.modseq ?? entry.seq };
    const made = state.addMailbox(entry.mailbox, account, facts);
    if (entry.kept !== undefined) {
      made.uidNext = entry.kept.uidNext;
      made.recent = entry.kept.recent;
      made.restoreHistory(entry.kept.expunged ?? [], entry.kept.floor ?? entry.kept.modseq);
    }
  }
  if (entry.change === null) return [];
  return [{ kind: entry.change, seq: entry.seq, account: entry.account, mailbox: entry.mailbox, name }];
}

export function mailboxGone(state: State, entry: MailboxGoneEntry): readonly Change[] {
  const known = state.mailboxes.get(entry.mailbox);
  if (known === undefined) return [];
  state.dropMailbox(known);
  const { name, account } = known;
  return [{ kind: 'mailbox-removed', seq: entry.seq, account: account.name, mailbox: entry.mailbox, name }];
}

export function subscribe(state: State, entry: SubscribeEntry): readonly Change[] {
  const { account, name, seq, mailbox } = entry;
  state.accounts.get(account)?.subscribe(name, entry.subscribed);
  return mailbox === undefined ? [] : [{ kind: 'mailbox-changed', seq, account, mailbox, name }];
}

export function recent(state: State, entry: RecentEntry): readonly Change[] {
  const known = state.mailboxes.get(entry.mailbox);
  if (known !== undefined && entry.uid > known.recent) known.recent = entry.uid;
  return [];
}
