/**
 * EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 4315 §2.1). The EXPUNGE responses are sent together with all
 * other changes at the end of the command.
 */
import type { Uid } from '../../store/ids.ts';
import { command, SELECTED, type Completion } from './command.ts';
import { DELETED, hasFlag } from '../message/flags.ts';
import type { SelectedMailbox } from '../session/selected-mailbox.ts';
import { parseUidSet, type SavedSet, type UidSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

export const expunge = command<UidSet | SavedSet | null>({
  name: 'EXPUNGE',
  states: SELECTED,
  uid: true,
  capabilities: ['UIDPLUS'],
  parse(decoder, { uid }) {
    if (!uid) return null;
    decoder.sp();
    return parseUidSet(decoder.sequenceText());
  },
  async run(session, set) {
    const gone = await expungeDeleted(session, session.writableMailbox, set);
    return gone.length > 0 ? highestModseq(session) : undefined;
  },
});

/** Removes the messages that have the flag `\Deleted`: all of them, or only those that are also in `set`. */
export async function expungeDeleted(
  session: Session,
  mailbox: SelectedMailbox,
  set: UidSet | SavedSet | null,
): Promise<readonly Uid[]> {
  const deleted = (await session.store.placements.list(mailbox.id))
    .filter(({ flags }) => hasFlag(flags, DELETED.toLowerCase()))
    .map(({ uid }) => uid);
  if (set === null) return deleted.length === 0 ? [] : session.store.placements.expunge(mailbox.id, deleted);
  const named = new Set(mailbox.indexes(set).map((index) => mailbox.view.uidAt(index)));
  const chosen = deleted.filter((uid) => named.has(uid));
  return chosen.length === 0 ? [] : session.store.placements.expunge(mailbox.id, chosen);
}

/**
 * Returns the tagged response with the code HIGHESTMODSEQ, which a client with QRESYNC gets after messages were
 * expunged (RFC 7162 §3.2.7).
 */
export async function highestModseq(session: Session): Promise<Completion | undefined> {
  if (!session.enabled.has('QRESYNC')) return undefined;
  const info = await session.store.mailboxes.get(session.mailbox.id);
  return info === undefined ? undefined : { code: `HIGHESTMODSEQ ${info.highestModseq}` };
}
