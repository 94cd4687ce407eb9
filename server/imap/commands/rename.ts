/** The command RENAME (RFC 9051 §6.3.6), which renames a mailbox. */
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';
import { checkNewName, DELIMITER } from '../wire/mailbox-name.ts';
import { no } from '../wire/response.ts';

interface RenameArguments {
  readonly from: string;
  readonly to: string;
}

export const rename = command<RenameArguments>({
  name: 'RENAME',
  states: AUTHENTICATED,
  parse(decoder, syntax) {
    decoder.sp();
    const from = mailboxArgument(decoder, syntax);
    decoder.sp();
    return { from, to: mailboxArgument(decoder, syntax) };
  },
  async run(session, { from, to }) {
    checkNewName(to);
    if (to.startsWith(from + DELIMITER) && from !== 'INBOX')
      throw no('CANNOT', 'A mailbox cannot go below itself');
    await session.store.mailboxes.rename(session.account, from, to);
    return undefined;
  },
});
