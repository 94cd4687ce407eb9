/**
 * The command SUBSCRIBE (RFC 9051 §6.3.7), which subscribes a mailbox name. A mailbox with this name does not
 * need to exist.
 */
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';

export const subscribe = command<string>({
  name: 'SUBSCRIBE',
  states: AUTHENTICATED,
  parse(decoder, syntax) {
    decoder.sp();
    return mailboxArgument(decoder, syntax);
  },
  async run(session, name) {
    await session.store.mailboxes.subscribe(session.account, name, true);
    return undefined;
  },
});
