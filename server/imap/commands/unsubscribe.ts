/**
 * The command UNSUBSCRIBE (RFC 9051 §6.3.8), which ends the subscription of a mailbox name. A mailbox with this
 * name does not need to exist.
 */
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';

export const unsubscribe = command<string>({
  name: 'UNSUBSCRIBE',
  states: AUTHENTICATED,
  parse(decoder, syntax) {
    decoder.sp();
    return mailboxArgument(decoder, syntax);
  },
  async run(session, name) {
    await session.store.mailboxes.subscribe(session.account, name, false);
    return undefined;
  },
});
