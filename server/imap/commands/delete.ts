/** DELETE (RFC 9051 §6.3.5). If the session has selected the mailbox, the mailbox is unselected. */
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';

export const deleteMailbox = command<string>({
  name: 'DELETE',
  states: AUTHENTICATED,
  parse(decoder, syntax) {
    decoder.sp();
    return mailboxArgument(decoder, syntax);
  },
  async run(session, name) {
    const info = await session.store.mailboxes.find(session.account, name);
    if (session.state === 'selected' && info?.id === session.mailbox.id && info.role !== 'inbox') {
      session.unselect();
    }
    await session.store.mailboxes.delete(session.account, name);
    return undefined;
  },
});
