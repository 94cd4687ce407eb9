/**
 * Applies one log entry to the state and returns the resulting changes. No other code changes the state,
 * neither at run time nor when the log is read at a start.
 */
import type { Change } from '../../changes.ts';
import * as accounts from './accounts.ts';
import * as mailboxes from './mailboxes.ts';
import * as messages from './messages.ts';
import * as placements from './placements.ts';
import type { Entry } from '../entry.ts';
import type { Position } from '../../position.ts';
import type { State } from '../state.ts';

type MessageEntry = Extract<Entry, { do: 'add' | 'keep' | 'remove' | 'tag' | 'note' | 'moved' }>;
type PlacementEntry = Extract<Entry, { do: 'place' | 'expunge' | 'flag' }>;
type DocumentEntry = Exclude<Entry, MessageEntry | PlacementEntry>;

const MESSAGES = new Set<Entry['do']>(['add', 'keep', 'remove', 'tag', 'note', 'moved']);
const PLACEMENTS = new Set<Entry['do']>(['place', 'expunge', 'flag']);

const isMessageEntry = (entry: Entry): entry is MessageEntry => MESSAGES.has(entry.do);
const isPlacementEntry = (entry: Entry): entry is PlacementEntry => PLACEMENTS.has(entry.do);

export function apply(state: State, entry: Entry, position: Position): readonly Change[] {
  if (isMessageEntry(entry)) return applyToMessages(state, entry, position);
  if (isPlacementEntry(entry)) return applyToPlacements(state, entry);
  return applyToDocument(state, entry);
}

function applyToMessages(state: State, entry: MessageEntry, position: Position): readonly Change[] {
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
    case 'moved':
      return messages.moved(state, entry);
  }
}

function applyToPlacements(state: State, entry: PlacementEntry): readonly Change[] {
  switch (entry.do) {
    case 'place':
      return placements.place(state, entry);
    case 'expunge':
      return placements.expunge(state, entry);
    case 'flag':
      return placements.flag(state, entry);
  }
}

/**
 * Applies a log entry about accounts, mailboxes or records, or an entry that restores earlier changes for the
 * change feed.
 */
function applyToDocument(state: State, entry: DocumentEntry): readonly Change[] {
  switch (entry.do) {
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
