/** UNSELECT (RFC 3691): unselects the mailbox without expunging messages. */
import { command, noArguments, SELECTED } from './command.ts';

export const unselect = command({
  name: 'UNSELECT',
  states: SELECTED,
  capabilities: ['UNSELECT'],
  parse: noArguments,
  async run(session) {
    session.unselect();
    return undefined;
  },
});
