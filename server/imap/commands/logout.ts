/** The command LOGOUT (RFC 9051 §6.1.3), which ends the session. */
import { ANY_STATE, command, noArguments } from './command.ts';

export const logout = command({
  name: 'LOGOUT',
  states: ANY_STATE,
  parse: noArguments,
  async run(session) {
    session.unselect();
    session.status('BYE', null, 'Goodbye');
    session.end();
    return undefined;
  },
});
