/**
 * MOVE and UID MOVE (RFC 6851). The EXPUNGE responses are sent with all other changes at the end of the
 * command, after COPYUID.
 */
import { command, SELECTED } from './command.ts';
import { copyUid, parseCopy, targetMailbox, type CopyArguments } from './copy.ts';
import { highestModseq } from './expunge.ts';

export const move = command<CopyArguments>({
  name: 'MOVE',
  states: SELECTED,
  uid: true,
  capabilities: ['MOVE'],
  parse: parseCopy,
  async run(session, { set, target }) {
    const mailbox = session.writableMailbox;
    const to = await targetMailbox(session, target);
    const uids = (await mailbox.messages(set)).map(({ uid }) => uid);
    const outcome = uids.length === 0 ? null : await session.store.placements.move(mailbox.id, uids, to.id);
    if (outcome === null || outcome.source.length === 0) return { text: 'Nothing to move' };
    session.status('OK', copyUid(outcome), 'Moved');
    return highestModseq(session);
  },
});
