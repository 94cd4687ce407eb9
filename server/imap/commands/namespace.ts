/** The command NAMESPACE (RFC 2342): the account has only personal mailboxes. */
import { AUTHENTICATED, command, noArguments } from './command.ts';
import { quoted } from '../wire/encoder.ts';
import { DELIMITER } from '../wire/mailbox-name.ts';

export const namespace = command({
  name: 'NAMESPACE',
  states: AUTHENTICATED,
  capabilities: ['NAMESPACE'],
  parse: noArguments,
  async run(session) {
    session.send(`* NAMESPACE (("" ${quoted(DELIMITER)})) NIL NIL`);
    return undefined;
  },
});
