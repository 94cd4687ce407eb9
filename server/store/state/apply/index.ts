/**
 * Applies one log entry to the state and returns the resulting changes. The state changes in no other way, at run
 * time and in a replay of the log.
 */
import type { Change } from '../../changes.ts';
import * as accounts from './accounts.ts';
import * as mailboxes from './mailboxes.ts';
import * as messages from './messages.ts';
import * as placements from './placements.ts';
import type { Entry } from '../entry.ts';
import type { Position } from '../position.ts';
import type { State } from '../state.ts';

export function apply(state: State, entry: Entry, position: Position): readonly Change[] {
  switch (entry.do) {
    case 'add':
      return messages.add(state, entry, position);
    case 'keep':
      return messages.keep(state, entry, position);
    case 'remove':
      return messages.remove(state, entry);
    case 'tag':
      return messages.tag(state, entry);
    case 'note':
      return messages.note(state, entry, position);
    case 'place':
      return placements.place(state, entry);
    case 'expunge':
      return placements.expunge(state, entry);
    case 'flag':
      return placements.flag(state, entry);
    case 'account':
      return accounts.account(state, entry);
    case 'account-gone':
      return accounts.accountGone(state, entry);
    case 'record':
      return accounts.record(state, entry);
    case 'mailbox':
      return mailboxes.mailbox(state, entry);
    case 'mailbox-gone':
      return mailboxes.mailboxGone(state, entry);
    case 'subscribe':
      return mailboxes.subscribe(state, entry);
    case 'recent':
      return mailboxes.recent(state, entry);
    case 'history':
      return entry.changes;
  }
}
