/** The command CAPABILITY (RFC 9051 §6.1.1), which lists the capabilities of the session. */
import { capabilities } from '../capability.ts';
import { ANY_STATE, command, noArguments } from './command.ts';

export const capability = command({
  name: 'CAPABILITY',
  states: ANY_STATE,
  parse: noArguments,
  async run(session) {
    session.send(`* CAPABILITY ${capabilities(session).join(' ')}`);
    return undefined;
  },
});
