/** NAMESPACE (RFC 2342): everything is the account's own. */
import { AUTHENTICATED, command, noArguments } from '../command.ts';
import { quoted } from '../encoder.ts';
import { DELIMITER } from '../mailbox-name.ts';

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
