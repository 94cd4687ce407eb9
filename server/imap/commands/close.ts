/** CLOSE (RFC 9051 §6.4.2): expunges the messages without sending EXPUNGE responses, then unselects the mailbox. */
import { command, noArguments, SELECTED } from './command.ts';
import { expungeDeleted } from './expunge.ts';

export const close = command({
  name: 'CLOSE',
  states: SELECTED,
  parse: noArguments,
  async run(session) {
    const { mailbox } = session;
    const gone = mailbox.readOnly ? [] : await expungeDeleted(session, mailbox, null);
    const info = gone.length > 0 ? await session.store.mailboxes.get(mailbox.id) : undefined;
    session.unselect();
    return info !== undefined && session.enabled.has('QRESYNC')
      ? { code: `HIGHESTMODSEQ ${info.highestModseq}` }
      : undefined;
  },
});
